// `parotis diagnose`: from a DICOM folder to a segmentation, a diagnosis and a page to read.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "app/alignment_flags.h"
#include "app/command.h"
#include "app/commands.h"
#include "app/diagnosis_chain.h"
#include "app/diagnosis_files.h"
#include "app/net_library.h"
#include "app/shipped_model.h"
#include "base/build_info.h"
#include "base/json.h"
#include "dicom/index.h"
#include "intake/select_study.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

struct DiagnoseFlags {
  fs::path study, model, output = "diagnosis";
  std::string study_uid;
  std::vector<std::string> pins;
  fs::path site;
  bool force = false;
  intake::AlignmentOptions alignment;
  infer::InferenceOptions inference;
};

void PrintSummary(const dataset::Diagnosis& diagnosis, const fs::path& output) {
  fmt::print("{}{}\n  {}\n", dataset::NameOf(diagnosis.verdict),
             diagnosis.class_name.empty() ? "" : ": " + diagnosis.class_name, diagnosis.reason);
  for (std::size_t c = 0; c < diagnosis.class_probabilities.size(); ++c) {
    fmt::print("  {:<16} {:.2f}\n", diagnosis.classes[c], diagnosis.class_probabilities[c]);
  }
  for (const dataset::Lesion& lesion : diagnosis.lesions) {
    fmt::print("  lesion {}: {}, {:.0f} × {:.0f} mm, {:.1f} ml{}\n", lesion.id, dataset::NameOf(lesion.side),
               lesion.long_axis_mm, lesion.short_axis_mm, lesion.volume_ml,
               lesion.adc_mean_um2_s ? fmt::format(", ADC {:.2f} · 10⁻³ mm²/s", *lesion.adc_mean_um2_s / 1000) : "");
  }
  for (const dataset::QualityFlag& flag : diagnosis.flags) fmt::print("  ! {}\n", flag.message);
  fmt::print("  {}\n{}\n", base::kResearchUseOnly, (output / "report.html").string());
}

int Run(const DiagnoseFlags& flags) {
  const dicom::Index index = dicom::IndexDicom(flags.study);
  const dicom::Study& study = intake::SelectStudy(index, flags.study.string(), flags.study_uid);
  const fs::path bundle = ModelOrShipped(flags.model);
  const plan::BundleInfo model = plan::ReadBundleInfo(bundle);
  ChainOptions options{.force = flags.force, .pins = {}, .alignment = flags.alignment, .site = {}};
  if (!flags.site.empty()) options.site = intake::ReadSiteRules(flags.site);
  for (const std::string& pin : flags.pins) options.pins.push_back(intake::ParsePin(pin));

  const auto load_predictor = [&] { return Net().load_predictor(bundle, flags.inference); };
  const ChainResult chain = DiagnoseStudy(study, model, load_predictor, options);
  const WrittenDiagnosis written = WriteDiagnosis(flags.output, flags.study.string(), study, options, chain, model);
  if (common().json) {
    fmt::print("{}", base::DumpJson(written.document));
  } else {
    PrintSummary(chain.result.diagnosis, flags.output);
  }
  return chain.refused() ? kSomeCasesFailed : kDone;
}

}  // namespace

std::function<int()> DefineDiagnose(CLI::App& app) {
  const auto flags = std::make_shared<DiagnoseFlags>();
  app.add_option("study", flags->study, "folder with one DICOM study")->required();
  app.add_option("-m,--model", flags->model, "model bundle (default: the one that comes with the program)");
  app.add_option("-o,--output", flags->output,
                 "folder for segmentation.nii.gz, diagnosis.json, report.html and the DICOM objects")
      ->capture_default_str();
  app.add_option("--study-uid", flags->study_uid, "which study, when the folder holds several");
  app.add_option("--pin", flags->pins, "ROLE=SERIES: take this series (number or uid) for t2, t1c, dwi, adc or dce");
  AddAlignmentFlags(app, flags->alignment);
  app.add_option("--site", flags->site, "rules of the site about its series (configs/site.json is the manual)")
      ->check(CLI::ExistingFile);
  app.add_flag("--force", flags->force,
               "diagnose although the study is plainly not of head and neck; every output says so");
  app.add_option("--device", flags->inference.device, "cpu or cuda")->capture_default_str();
  app.add_option("--threads", flags->inference.threads, "threads (0: all this process may use)")->capture_default_str();
  return [flags] { return Run(*flags); };
}

}  // namespace parotis::app
