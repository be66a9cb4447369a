// participants.tsv, as BIDS writes it (tab-separated, "n/a" for missing), with one row per case. Columns are written in
// this order: participant_id, case_id, diagnosis, then every other name that occurs, sorted.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace parotis::dataset {

// The diagnosis of a patient without a tumour.
inline constexpr const char* kTumourFree = "tumour_free";

struct Participant {
  std::string patient_id;                      // column participant_id: splits never separate one patient's cases
  std::string case_id;                         // column case_id
  std::string diagnosis;                       // column diagnosis: a label name, kTumourFree, or "" when unknown
  std::map<std::string, std::string> columns;  // every other column: sex, age_years, site, drawn values …; "" is n/a
};

// Throws kInput naming file, line and fact: missing columns, ragged rows, a case twice, control characters.
std::vector<Participant> ReadParticipants(const std::filesystem::path& path);
void WriteParticipants(const std::filesystem::path& path, const std::vector<Participant>& participants);

}  // namespace parotis::dataset
