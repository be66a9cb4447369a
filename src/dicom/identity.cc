#include "dicom/identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace parotis::dicom {
namespace {

// What is said about one patient number; an empty attribute says nothing.
class Statements {
 public:
  void Add(const Patient& patient) {
    if (!patient.birth_date.empty()) birth_dates_.insert(patient.birth_date);
    // "O" (other) and what anonymisers fill in is no statement.
    if (patient.sex == "M" || patient.sex == "F") sexes_.insert(patient.sex);
    if (std::string name = ComparableName(patient.name); !name.empty()) names_.insert(std::move(name));
  }
  // What differs and cannot for one person; nullptr for nothing.
  const char* Contradiction() const {
    if (birth_dates_.size() > 1) return "birth dates";
    return sexes_.size() > 1 ? "sexes" : nullptr;
  }
  bool NamesDiffer() const { return names_.size() > 1; }

 private:
  std::set<std::string> birth_dates_, sexes_, names_;
};

bool HasFinding(const Study& study, std::string_view code) {
  return std::any_of(study.findings.begin(), study.findings.end(),
                     [&](const base::Finding& each) { return each.code == code; });
}

void AddOnce(Study& study, std::string_view code, const std::string& message) {
  if (!HasFinding(study, code)) study.findings.push_back(base::Found(code, message));
}

void FindStudiesOfSeveralPatients(std::vector<Study>& studies) {
  std::map<std::string, std::set<std::pair<std::string, std::string>>> patients;
  for (const Study& study : studies) patients[study.uid].insert({study.patient.issuer, study.patient.id});
  for (Study& study : studies) {
    const std::size_t count = patients[study.uid].size();
    if (count == 1) continue;
    AddOnce(study, "several_patients",
            fmt::format("its images carry {} different patient numbers under one StudyInstanceUID; separate the "
                        "patients, and find out whose images they are",
                        count));
  }
}

using PatientKey = std::pair<std::string, std::string>;  // issuer, number
PatientKey KeyOf(const Patient& patient) { return {patient.issuer, patient.id}; }

}  // namespace

void FindMixedIdentities(std::vector<Study>& studies) {
  FindStudiesOfSeveralPatients(studies);
  std::map<PatientKey, Statements> said;
  for (const Study& study : studies) said[KeyOf(study.patient)].Add(study.patient);
  for (Study& study : studies) {
    if (study.patient.id.empty()) continue;
    const Statements& statements = said[KeyOf(study.patient)];
    if (const char* fact = statements.Contradiction()) {
      AddOnce(study, "patient_contradictory",
              fmt::format("its patient number stands for people with different {} in several studies; find out whose "
                          "images they are",
                          fact));
    } else if (statements.NamesDiffer()) {
      AddOnce(study, "patient_name_differs",
              "its patient number has different names in several studies; make sure that it is one person");
    }
  }
}

base::Finding PatientContradiction(const std::vector<Patient>& patients) {
  Statements statements;
  for (const Patient& patient : patients) statements.Add(patient);
  const char* fact = statements.Contradiction();
  if (fact == nullptr && statements.NamesDiffer()) fact = "names";
  if (fact == nullptr) return {};
  return base::Found(
      "patient_contradictory",
      fmt::format("its images carry different {} under one patient number; find out whose they are", fact));
}

std::string ComparableName(const std::string& name) {
  std::vector<std::string> parts(1);
  for (const char c : name.substr(0, name.find('='))) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || byte >= 0x80;
    if (letter) {
      parts.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!parts.back().empty()) {
      parts.emplace_back();
    }
  }
  std::sort(parts.begin(), parts.end());
  std::string comparable;
  for (const std::string& part : parts) comparable += part.empty() || comparable.empty() ? part : " " + part;
  return comparable;
}

}  // namespace parotis::dicom
