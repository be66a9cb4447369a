// Everything that is wrong with a dataset on disk, found by reading every file once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace parotis::dataset {

struct Problem {
  // Stable, for programs: "layout", "count", "missing", "unreadable", "not_finite", "grid", "spacing", "labels",
  // "no_tumour", "constant", "duplicate", "copy", "participants", "splits", "leak"; docs/truth.md explains them.
  std::string code;
  std::string case_id;  // empty when it is not about one case
  std::string message;  // one sentence for people
};

struct Verification {
  std::string dataset;
  std::int64_t training_cases = 0;
  std::int64_t labelled_cases = 0;
  std::int64_t test_cases = 0;
  std::int64_t patients = 0;
  std::vector<Problem> problems;  // the same order for any number of threads
};

// Checks layout, files, grids, values, labels, identical images, the table of participants and splits_final.json.
// Throws kIo when the folder holds no dataset.json; whatever else is wrong is a Problem.
Verification VerifyDataset(const std::filesystem::path& folder, int threads);

}  // namespace parotis::dataset
