// Pseudonyms: a patient, a study and a UID are named by HMAC-SHA-256 of what identifies them, under a key that is kept
// apart from the data. The same key gives the same pseudonyms in every run; without it they can neither be turned back
// nor found by trying all patient numbers.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "dicom/series.h"

namespace parotis::dicom {

// "patient-" and 12 hexadecimal digits of the HMAC of (issuer, PatientID). A study without a patient number stands for
// a patient of its own.
std::string PatientPseudonym(const Patient& patient, const std::string& study_uid, const std::string& key);
// "case-" and 12 digits, of the study and its patient.
std::string CasePseudonym(const Study& study, const std::string& key);
// Under 2.25 (PS3.5 B.2), a UUID of version 8 (RFC 9562).
std::string UidPseudonym(const std::string& uid, const std::string& key);
// By how many days a patient's dates are moved: 400 … 3999 into the past, the same for all of the patient's.
int DateShiftDays(const std::string& patient_pseudonym, const std::string& key);
// `date` (YYYYMMDD) `days` earlier; empty when it is no date of the calendar.
std::string DateEarlier(const std::string& date, int days);
// Names the key in records without telling it.
std::string KeyFingerprint(const std::string& key);

// Reads the key of `file` (64 hexadecimal digits), or draws one from the system and writes it, readable by its owner
// alone. Throws kUsage when `file` lies within one of the folders that are given away, kInput when it holds no key,
// kIo.
std::string ReadOrCreateKey(const std::filesystem::path& file, const std::vector<std::filesystem::path>& given_away);

// One line of the map of pseudonyms: what it is ("patient", "case", "study"), pseudonym, original.
struct PseudonymRow {
  std::string kind, pseudonym, original;
  friend auto operator<=>(const PseudonymRow&, const PseudonymRow&) = default;
};
std::filesystem::path MapFileOf(const std::filesystem::path& key_file);  // KEY.map.tsv
// Adds the rows to the map beside the key file, readable by its owner alone; safe against another process that does
// the same, and against being killed.
void AddToMap(const std::filesystem::path& key_file, const std::set<PseudonymRow>& rows);

}  // namespace parotis::dicom
