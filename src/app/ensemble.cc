// `parotis ensemble`: several models as one, whose answers are averaged.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <vector>

#include "app/command.h"
#include "app/commands.h"
#include "base/json.h"
#include "plan/bundle_info.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

struct EnsembleFlags {
  std::vector<fs::path> models;
  fs::path output;
  std::string name;
};

int Join(const EnsembleFlags& flags) {
  plan::BundleInfo info = plan::ReadBundleInfo(flags.models.front());
  info.name = flags.name.empty() ? flags.output.stem().string() : flags.name;
  info.training.erase("calibration");  // it was fitted for one member
  plan::WriteEnsemble(flags.models, info, flags.output);
  const plan::BundleInfo written = plan::ReadBundleInfo(flags.output);
  if (common().json) {
    fmt::print("{}",
               base::DumpJson(
                   {{"model", flags.output.string()}, {"members", written.members}, {"sha256", written.file_hash}}));
  } else {
    fmt::print("{}: {} members\n", flags.output.string(), written.members);
  }
  return kDone;
}

}  // namespace

std::function<int()> DefineEnsemble(CLI::App& app) {
  const auto flags = std::make_shared<EnsembleFlags>();
  app.add_option(
         "-m,--models", flags->models,
         "models of one contrast set whose plans agree in all but how they look (inference), such as those of all "
         "folds; the first one's way of looking is kept")
      ->required()
      ->expected(1, 1000);
  app.add_option("-o,--output", flags->output, "the ensemble to write; calibrate it before its probabilities count")
      ->required();
  app.add_option("--name", flags->name, "name of the model; default: the file's");
  return [flags] { return Join(*flags); };
}

}  // namespace parotis::app
