#include "intake/import_identity.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hmac.h"
#include "dataset/covariates.h"
#include "dicom/identifiers.h"
#include "dicom/pseudonyms.h"
#include "dicom/text.h"
#include "intake/redaction.h"
#include "intake/select_study.h"

namespace parotis::intake {
namespace {

constexpr double kOldestTold_years = 90;  // beyond, ages are rare enough to find somebody by

// "063Y" → "63"; ages in months or days are children's and kept as a fraction of years.
std::string AgeInYears(const std::string& age) {
  const dataset::Covariates known = dataset::CovariatesOfDicom(age, "");
  const auto years = known.find(dataset::kAgeYears);
  if (years == known.end() || years->second <= 0) return {};
  return age.back() == 'Y' ? fmt::format("{:g}", std::min(years->second, kOldestTold_years))
                           : fmt::format("{:.1f}", years->second);
}

// Changes when files are added, removed or exchanged.
std::string FingerprintOf(const dicom::Study& study, const std::string& key) {
  std::vector<std::string> files;
  for (const dicom::Series& series : study.series) {
    for (const dicom::FileReference& file : series.files) {
      std::error_code ignored;
      files.push_back(fmt::format("{} {}", file.sop_instance_uid, std::filesystem::file_size(file.path, ignored)));
    }
  }
  std::sort(files.begin(), files.end());
  return base::HmacSha256(key, fmt::format("{}", fmt::join(files, "\n"))).substr(0, 16);
}

std::string ReplaceAll(std::string text, const std::string& what, const std::string& with) {
  if (what.empty()) return text;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

dicom::Identifiers IdentifiersOf(const dicom::Study& study) {
  dicom::Identifiers identifiers;
  identifiers.AddName(study.patient.name);
  identifiers.AddDate(study.patient.birth_date);
  identifiers.AddDate(study.date);
  for (const std::string* value :
       {&study.patient.id, &study.patient.issuer, &study.accession_number, &study.id, &study.uid, &study.description}) {
    identifiers.AddValue(*value);
  }
  identifiers.Prepare();
  return identifiers;
}

}  // namespace

ImportedStudy NameStudy(const dicom::Study& study, const ImportOptions& options) {
  ImportedStudy named;
  named.fingerprint = FingerprintOf(study, options.key);
  named.columns["sex"] = study.patient.sex == "M" || study.patient.sex == "F" ? study.patient.sex : "";
  named.columns["age_years"] = AgeInYears(study.patient.age);
  if (!options.keep_identity) {
    named.case_id = CaseIdOf(study, options.key);
    named.patient = PatientPseudonym(study, options.key);
    return named;
  }
  const bool plain_uid = !study.uid.empty() && study.uid.find_first_not_of("0123456789.") == std::string::npos;
  named.case_id = plain_uid ? "study-" + study.uid : CaseIdOf(study, options.key);
  named.patient = study.patient.id.empty()       ? "study " + study.uid
                  : study.patient.issuer.empty() ? study.patient.id
                                                 : study.patient.issuer + ":" + study.patient.id;
  return named;
}

dataset::Participant ParticipantOf(const ImportedStudy& study) {
  dataset::Participant participant;
  participant.patient_id = study.patient;
  participant.case_id = study.case_id;
  participant.columns = study.columns;
  return participant;
}

std::string WithoutIdentity(const std::string& message, const dicom::Study& study,
                            const std::vector<std::filesystem::path>& truth_files) {
  std::string clean = message;
  for (const std::filesystem::path& file : truth_files) clean = ReplaceAll(clean, file.string(), "a file");
  for (const dicom::Series& series : study.series) {
    for (const dicom::FileReference& file : series.files) clean = ReplaceAll(clean, file.path.string(), "a file");
    clean = ReplaceAll(clean, " (" + series.description + ")", "");
    clean = ReplaceAll(clean, '"' + series.description + '"', "(text)");
  }
  return IdentifiersOf(study).Scrub(Redact(clean), "(removed)");
}

}  // namespace parotis::intake
