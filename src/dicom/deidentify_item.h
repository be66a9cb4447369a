// One DICOM dataset, de-identified in place by the Basic Application Level Confidentiality Profile (PS3.15 Annex E)
// with the options Clean Descriptors and Retain Safe Private, and, unless they are switched off, Retain Longitudinal
// Temporal Information With Modified Dates and Retain Patient Characteristics. Private to this folder.
#pragma once

#include <string>

#include "dicom/identifiers.h"

class DcmItem;

namespace parotis::dicom {

struct ItemCleaning {
  std::string key;                // of the UIDs' pseudonyms
  std::string patient_pseudonym;  // the new PatientName and PatientID
  int date_shift_days = 0;
  bool drop_dates = false;            // dates and times as the profile has it, not moved
  bool drop_characteristics = false;  // age, sex, size, weight and the like as the profile has it, not kept
};

// Adds what in `dataset` and its sequences identifies a person, a place or a device: names, numbers, addresses, dates
// and, with `uids`, UIDs. Private attributes and what sequences hold are looked at, too.
void CollectIdentifiers(DcmItem& dataset, bool uids, Identifiers& identifiers);

// `identifiers`: prepared, of all files of the study; what they hold is removed from every text that stays.
void CleanDataset(DcmItem& dataset, const ItemCleaning& cleaning, const Identifiers& identifiers);

// The first attribute of `dataset` (or of its sequences) in which an identifier is left, "(gggg,eeee)"; "" for none.
// Texts and opaque values are searched for every identifier, codes for whole words, pixel values for nothing.
std::string FindIdentifier(DcmItem& dataset, const Identifiers& identifiers);

}  // namespace parotis::dicom
