// `parotis convert`: every volume of one DICOM series as a NIfTI file, with b-values and directions beside it; with
// --pixels, one file's decoded pixels as they are.
#include "dicom/convert.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "app/command.h"
#include "app/commands.h"
#include "base/json.h"
#include "dicom/index.h"

namespace parotis::app {
namespace {

struct ConvertOptions {
  std::filesystem::path folder, output;
  std::string series;
  bool pixels = false;
  bool stored = false;
};

int ConvertOneFile(const ConvertOptions& options) {
  dicom::ConvertPixels(options.folder, options.output,
                       options.stored ? dicom::Colours::kStored : dicom::Colours::kShown);
  const std::string written = options.output.string();
  if (common().json) {
    fmt::print("{}", base::DumpJson({{"files", base::Json::array({written})}}));
  } else {
    fmt::print("{}\n", written);
  }
  return kDone;
}

int Convert(const ConvertOptions& options) {
  if (options.pixels) return ConvertOneFile(options);
  const dicom::Index index = dicom::IndexDicom(options.folder);
  const dicom::Series& series = dicom::SelectSeries(index, options.series, options.folder.string());
  const dicom::Converted converted = dicom::ConvertSeries(series, options.output);
  if (common().json) {
    base::Json files = base::Json::array();
    for (const auto& file : converted.files) files.push_back(file.string());
    fmt::print("{}", base::DumpJson(
                         {{"series_uid", series.uid}, {"volumes", converted.volumes}, {"files", std::move(files)}}));
  } else {
    for (const auto& file : converted.files) fmt::print("{}\n", file.string());
  }
  return kDone;
}

}  // namespace

std::function<int()> DefineConvert(CLI::App& app) {
  const auto options = std::make_shared<ConvertOptions>();
  app.add_option("folder", options->folder, "folder of the series, or of a study with --series; the file with --pixels")
      ->required();
  app.add_option("--series", options->series, "number or UID of the series, when the folder holds several");
  app.add_option("-o,--output,output", options->output, "X.nii.gz; X.bval and X.bvec are written beside it")
      ->required();
  CLI::Option* pixels =
      app.add_flag("--pixels", options->pixels,
                   "write the decoded pixels of one DICOM file as they are, without place or rescaling; "
                   "colours as an RGB vector");
  app.add_flag("--stored", options->stored, "with --pixels: palette indices and YBR components instead of RGB")
      ->needs(pixels);
  return [options] { return Convert(*options); };
}

}  // namespace parotis::app
