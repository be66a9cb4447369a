#include "intake/select_study.h"

#include <fmt/format.h>

#include <set>

#include "base/error.h"
#include "dicom/pseudonyms.h"

namespace parotis::intake {

using base::ErrorKind;
using dicom::Study;

const Study& SelectStudy(const dicom::Index& index, const std::string& folder, const std::string& uid) {
  if (index.studies.empty()) {
    base::Throw(ErrorKind::kInput, fmt::format("{} holds no DICOM study ({} files looked at); name the folder of one",
                                               folder, index.skipped.size()));
  }
  std::set<std::pair<std::string, std::string>> patients;
  std::string list;
  const Study* chosen = nullptr;
  int matches = 0;
  for (const Study& study : index.studies) {
    patients.insert({study.patient.id, study.patient.issuer});
    list += fmt::format("\n  {}  {}  {} series  {}", study.uid, study.date.empty() ? "no date" : study.date,
                        study.series.size(), study.description);
    if (!uid.empty() && study.uid != uid) continue;
    chosen = &study;
    ++matches;
  }
  if (matches == 1) return *chosen;
  if (matches == 0) base::Throw(ErrorKind::kUsage, fmt::format("{} holds no study {}; it holds{}", folder, uid, list));
  base::Throw(
      ErrorKind::kRefused,
      fmt::format("{} holds {} studies of {} patient{}; name the folder of one, or choose it with --study-uid UID:{}",
                  folder, index.studies.size(), patients.size(),
                  patients.size() == 1 ? "" : "s: mixed patients are never put together", list),
      patients.size() == 1 ? "several_studies" : "several_patients");
}

std::string CaseIdOf(const Study& study, const std::string& key) { return dicom::CasePseudonym(study, key); }

std::string PatientPseudonym(const Study& study, const std::string& key) {
  return dicom::PatientPseudonym(study.patient, study.uid, key);
}

}  // namespace parotis::intake
