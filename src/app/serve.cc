// `parotis serve`: the node in a hospital's network.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>

#include "app/command.h"
#include "app/commands.h"
#include "app/node_analysis.h"
#include "base/log.h"
#include "service/node.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

struct ServeFlags {
  fs::path config;
  std::string role;
  bool check = false;
};

int Run(const ServeFlags& flags) {
  const service::NodeConfig config = service::ReadNodeConfig(flags.config);
  if (flags.check) {
    for (const std::string& line : service::LimitLines(config)) fmt::print("{}\n", line);
    for (const std::string& doubt : config.Doubts()) base::Warn("{}: {}", flags.config.string(), doubt);
    return kDone;
  }
  const service::NodeProgram program{
      .command = {fs::read_symlink("/proc/self/exe").string(), "serve", fs::absolute(flags.config).string()},
      .analyse = flags.role == "analysis" ? MakeNodeAnalysis(config) : service::Analyse()};
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
