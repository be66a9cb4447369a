// `parotis prepare`: brings every training case onto the network's grid and keeps it in the cache that `train` reads.
#include "prepare/cache.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/command.h"
#include "app/commands.h"
#include "base/error.h"
#include "base/json.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

struct PrepareOptions {
  fs::path dataset, plan, cache;
  int threads = 0;
};

base::Json Describe(const prepare::CachedCase& cached) {
  const image::Geometry& grid = cached.network_grid;
  base::Json json;
  json["case"] = cached.id;
  json["patient"] = cached.patient_id;
  json["diagnosis"] = cached.diagnosis;
  json["file"] = cached.file.string();
  json["reused"] = cached.reused;
  json["columns"] = grid.size[0];
  json["rows"] = grid.size[1];
  json["slices"] = grid.size[2];
  json["spacing_mm"] = grid.spacing_mm;
  return json;
}

void PrintSummary(const fs::path& cache, const std::vector<prepare::CachedCase>& cases) {
  base::Json json;
  json["cache"] = cache.string();
  json["cases"] = base::Json::array();
  std::size_t reused = 0;
  std::uint64_t bytes = 0;
  for (const prepare::CachedCase& cached : cases) {
    json["cases"].push_back(Describe(cached));
    reused += cached.reused ? 1 : 0;
    bytes += fs::file_size(cached.file);
  }
  json["made"] = cases.size() - reused;
  json["reused"] = reused;
  json["bytes"] = bytes;
  if (common().json) {
    fmt::print("{}", base::DumpJson(json));
  } else {
    fmt::print("{} cases ({} made, {} reused), {:.1f} MB in {}\n", cases.size(), cases.size() - reused, reused,
               static_cast<double>(bytes) / 1e6, cache.string());
  }
}

int Prepare(const PrepareOptions& options) {
  const dataset::Dataset dataset = dataset::OpenDataset(options.dataset);
  const plan::Plan plan = plan::ReadPlan(options.plan);
  std::vector<std::string> ids;
  for (const dataset::CaseFiles& files : dataset.cases) {
    if (!files.test) ids.push_back(files.id);
  }
  if (ids.empty()) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} has no case in imagesTr; add some before preparing", options.dataset.string()));
  }
  const fs::path cache = options.cache.empty() ? prepare::DefaultCacheFolder(dataset) : options.cache;
  PrintSummary(cache, prepare::PrepareDataset(dataset, ids, plan, cache, options.threads));
  return kDone;
}

}  // namespace

std::function<int()> DefinePrepare(CLI::App& app) {
  auto options = std::make_shared<PrepareOptions>();
  app.add_option("-d,--dataset", options->dataset, "dataset whose training cases are prepared")->required();
  app.add_option("-p,--plan", options->plan, "plan that says how (parotis plan)")->required();
  app.add_option("--cache", options->cache, "folder to keep them in (default: DATASET/.parotis-cache)");
  app.add_option("--threads", options->threads, "cases at once (0: all processors available)")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  return [options] { return Prepare(*options); };
}

}  // namespace parotis::app
