// A table of histology, as a hospital exports it, into the diagnoses of participants.tsv.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/conditions.h"
#include "base/csv.h"
#include "dataset/dataset.h"
#include "dataset/histology_codes.h"

namespace parotis::dataset {

// Who is who: original patient number ("4711", or "issuer:4711") or study UID → the pseudonyms of the dataset.
struct PseudonymMap {
  std::map<std::string, std::string> patients, cases;
};
// The map that `import` writes beside its key: columns kind ("patient", "case"), pseudonym, original. Throws kIo,
// kInput.
PseudonymMap ReadPseudonymMap(const std::filesystem::path& path);

struct HistologyResult {
  std::vector<Participant> participants;  // with the diagnoses that are certain, and the column histology_code
  std::int64_t diagnosed = 0;             // cases that now have a diagnosis
  // histology_code_unknown, histology_contradictory, histology_without_class, histology_patient_unknown,
  // histology_missing; each names the line of the table or the case.
  std::vector<base::Finding> findings;
};

// A row speaks of the cases of its patient, or of one case when the table has a case column. Patients and cases are
// matched by the dataset's own names, else through `map`. Rows and columns that contradict each other, or a diagnosis
// that participants.tsv has already, leave the diagnosis as it was. Throws kInput when the table lacks a column, kUsage
// when a class is no label of the dataset.
HistologyResult ApplyHistology(const base::CsvTable& table, const HistologyCodes& codes, const PseudonymMap& map,
                               const Dataset& dataset);

}  // namespace parotis::dataset
