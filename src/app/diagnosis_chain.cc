#include "app/diagnosis_chain.h"

#include <utility>

#include "base/json.h"
#include "intake/body_part.h"

namespace parotis::app {
namespace {

using dataset::QualityFlag;

// What the intake noticed while it chose and loaded series.
void TakeOverFlags(const dataset::Case& examination, std::vector<QualityFlag>& flags) {
  const auto noticed = examination.provenance.find("flags");
  if (noticed == examination.provenance.end()) return;
  for (const base::Json& flag : *noticed) {
    flags.push_back({flag.value("code", std::string("intake")), flag.value("message", std::string())});
  }
}

ChainResult Refusal(const dicom::Study& study, const infer::Predictor& predictor, const std::string& reason) {
  ChainResult refusal;
  dataset::Diagnosis& diagnosis = refusal.result.diagnosis;
  diagnosis.case_id = intake::CaseIdOf(study, "");
  diagnosis.verdict = dataset::Verdict::kRefused;
  const auto& labels = predictor.info().plan.labels;
  diagnosis.classes.assign(labels.begin() + 1, labels.end());
  diagnosis.reason = reason;
  diagnosis.bundle_hash = predictor.info().file_hash;
  return refusal;
}

}  // namespace

ChainResult DiagnoseStudy(const dicom::Study& study, infer::Predictor& predictor, const ChainOptions& options) {
  const intake::Eligibility eligibility = intake::CheckHeadAndNeck(study);
  if (eligibility.verdict == intake::Verdict::kRefuse && !options.force) {
    return Refusal(study, predictor, eligibility.reason);
  }
  intake::LoadOptions load;
  load.pins = options.pins;
  dataset::Case examination = intake::LoadCase(study, predictor.info().channels, load);
  const dataset::Prediction prediction = predictor.Predict(examination);
  ChainResult chain{diagnose::Diagnose(prediction, examination, predictor.info().plan.diagnosis), {}};

  std::vector<QualityFlag>& flags = chain.result.diagnosis.flags;
  if (eligibility.verdict == intake::Verdict::kRefuse) {
    flags.push_back({"forced", "Forced by --force although the study was refused: " + eligibility.reason});
  } else if (eligibility.verdict == intake::Verdict::kFlag) {
    flags.push_back({"body_part_silent", eligibility.reason});
  }
  TakeOverFlags(examination, flags);
  chain.examination = std::move(examination);
  return chain;
}

}  // namespace parotis::app
