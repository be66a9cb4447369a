// `parotis demo`: a node on this machine alone, with simulated patients, and a small study of others, to be looked at.
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "app/command.h"
#include "app/commands.h"
#include "app/demo_node.h"
#include "app/demo_study.h"
#include "app/page_folder.h"
#include "app/shipped_model.h"
#include "base/build_info.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/log.h"
#include "base/resumable.h"
#include "service/stop_signal.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

constexpr auto kPoll = std::chrono::milliseconds(200);
constexpr const char* kMark = ".parotis-demo";
constexpr const char* kLock = ".parotis-demo.lock";

struct DemoFlags {
  fs::path folder = "parotis-demo", model;
  DemoPatients patients;
  DemoStudyOptions study;
  bool once = false;
};

void Say(const std::string& text) {
  if (common().json) return;
  fmt::print("\n{}\n", text);
  std::fflush(stdout);
}

void SayNode(const DemoNode& node) {
  Say(fmt::format("The clinician's page   {}\nname                   {}\npassword               {}", node.address(),
                  DemoNode::user(), node.password()));
}

// Nothing where no study is wanted, or there is no page to show it.
std::unique_ptr<DemoStudy> DoStudy(const DemoFlags& flags, const std::atomic<bool>& stop) {
  if (flags.study.patients == 0 || PageFolder().empty() || stop) return nullptr;
  DemoStudyOptions options = flags.study;
  options.folder = flags.folder / "study";
  options.weights = FindShippedModel();
  auto study = std::make_unique<DemoStudy>(options);
  if (!study->Begin(stop)) return nullptr;
  Say(fmt::format(
      "The study's page       {}\n(the address is good once; curves and figures come as networks are trained)",
      study->address()));
  if (!study->Finish(stop)) return nullptr;
  return study;
}

void SayEnd(const DemoFlags& flags, const DemoNode& node, const DemoStudy* study) {
  if (common().json) {
    base::Json said = {{"url", node.address()}, {"name", DemoNode::user()}, {"password", node.password()}};
    if (study) said["study"] = study->address();
    fmt::print("{}", base::DumpJson(said));
    std::fflush(stdout);
    return;
  }
  if (study) Say("The study is finished; its page has the figures.");
  Say(fmt::format("Synthetic patients. {}", base::kResearchUseOnly));
  if (!flags.once)
    Say(fmt::format("Ctrl-C ends it; the same command goes on with what is in {}.", flags.folder.string()));
}

// What lies in the folder is made anew where it does not fit: it must be a demo's own.
void Claim(const fs::path& folder) {
  const fs::path mark = folder / kMark;
  if (fs::exists(folder) && !fs::exists(mark) && !(fs::is_directory(folder) && fs::is_empty(folder)))
    base::Throw(base::ErrorKind::kUsage, fmt::format("{} holds something else than a demo's; name another folder, "
                                                     "which need not be there",
                                                     folder.string()));
  base::CreateFolder(folder);
  base::WriteFile(mark, "of parotis demo, which may remove what lies beside this\n");
}

int Run(const DemoFlags& flags) {
  if (PageFolder().empty())
    base::Warn("the page is not built (make page): the node runs, and there is nothing to look at");
  const fs::path model = ModelOrShipped(flags.model);
  Claim(flags.folder);
  const base::OutputLock lock(flags.folder / kLock,
                              fmt::format("another parotis demo runs in {}; end it with Ctrl-C, or name another folder",
                                          flags.folder.string()));
  const std::atomic<bool>& stop = service::StopOnSignal();
  DemoNode node(flags.folder, model);
  node.Analyse(flags.patients, stop);
  if (!stop) SayNode(node);
  const std::unique_ptr<DemoStudy> study = DoStudy(flags, stop);
  if (!stop) SayEnd(flags, node, study.get());
  while (!stop && !flags.once) {
    node.DemandRuns();
    std::this_thread::sleep_for(kPoll);
  }
  return kDone;
}

}  // namespace

std::function<int()> DefineDemo(CLI::App& app) {
  const auto flags = std::make_shared<DemoFlags>();
  app.add_option("folder", flags->folder, "where everything of it is kept; may be there from the last time")
      ->capture_default_str();
  app.add_option("-m,--model", flags->model, "model bundle (default: the one that comes with the program)")
      ->check(CLI::ExistingFile);
  app.add_option("--n", flags->patients.count, "simulated patients")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--seed", flags->patients.seed, "seed of the patients")->capture_default_str();
  app.add_option("--study", flags->study.patients, "simulated patients of the small study; 0 leaves it out")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--study-iterations", flags->study.iterations, "iterations of every network of the study")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("--once", flags->once, "end when everything is done, instead of waiting for Ctrl-C");
  return [flags] { return Run(*flags); };
}

}  // namespace parotis::app
