// `parotis diagnose`: from a DICOM folder to a segmentation, a diagnosis and a page to read.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "app/alignment_flags.h"
#include "app/command.h"
#include "app/commands.h"
#include "app/diagnosis_chain.h"
#include "app/net_library.h"
#include "app/shipped_model.h"
#include "base/build_info.h"
#include "base/files.h"
#include "base/json.h"
#include "base/log.h"
#include "dicom/index.h"
#include "image/nifti.h"
#include "intake/select_study.h"
#include "report/study_report.h"
#include "results/study_objects.h"

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

base::Json DiagnosisDocument(const ChainResult& chain, const plan::BundleInfo& model, const std::string& date) {
  base::Json document = dataset::ToJson(chain.result.diagnosis);
  document["model"] = {{"name", model.name},
                       {"sha256", model.file_hash},
                       {"contrast_set", model.contrast_set},
                       {"channels", model.channels}};
  document["provenance"] = chain.examination ? chain.examination->provenance : base::Json::object();
  document["build_id"] = base::BuildId();
  document["date"] = date;
  document["intended_use"] = base::kResearchUseOnly;
  return document;
}

// What travels inside the segmentation file itself.
std::string DescriptionOf(const dataset::Diagnosis& diagnosis) {
  const bool forced = std::any_of(diagnosis.flags.begin(), diagnosis.flags.end(),
                                  [](const dataset::QualityFlag& flag) { return flag.code == "forced"; });
  return fmt::format("parotis {}: research use only{}", base::Version(), forced ? "; FORCED on a refused study" : "");
}

// Everything that the answer depends on but the study, the model and the program.
std::string SettingsOf(const ChainOptions& options) {
  std::vector<std::string> pins;
  pins.reserve(options.pins.size());
  for (const intake::Pin& pin : options.pins) pins.push_back(intake::NameOf(pin.role) + "=" + pin.series);
  return base::Json({{"force", options.force},
                     {"pins", pins},
                     {"motion", intake::NameOf(options.alignment.motion)},
                     {"distortion", options.alignment.correct_distortion},
                     {"site", options.site.sha256}})
      .dump();
}

void WriteObjects(const dicom::Study& study, const ChainOptions& options, const ChainResult& chain,
                  const plan::BundleInfo& model, std::time_t made_at, base::FilesTogether& files) {
  std::set<std::string> left;
  for (const std::string& file : results::StudyObjectFiles()) left.insert(file);
  if (!chain.refused()) {
    const auto path_for = [&](const std::string& file) { return files.For(file); };
    for (const results::StudyObject& object : results::WriteStudyObjects(
             path_for,
             {study, *chain.examination, chain.result, chain.tumour_probability, model, SettingsOf(options), made_at}))
      left.erase(object.file);
  }
  for (const std::string& file : left) files.Remove(file);
}

// All files are of this run, or all of the one before: a refusal must not stand beside the segmentation of an earlier
// run.
void WriteResults(const DiagnoseFlags& flags, const dicom::Study& study, const ChainOptions& options,
                  const ChainResult& chain, const plan::BundleInfo& model, const base::Json& document,
                  std::time_t made_at) {
  base::FilesTogether files(flags.output);
  if (chain.refused()) {
    files.Remove("segmentation.nii.gz");
  } else {
    image::WriteNifti(files.For("segmentation.nii.gz"), chain.result.segmentation,
                      DescriptionOf(chain.result.diagnosis));
  }
  WriteObjects(study, options, chain, model, made_at, files);
  report::WriteStudyReport(files.For("report.html"),
                           {chain.result, chain.examination ? &*chain.examination : nullptr, model,
                            flags.study.string(), document["date"].get<std::string>()});
  base::WriteJson(files.For("diagnosis.json"), document);
  files.Commit();
}

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

std::string UtcOf(std::time_t when) { return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(when)); }

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
  const std::time_t made_at = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  const base::Json document = DiagnosisDocument(chain, model, UtcOf(made_at));
  WriteResults(flags, study, options, chain, model, document, made_at);
  if (common().json) {
    fmt::print("{}", base::DumpJson(document));
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
  app.add_option("--threads", flags->inference.threads, "threads (0: all this process may use)");
  return [flags] { return Run(*flags); };
}

}  // namespace parotis::app
