#include "app/key_flag.h"

#include "dicom/pseudonyms.h"

namespace parotis::app {

void AddKeyFlag(CLI::App& app, std::filesystem::path& key) {
  app.add_option("--key", key,
                 "file of the secret under which patients and studies get pseudonyms; made when it is not there, and "
                 "KEY.map.tsv beside it says who is who (default: OUTPUT.key)");
}

std::filesystem::path DefaultKeyFor(const std::filesystem::path& output) {
  std::filesystem::path folder = output.lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  return folder.string() + ".key";
}

void AddStudiesToMap(const std::filesystem::path& key_file, const std::string& key, const dicom::Index& index) {
  std::set<dicom::PseudonymRow> rows;
  for (const dicom::Study& study : index.studies) {
    const dicom::Patient& patient = study.patient;
    rows.insert({"patient", dicom::PatientPseudonym(patient, study.uid, key),
                 patient.issuer.empty() ? patient.id : patient.issuer + ":" + patient.id});
    rows.insert({"case", dicom::CasePseudonym(study, key), study.uid});
    rows.insert({"study", dicom::UidPseudonym(study.uid, key), study.uid});
  }
  dicom::AddToMap(key_file, rows);
}

}  // namespace parotis::app
