// People against a run: readings from a table, each reader and their majority on exactly the patients they have read.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/csv.h"
#include "evaluate/agreement.h"
#include "evaluate/classification.h"
#include "evaluate/comparison.h"

namespace parotis::evaluate {

// What one reader said about the patients he has read.
struct Reader {
  std::string name;
  std::vector<PatientResult> patients;  // by patient id, with the run's truth
};

// Columns: reader, class, case_id or participant_id; optionally `confidence` (0 … 1, in the class named; the rest is
// shared equally by the other classes), or one column named as each class with its probability. Other columns are not
// looked at. A class is one of the run's, "no tumour found" (or tumour_free) or "indeterminate". Several cases of one
// patient are joined as the run's are. Throws kInput naming file and line: an unknown patient or class, a number that
// is no probability, a patient read twice by one reader.
std::vector<Reader> ReadersOf(const base::CsvTable& table, const std::string& file, const Evaluation& run);
std::vector<Reader> ReadReaders(const std::filesystem::path& file, const Evaluation& run);

struct ReaderComparison {
  std::string name;
  std::int64_t patients = 0;      // read
  std::int64_t left_out = 0;      // of the run's, not read
  Classification classification;  // the reader's own, on the patients read
  Comparison with_run;            // the run minus the reader
  // Per class, of the run and the reader: who names it, among patients that have it and among those that do not.
  std::vector<PairedCounts> sensitivity, specificity;
};

struct ReaderStudy {
  std::vector<ReaderComparison> readers;
  // Of the patients whom every reader has read: the class that most of them named; a tie is indeterminate. Without it
  // (fewer than two readers, or no patient whom all have read) `majority` is empty.
  std::vector<ReaderComparison> majority;
  std::int64_t read_by_all = 0;
  double fleiss_kappa = 0;                       // all readers, on these patients
  std::vector<std::vector<double>> cohen_kappa;  // [reader][reader], on the patients both have read; 1 on the diagonal
  std::vector<Hypothesis> family;                // every p of `readers` and `majority`, corrected together
};

ReaderStudy CompareReaders(const Evaluation& run, const std::vector<Reader>& readers,
                           const BootstrapOptions& bootstrap);

base::Json ToJson(const ReaderStudy& study, const std::vector<std::string>& classes);
std::string TextOf(const ReaderStudy& study, const std::vector<std::string>& classes);

}  // namespace parotis::evaluate
