// `parotis doctor`: what works on this machine, and what to do about what does not.
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "app/command.h"
#include "app/commands.h"
#include "app/machine.h"
#include "app/net_library.h"
#include "app/shipped_model.h"
#include "app/version.h"
#include "base/build_info.h"
#include "base/error.h"
#include "base/json.h"
#include "plan/bundle_info.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

enum class Health { kGood, kWarning, kProblem };

struct Finding {
  std::string what;
  Health health = Health::kGood;
  std::string detail;
  std::string remedy;
};

const char* NameOf(Health health) {
  switch (health) {
    case Health::kGood: return "ok";
    case Health::kWarning: return "warning";
    case Health::kProblem: return "problem";
  }
  return "";
}

Finding CheckCpu(const Machine& machine) {
  Finding finding{"cpu", Health::kGood, fmt::format("{}; {}", machine.cpu_model, fmt::join(machine.cpu_features, ", ")),
                  ""};
  const auto has = [&](const char* feature) {
    return std::find(machine.cpu_features.begin(), machine.cpu_features.end(), feature) != machine.cpu_features.end();
  };
  if (!has("avx2")) {
    finding.health = Health::kWarning;
    finding.remedy = "without AVX2 training and prediction are several times slower; prefer a newer machine";
  } else if (has("amx_bf16") || has("avx512_bf16")) {
    finding.detail += "; bfloat16 is used";
  }
  return finding;
}

Finding CheckMemory(const Machine& machine) {
  Finding finding{
      "memory", Health::kGood,
      fmt::format("{} available of {}", FormatBytes(machine.memory_available_bytes), FormatBytes(machine.memory_bytes)),
      ""};
  if (machine.memory_available_bytes < 1'500'000'000) {
    finding.health = Health::kWarning;
    finding.remedy = "diagnosing a study takes up to 1 GB, training 2 to 4 GB: close other programs";
  }
  return finding;
}

Finding CheckDisk(const std::string& what, const fs::path& folder) {
  const std::uint64_t free_bytes = FreeDiskBytes(folder);
  Finding finding{what, Health::kGood, fmt::format("{} free in {}", FormatBytes(free_bytes), folder.string()), ""};
  if (free_bytes < 1'000'000'000) {
    finding.health = free_bytes < 100'000'000 ? Health::kProblem : Health::kWarning;
    finding.remedy = "a cache of prepared cases takes about 3 MB a case; free some space or work elsewhere";
  }
  return finding;
}

Finding CheckGpu(const Machine& machine) {
  if (machine.gpus.empty()) return {"gpu", Health::kGood, "none found; the CPU is used", ""};
  return {"gpu", Health::kGood, fmt::format("{}; use it with --device cuda", fmt::join(machine.gpus, ", ")), ""};
}

Finding CheckModel() {
  const fs::path model = FindShippedModel();
  if (model.empty()) {
    return {"model", Health::kWarning, "no shipped model was found", "name a model with -m, or train one (see README)"};
  }
  try {
    const plan::BundleInfo info = plan::ReadBundleInfo(model);
    return {"model", Health::kGood, fmt::format("{} ({}; {})", model.string(), info.name, info.contrast_set), ""};
  } catch (const base::Error& error) {
    return {"model", Health::kProblem, error.what(), "fetch the file again; it is damaged or of another version"};
  }
}

Finding CheckNetLibrary(bool load) {
  const fs::path library = NetLibraryFile();
  if (!fs::exists(library)) {
    return {"network library", Health::kProblem, library.string() + " is missing", "build or install again"};
  }
  if (!load) return {"network library", Health::kGood, library.string() + " is there; --load tries it", ""};
  try {
    return {"network library", Health::kGood,
            fmt::format("LibTorch {}; {}", Net().torch_version(), fmt::join(Net().devices(), "; ")), ""};
  } catch (const base::Error& error) {
    return {"network library", Health::kProblem, error.what(), "build or install again"};
  }
}

void PrintTable(const std::vector<Finding>& findings) {
  fmt::print("parotis {}\n", base::BuildId());
  for (const Finding& finding : findings) {
    fmt::print("{:<8} {:<16} {}\n", NameOf(finding.health), finding.what, finding.detail);
    if (!finding.remedy.empty()) fmt::print("{:<25} → {}\n", "", finding.remedy);
  }
}

void PrintJson(const std::vector<Finding>& findings) {
  base::Json json = {{"build_id", base::BuildId()}, {"findings", base::Json::array()}};
  for (const Finding& finding : findings) {
    json["findings"].push_back({{"what", finding.what},
                                {"health", NameOf(finding.health)},
                                {"detail", finding.detail},
                                {"remedy", finding.remedy}});
  }
  fmt::print("{}", base::DumpJson(json));
}

int Run(bool load) {
  const Machine machine = ExamineMachine();
  const std::vector<Finding> findings = {
      CheckCpu(machine),
      {"threads", Health::kGood, fmt::format("{} (from the CPU affinity)", machine.threads), ""},
      CheckMemory(machine),
      CheckDisk("disk", fs::current_path()),
      CheckDisk("temporary files", fs::temp_directory_path()),
      CheckGpu(machine),
      {"libraries", Health::kGood, LibrariesText(), ""},
      CheckNetLibrary(load),
      CheckModel(),
  };
  common().json ? PrintJson(findings) : PrintTable(findings);
  for (const Finding& finding : findings) {
    if (finding.health == Health::kProblem) return kFailed;
  }
  return kDone;
}

}  // namespace

std::function<int()> DefineDoctor(CLI::App& app) {
  const auto load = std::make_shared<bool>(false);
  app.add_flag("--load", *load, "also load LibTorch and list its devices (takes about a second)");
  return [load] { return Run(*load); };
}

}  // namespace parotis::app
