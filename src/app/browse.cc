// `parotis browse`: a study as a page to walk through, for one person on his own machine.
#include <fmt/format.h>
#include <poll.h>

#include <cstdio>
#include <memory>

#include "app/command.h"
#include "app/commands.h"
#include "app/contrast_study.h"
#include "app/page_folder.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "experiment/setting.h"
#include "lab/lab.h"
#include "service/stop_signal.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path runs, dataset;
  std::uint16_t port = 0;
};

// Another dataset is a slip of the command line; all else that is wrong with a study is said on the page.
void RefuseAnotherDataset(const fs::path& runs, const dataset::Dataset& dataset) {
  if (!fs::exists(runs / "tasks.json")) return;
  try {
    experiment::Open(runs, dataset);
  } catch (const base::Error& error) {
    if (error.kind() == base::ErrorKind::kUsage) throw;
  }
}

void WaitForEnd() {
  service::StopOnSignal();
  pollfd stop{.fd = service::StopDescriptor(), .events = POLLIN, .revents = 0};
  while (::poll(&stop, 1, -1) < 0) {
  }
}

int Run(const Options& options) {
  const dataset::Dataset dataset = dataset::OpenDataset(options.dataset);
  RefuseAnotherDataset(options.runs, dataset);
  lab::LabOptions lab{.runs = options.runs,
                      .dataset = dataset,
                      .files = PageFolder(),
                      .read_study = [&] { return ReadContrastStudy(options.runs, &dataset); },
                      .port = options.port};
  const lab::Lab page(lab);
  if (common().json) {
    fmt::print("{}", base::DumpJson({{"address", page.address()}, {"port", page.port()}}));
  } else {
    base::Info("the address is good once; Ctrl C ends it");
    fmt::print("{}\n", page.address());
  }
  std::fflush(stdout);
  WaitForEnd();
  return kDone;
}

}  // namespace

std::function<int()> DefineBrowse(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("runs", options->runs, "folder of a study, finished, running or not begun (`parotis study -o`)")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("-d,--dataset", options->dataset, "the study's dataset")->required();
  app.add_option("--port", options->port, "port of this machine's loopback to listen on (default: any free one)");
  return [options] { return Run(*options); };
}

}  // namespace parotis::app
