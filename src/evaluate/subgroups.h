// The same figures within groups of patients: by vendor, field strength, sex, age or any other column of
// participants.tsv.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "evaluate/bootstrap.h"
#include "evaluate/evaluation.h"

namespace parotis::evaluate {

// Groups with fewer patients with a tumour are listed, and left out of tests.
inline constexpr std::int64_t kFewestTested = 5;
// A column of numbers with more distinct values than this is split below and from its median on.
inline constexpr std::size_t kMostDistinctNumbers = 6;
inline constexpr const char* kNotRecorded = "n/a";
inline constexpr const char* kSeveralValues = "several";  // the patient's cases differ

struct Subgroup {
  std::string value;  // as recorded, "< 40", "40 to < 60", "≥ 60", kNotRecorded or kSeveralValues
  std::int64_t patients = 0;
  Proportion strict_accuracy;           // its n: patients with a tumour
  std::vector<Proportion> sensitivity;  // per class
  std::int64_t dice_n = 0;              // patients with a tumour and a Dice
  double dice = 0;                      // mean; NaN without any
  Interval dice_interval;               // bootstrap over the group's patients
  bool is_tested = false;               // one of the groups that the tests compare
};

struct SubgroupTable {
  std::string column;
  std::vector<double> edges;     // of the bins; empty: values as recorded
  bool is_median_split = false;  // the only edge is the patients' median
  std::vector<Subgroup> groups;
  // Do the tested groups differ? NaN with fewer than two of them, or when all their patients have the same result.
  double accuracy_p = 0;  // Pearson's χ², by permutation of the patients (10,000, seeded)
  double dice_p = 0;      // Kruskal and Wallis, J Am Stat Assoc 1952;47:583, corrected for ties; χ² approximation
  double accuracy_p_holm = 0, dice_p_holm = 0;  // over both tests of every column that was asked for
};

// One table for each of evaluation.subgroup_columns.
std::vector<SubgroupTable> SubgroupsOf(const Evaluation& evaluation, const BootstrapOptions& bootstrap);

// "vendor", or "age_years=40/60" with the edges of the bins, rising. Throws kUsage.
SubgroupColumn ParseSubgroupColumn(const std::string& text);

// Pearson's statistic of yes against no in groups, and its permutation p.
double ChiSquared(const std::vector<int>& yes, const std::vector<std::size_t>& group, std::size_t groups);
double ChiSquaredPermutationP(const std::vector<int>& yes, const std::vector<std::size_t>& group, std::size_t groups,
                              const BootstrapOptions& options);
// NaN with fewer than two groups or when all values are equal.
double KruskalWallisP(const std::vector<double>& values, const std::vector<std::size_t>& group, std::size_t groups);

base::Json ToJson(const std::vector<SubgroupTable>& tables, const std::vector<std::string>& classes);
std::string TextOf(const std::vector<SubgroupTable>& tables, const std::vector<std::string>& classes);

}  // namespace parotis::evaluate
