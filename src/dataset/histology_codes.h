// What a pathologist's words and codes mean: the file behind `parotis histology --codes` (configs/histology.json shows
// it). Nothing is guessed: a cell is a code or a phrase of the file, or it is unknown.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace parotis::dataset {

struct HistologyClass {
  std::string name;                   // a label of the dataset, or kTumourFree; "" for what is known and has no class
  std::vector<std::string> patterns;  // "8940/0", "959x/3" (x: any digit), "SCT:8360001"
  std::vector<std::string> phrases;   // the whole cell, in any case and spacing
};

struct HistologyCodes {
  std::vector<std::string> patient_columns, case_columns, diagnosis_columns;  // the first that the table has
  std::vector<HistologyClass> classes;
};

// Throws kIo, kInput: unknown keys, patterns that are no codes, a pattern or phrase of two classes.
HistologyCodes ReadHistologyCodes(const std::filesystem::path& path);

// The classes that are labels: without kTumourFree and those without a name.
std::vector<std::string> ClassNames(const HistologyCodes& codes);

struct RecognisedHistology {
  std::string class_name;
  std::string code;            // the pattern or phrase of the file that fitted: it names no patient
  bool contradictory = false;  // several codes of different classes in one cell
};

// ICD-O-3 morphologies are found within a text ("M8940/0", "8940/0 pleomorphic adenoma"), with or without "M", and as
// five digits alone; SNOMED CT as digits or "SCT:digits", other schemes as "scheme:value". Of several fitting patterns
// the one with the fewest x counts. Absent when nothing fits.
std::optional<RecognisedHistology> Recognise(const std::string& cell, const HistologyCodes& codes);

}  // namespace parotis::dataset
