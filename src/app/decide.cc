// `parotis decide`: what another rule says about cases that were predicted before; no network looks again.
#include <fmt/format.h>

#include <map>
#include <memory>

#include "app/candidates.h"
#include "app/command.h"
#include "app/commands.h"
#include "app/predict_case.h"
#include "base/build_info.h"
#include "base/error.h"
#include "base/files.h"
#include "base/progress.h"
#include "dataset/diagnosis_files.h"
#include "diagnose/diagnose.h"
#include "image/nifti.h"
#include "plan/bundle_info.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;
using base::Json;

struct DecideFlags {
  fs::path model, candidates, output;
};

// predict.json of the candidates. Another rule may keep what this one dropped, so all must be there.
Json ReadRecord(const fs::path& folder) {
  const fs::path file = folder / kPredictionRecord;
  Json record = base::ReadJson(file);
  const auto candidates = record.find("candidates");
  if (candidates == record.end() || *candidates != true || !record.contains("predicted")) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} does not say that every region that could be a lesion was kept; run `parotis predict "
                            "--candidates`",
                            file.string()));
  }
  return record;
}

// The label map, what each voxel is likeliest to be, is no rule's.
dataset::Verdict DecideCase(const DecideFlags& flags, const plan::BundleInfo& model, const std::string& id) {
  dataset::Diagnosis diagnosis = ReadCandidates(flags.candidates, id, model);
  image::LabelVolume lesions = image::ReadNiftiLabels(dataset::LesionMapFile(flags.candidates, id));
  diagnose::DecideAgain(diagnosis, lesions, model.plan.diagnosis);
  diagnosis.bundle_hash = model.file_hash;
  const std::string labels = id + ".nii.gz";
  base::WriteFile(flags.output / labels, base::ReadFile(flags.candidates / labels));
  image::WriteNifti(dataset::LesionMapFile(flags.output, id), lesions);
  base::WriteJson(dataset::DiagnosisFile(flags.output, id), dataset::ToJson(diagnosis));
  return diagnosis.verdict;
}

// The cases of the record, which name files.
std::vector<std::string> CasesOf(const Json& record, const std::string& file) {
  std::vector<std::string> ids;
  base::JsonObject::ReadValue(record["predicted"], file + ": predicted", ids);
  for (const std::string& id : ids) {
    if (!id.empty() && fs::path(id).filename() == id) continue;
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{}: predicted has \"{}\", which is no name of a case; predict again", file, id));
  }
  return ids;
}

int Run(const DecideFlags& flags) {
  const plan::BundleInfo model = plan::ReadBundleInfo(flags.model);
  Json record = ReadRecord(flags.candidates);
  base::CreateFolder(flags.output);
  if (fs::equivalent(flags.candidates, flags.output))
    base::Throw(base::ErrorKind::kUsage, "the candidates would be overwritten; give another folder with -o");
  const std::vector<std::string> ids = CasesOf(record, (flags.candidates / kPredictionRecord).string());
  base::Progress progress("decide", std::ssize(ids));
  std::map<dataset::Verdict, int> verdicts;
  for (const std::string& id : ids) {
    base::WithContext("case " + id, [&] { ++verdicts[DecideCase(flags, model, id)]; });
    progress.Advance(1, id);
  }
  record["model"] = model.name;
  record["model_sha256"] = model.file_hash;
  record["build_id"] = base::BuildId();
  record["candidates"] = false;
  base::WriteJson(flags.output / kPredictionRecord, record);
  if (common().json) {
    fmt::print("{}", base::DumpJson(record));
  } else {
    fmt::print("{}: {} with a class, {} left open, {} without a tumour\n", flags.output.string(),
               verdicts[dataset::Verdict::kClass], verdicts[dataset::Verdict::kIndeterminate],
               verdicts[dataset::Verdict::kNoTumour]);
  }
  return kDone;
}

}  // namespace

std::function<int()> DefineDecide(CLI::App& app) {
  const auto flags = std::make_shared<DecideFlags>();
  app.add_option("-m,--model", flags->model, "model bundle (.safetensors) whose rule decides")->required();
  app.add_option("-i,--input", flags->candidates,
                 "what `parotis predict --candidates` made with this model, or with the one it was calibrated from")
      ->required();
  app.add_option("-o,--output", flags->output, "folder for what `parotis predict` would write with this model")
      ->required();
  return [flags] { return Run(*flags); };
}

}  // namespace parotis::app
