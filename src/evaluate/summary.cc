#include "evaluate/summary.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace parotis::evaluate {
namespace {

template <class Measure>
Distribution DescribeCases(const std::vector<CaseResult>& cases, Measure measure) {
  std::vector<double> values;
  values.reserve(cases.size());
  for (const CaseResult& result : cases) values.push_back(measure(result));
  return Describe(values);
}

// `of` picks the label's result from a case.
template <class Of>
LabelSummary SummariseLabel(const std::string& name, const std::vector<CaseResult>& cases, Of of) {
  std::vector<CaseResult> present;
  std::copy_if(cases.begin(), cases.end(), std::back_inserter(present),
               [&](const CaseResult& result) { return of(result).overlap.reference() > 0; });
  LabelSummary summary;
  summary.name = name;
  summary.dice = DescribeCases(cases, [&](const CaseResult& result) { return DiceOf(of(result).overlap); });
  summary.dice_when_present =
      DescribeCases(present, [&](const CaseResult& result) { return DiceOf(of(result).overlap); });
  summary.nsd = DescribeCases(cases, [&](const CaseResult& result) { return of(result).surface.nsd; });
  summary.hd95_mm = DescribeCases(cases, [&](const CaseResult& result) { return of(result).surface.hd95_mm; });
  for (const CaseResult& result : cases) {
    const Overlap& overlap = of(result).overlap;
    summary.missed += overlap.reference() > 0 && overlap.predicted() == 0;
    summary.invented += overlap.reference() == 0 && overlap.predicted() > 0;
  }
  return summary;
}

void FillVolumes(Summary& summary, const std::vector<CaseResult>& cases) {
  std::vector<double> errors_ml;
  std::vector<double> absolute_ml;
  for (const CaseResult& result : cases) {
    if (result.reference_ml() == 0) continue;
    errors_ml.push_back(result.predicted_ml() - result.reference_ml());
    absolute_ml.push_back(std::abs(errors_ml.back()));
  }
  summary.volume_error_ml = Describe(errors_ml);
  summary.absolute_volume_error_ml = Describe(absolute_ml);
}

// Of patients with a tumour for whom the measure exists.
std::vector<double> OfTumourPatients(const Evaluation& evaluation, const std::vector<PatientResult>& patients,
                                     const std::function<double(const CaseResult&)>& measure) {
  std::vector<PatientResult> tumours;
  std::copy_if(patients.begin(), patients.end(), std::back_inserter(tumours), HasTumour);
  std::vector<double> values = MeanPerPatient(evaluation, tumours, measure);
  std::erase_if(values, [](double value) { return std::isnan(value); });
  return values;
}

void FillLabels(Summary& summary, const Evaluation& evaluation, const std::vector<PatientResult>& patients,
                const BootstrapOptions& bootstrap) {
  for (std::size_t c = 0; c < evaluation.classes.size(); ++c) {
    LabelSummary label =
        SummariseLabel(evaluation.classes[c], evaluation.cases,
                       [c](const CaseResult& result) -> const LabelResult& { return result.classes[c]; });
    std::vector<double> dice = MeanPerPatient(
        evaluation, patients, [c](const CaseResult& result) { return DiceOf(result.classes[c].overlap); });
    std::erase_if(dice, [](double value) { return std::isnan(value); });
    label.dice_interval = BootstrapMean(dice, bootstrap);
    summary.classes.push_back(std::move(label));
  }
  summary.tumour = SummariseLabel("tumour", evaluation.cases,
                                  [](const CaseResult& result) -> const LabelResult& { return result.tumour; });
}

void FillIntervals(Summary& summary, const Evaluation& evaluation, const std::vector<PatientResult>& patients,
                   const BootstrapOptions& bootstrap) {
  const auto values = [&](auto measure) { return OfTumourPatients(evaluation, patients, measure); };
  summary.tumour_dice_interval =
      BootstrapMean(values([](const CaseResult& c) { return DiceOf(c.tumour.overlap); }), bootstrap);
  summary.tumour_nsd_interval =
      BootstrapMean(values([](const CaseResult& c) { return c.tumour.surface.nsd; }), bootstrap);
  const std::vector<double> hd95_mm = values([](const CaseResult& c) { return c.tumour.surface.hd95_mm; });
  summary.tumour_hd95_interval_mm = Bootstrap(
      hd95_mm.size(),
      [&](std::span<const std::size_t> drawn) {
        std::vector<double> sample;
        for (const std::size_t unit : drawn) sample.push_back(hd95_mm[unit]);
        return PercentileOf(std::move(sample), 0.5);
      },
      bootstrap);
}

}  // namespace

Distribution Describe(const std::vector<double>& values) {
  std::vector<double> defined;
  std::copy_if(values.begin(), values.end(), std::back_inserter(defined),
               [](double value) { return !std::isnan(value); });
  Distribution result;
  result.n = static_cast<std::int64_t>(defined.size());
  result.undefined = static_cast<std::int64_t>(values.size() - defined.size());
  result.mean = MeanOf(defined);
  result.sd = StandardDeviationOf(defined);
  result.minimum = PercentileOf(defined, 0);
  result.quartile_1 = PercentileOf(defined, 0.25);
  result.median = PercentileOf(defined, 0.5);
  result.quartile_3 = PercentileOf(defined, 0.75);
  result.maximum = PercentileOf(defined, 1);
  return result;
}

std::vector<double> MeanPerPatient(const Evaluation& evaluation, const std::vector<PatientResult>& patients,
                                   const std::function<double(const CaseResult&)>& measure) {
  std::map<std::string, double> values;
  for (const CaseResult& result : evaluation.cases) values[result.case_id] = measure(result);
  std::vector<double> per_patient;
  for (const PatientResult& patient : patients) {
    std::vector<double> defined;
    for (const std::string& id : patient.case_ids) {
      if (!std::isnan(values.at(id))) defined.push_back(values.at(id));
    }
    per_patient.push_back(MeanOf(defined));
  }
  return per_patient;
}

std::vector<double> TumourDicePerPatient(const Evaluation& evaluation, const std::vector<PatientResult>& patients) {
  return MeanPerPatient(evaluation, patients, [](const CaseResult& result) { return DiceOf(result.tumour.overlap); });
}

Summary Summarise(const Evaluation& evaluation, const BootstrapOptions& bootstrap) {
  const std::vector<PatientResult> patients = PatientsOf(evaluation);
  Summary summary;
  summary.cases = static_cast<std::int64_t>(evaluation.cases.size());
  summary.patients = static_cast<std::int64_t>(patients.size());
  FillLabels(summary, evaluation, patients, bootstrap);
  FillIntervals(summary, evaluation, patients, bootstrap);
  FillVolumes(summary, evaluation.cases);
  summary.lesions = LesionsOf(evaluation, bootstrap);
  summary.labels_are_diagnoses = LabelsAreDiagnoses(evaluation);
  const std::vector<PatientResult> diagnosed = summary.labels_are_diagnoses ? patients : std::vector<PatientResult>();
  summary.classification = Classify(diagnosed, evaluation.classes, bootstrap, evaluation.proportion_interval);
  summary.discrimination = Discriminate(diagnosed, evaluation.classes, bootstrap);
  summary.calibration = Calibrate(diagnosed, evaluation.classes);
  summary.subgroups = SubgroupsOf(evaluation, bootstrap);
  return summary;
}

}  // namespace parotis::evaluate
