// Figures from the literature that a cohort's report shows beside its own. They live in a file
// (configs/published-figures.json): no code knows a class by its name.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace parotis::report {

struct PublishedClass {
  double accuracy = 0;
  double sensitivity = 0;
  double specificity = 0;
};

struct PublishedFigures {
  std::string citation;
  std::string patients;                               // what they were measured on
  std::map<std::string, PublishedClass> one_vs_rest;  // by class name
  std::optional<std::array<double, 2>> strict_accuracy_range;
};

// Strict; throws kInput naming the key, and when a figure is not within 0…1.
PublishedFigures ReadPublishedFigures(const std::filesystem::path& path);

}  // namespace parotis::report
