#include "evaluate/readers.h"

#include <algorithm>
#include <map>
#include <set>

namespace parotis::evaluate {
namespace {

RunView ViewOfReader(const Reader& reader, const std::vector<std::string>& classes) {
  return {reader.name, classes, reader.patients, {}};
}

// The run on the reader's patients alone.
RunView Restricted(const Evaluation& run, const std::vector<PatientResult>& everyone, const Reader& reader) {
  RunView view{run.name, run.classes, {}, {}};
  std::set<std::string> read;
  for (const PatientResult& patient : reader.patients) read.insert(patient.patient_id);
  for (const PatientResult& patient : everyone) {
    if (read.contains(patient.patient_id)) view.patients.push_back(patient);
  }
  return view;
}

ReaderComparison CompareReader(const Evaluation& run, const std::vector<PatientResult>& everyone, const Reader& reader,
                               const BootstrapOptions& bootstrap) {
  const RunView ours = Restricted(run, everyone, reader);
  const RunView theirs = ViewOfReader(reader, run.classes);
  ReaderComparison result;
  result.name = reader.name;
  result.patients = static_cast<std::int64_t>(reader.patients.size());
  result.left_out = static_cast<std::int64_t>(everyone.size()) - result.patients;
  result.classification = Classify(reader.patients, run.classes, bootstrap, run.proportion_interval);
  result.with_run = CompareViews(ours, theirs, bootstrap);
  for (const std::string& name : run.classes) {
    PairedCounts named;
    PairedCounts not_named;
    for (std::size_t p = 0; p < ours.patients.size(); ++p) {
      if (!HasTumour(ours.patients[p])) continue;
      const bool by_run = ours.patients[p].verdict.predicted == name;
      const bool by_reader = theirs.patients[p].verdict.predicted == name;
      if (ours.patients[p].truth == name) {
        named.Add(by_run, by_reader);
      } else {
        not_named.Add(!by_run, !by_reader);
      }
    }
    result.sensitivity.push_back(named);
    result.specificity.push_back(not_named);
  }
  return result;
}

// The readings of all readers on the patients whom all have read: [patient][reader].
struct CommonReadings {
  std::vector<PatientResult> patients;
  std::vector<std::vector<std::string>> ratings;
};

CommonReadings ReadByAll(const std::vector<Reader>& readers) {
  std::map<std::string, std::vector<std::string>> said;
  std::map<std::string, PatientResult> patients;
  for (const Reader& reader : readers) {
    for (const PatientResult& patient : reader.patients) {
      said[patient.patient_id].push_back(patient.verdict.predicted);
      patients[patient.patient_id] = patient;
    }
  }
  CommonReadings common;
  for (auto& [id, ratings] : said) {
    if (ratings.size() != readers.size()) continue;
    common.patients.push_back(patients.at(id));
    common.ratings.push_back(std::move(ratings));
  }
  return common;
}

std::string MostNamed(const std::vector<std::string>& ratings) {
  std::map<std::string, int> votes;
  for (const std::string& rating : ratings) ++votes[rating];
  const auto best = std::max_element(votes.begin(), votes.end(), [](auto& a, auto& b) { return a.second < b.second; });
  const auto tied = std::count_if(votes.begin(), votes.end(), [&](auto& v) { return v.second == best->second; });
  return tied > 1 ? std::string(kIndeterminate) : best->first;
}

Reader MajorityOf(const CommonReadings& common) {
  Reader majority{"majority of readers", common.patients};
  for (std::size_t p = 0; p < common.patients.size(); ++p) {
    majority.patients[p].verdict = {};
    majority.patients[p].verdict.predicted = MostNamed(common.ratings[p]);
  }
  return majority;
}

double KappaOf(const Reader& first, const Reader& second) {
  std::map<std::string, std::string> said;
  for (const PatientResult& patient : first.patients) said[patient.patient_id] = patient.verdict.predicted;
  std::vector<std::string> by_first;
  std::vector<std::string> by_second;
  for (const PatientResult& patient : second.patients) {
    const auto found = said.find(patient.patient_id);
    if (found == said.end()) continue;
    by_first.push_back(found->second);
    by_second.push_back(patient.verdict.predicted);
  }
  return CohenKappa(by_first, by_second);
}

void CorrectAll(ReaderStudy& study) {
  std::vector<Comparison> comparisons;
  for (const auto* list : {&study.readers, &study.majority}) {
    for (const ReaderComparison& one : *list) comparisons.push_back(one.with_run);
  }
  study.family = CorrectTogether(comparisons, {});
  std::size_t next = 0;
  for (auto* list : {&study.readers, &study.majority}) {
    for (ReaderComparison& one : *list) one.with_run = comparisons[next++];
  }
}

}  // namespace

ReaderStudy CompareReaders(const Evaluation& run, const std::vector<Reader>& readers,
                           const BootstrapOptions& bootstrap) {
  const std::vector<PatientResult> everyone = PatientsOf(run);
  ReaderStudy study;
  for (const Reader& reader : readers) study.readers.push_back(CompareReader(run, everyone, reader, bootstrap));
  const CommonReadings common = ReadByAll(readers);
  study.read_by_all = static_cast<std::int64_t>(common.patients.size());
  study.fleiss_kappa = FleissKappa(common.ratings);
  if (readers.size() > 1 && !common.patients.empty())
    study.majority.push_back(CompareReader(run, everyone, MajorityOf(common), bootstrap));
  for (const Reader& first : readers) {
    study.cohen_kappa.emplace_back();
    for (const Reader& second : readers)
      study.cohen_kappa.back().push_back(&first == &second ? 1 : KappaOf(first, second));
  }
  CorrectAll(study);
  return study;
}

}  // namespace parotis::evaluate
