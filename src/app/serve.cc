// `parotis serve`: the node in a hospital's network.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/command.h"
#include "app/commands.h"
#include "app/node_analysis.h"
#include "app/own_command.h"
#include "app/page_folder.h"
#include "app/shipped_model.h"
#include "base/log.h"
#include "page/page.h"
#include "plan/bundle_info.h"
#include "service/node.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

struct ServeFlags {
  fs::path config;
  std::string role;
  bool check = false;
};

// Of every model: another may be activated while the page is served.
std::vector<std::string> ClassesOf(const service::NodeConfig& config) {
  std::vector<std::string> classes;
  for (const service::ModelEntry& model : config.models) {
    const std::vector<std::string> labels = plan::ReadBundleInfo(ModelOrShipped(model.file)).plan.labels;
    for (std::size_t label = 1; label < labels.size(); ++label)
      if (std::find(classes.begin(), classes.end(), labels[label]) == classes.end()) classes.push_back(labels[label]);
  }
  return classes;
}

std::unique_ptr<service::PeoplesPage> MakePageOf(const service::NodeConfig& config, const service::Layout& layout) {
  return page::MakePage(config, layout, {.files = PageFolder(), .classes = ClassesOf(config)});
}

int Run(const ServeFlags& flags) {
  const service::NodeConfig config = service::ReadNodeConfig(flags.config);
  if (flags.check) {
    for (const std::string& line : service::LimitLines(config)) fmt::print("{}\n", line);
    for (const std::string& doubt : config.Doubts()) base::Warn("{}: {}", flags.config.string(), doubt);
    return kDone;
  }
  const service::NodeProgram program{
      .command = OwnCommand({"serve", fs::absolute(flags.config).string()}),
      .analyse = flags.role == "analysis" ? MakeNodeAnalysis(config) : service::Analyse(),
      .make_page = MakePageOf};
  if (flags.role.empty()) return service::RunNode(config, program);
  // Sentences about series may name patients: of a node's processes only its own log is heard.
  base::SetLogLevel(base::LogLevel::kSilent);
  return service::RunRole(config, program, flags.role);
}

}  // namespace

std::function<int()> DefineServe(CLI::App& app) {
  const auto flags = std::make_shared<ServeFlags>();
  app.add_option("config", flags->config, "the node's configuration (configs/node.json is the manual)")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_flag("--check", flags->check, "read the configuration, print the limits and end");
  app.add_option("--role", flags->role)->group("");  // how the node starts its own processes
  return [flags] { return Run(*flags); };
}

}  // namespace parotis::app
