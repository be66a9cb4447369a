// Independent implementations (SciPy and scikit-learn through reference.py; R and its package pROC through reference.R)
// that ours are held against. scripts/setup.sh installs them.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/json.h"
#include "base/random.h"
#include "tests/support/temporary_folder.h"

namespace parotis::evaluate::test {

inline constexpr double kExactly = 1e-9;

// The questions are a list of {"ask": name, …}; the answers a list of as many numbers, lists or nulls (undefined).
class Reference {
 public:
  // Debian's own interpreter: another one on the path has other packages.
  static Reference Python() { return {"/usr/bin/python3", "reference.py", "-c 'import scipy, sklearn'"}; }
  static Reference R() { return {"/usr/bin/Rscript", "reference.R", "-e 'library(pROC); library(jsonlite)'"}; }

  bool IsThere() const { return std::system((program_ + " " + probe_ + " >/dev/null 2>&1").c_str()) == 0; }

  void Ask(base::Json question) { questions_.push_back(std::move(question)); }

  std::vector<base::Json> Answers() const {
    const parotis::test::TemporaryFolder folder;
    const std::string questions = (folder.path() / "questions.json").string();
    const std::string answers = (folder.path() / "answers.json").string();
    base::WriteFile(questions, questions_.dump());
    const std::string command =
        program_ + " " + PAROTIS_SOURCE_DIR + "/tests/evaluate/" + script_ + " " + questions + " " + answers;
    if (std::system(command.c_str()) != 0) {
      ADD_FAILURE() << command << " failed";
      return std::vector<base::Json>(questions_.size());
    }
    const base::Json list = base::ReadJson(answers);
    EXPECT_EQ(list.size(), questions_.size());
    return {list.begin(), list.end()};
  }

 private:
  Reference(std::string program, std::string script, std::string probe)
      : program_(std::move(program)), script_(std::move(script)), probe_(std::move(probe)) {}

  std::string program_, script_, probe_;
  base::Json questions_ = base::Json::array();
};

// Null and NaN are the same answer.
inline void ExpectSame(double ours, const base::Json& theirs, const std::string& what, double tolerance = kExactly) {
  if (theirs.is_null()) {
    EXPECT_TRUE(std::isnan(ours)) << what << ": ours is " << ours << ", theirs undefined";
  } else {
    EXPECT_NEAR(ours, theirs.get<double>(), tolerance * std::max(1.0, std::abs(theirs.get<double>()))) << what;
  }
}

inline void ExpectSame(const std::vector<double>& ours, const base::Json& theirs, const std::string& what,
                       double tolerance = kExactly) {
  ASSERT_EQ(ours.size(), theirs.size()) << what;
  for (std::size_t i = 0; i < ours.size(); ++i) ExpectSame(ours[i], theirs[i], what, tolerance);
}

// Random inputs: of one to 60 units, coarse scores (many ties) as often as fine ones, rarely all the same.
struct Sample {
  std::vector<double> scores;
  std::vector<double> other_scores;  // of another run, correlated with the first
  std::vector<int> positive;
};

inline double Coarse(double value, int steps) { return steps == 0 ? value : std::round(value * steps) / steps; }

inline Sample DrawSample(base::Random& random) {
  const std::int64_t n = 1 + random.Integer(60);
  const int steps = std::vector<int>{0, 0, 1, 3, 10}[static_cast<std::size_t>(random.Integer(5))];
  const double share = random.Uniform();
  Sample sample;
  for (std::int64_t i = 0; i < n; ++i) {
    const int positive = random.Chance(share) ? 1 : 0;
    const double strength = std::min(1.0, std::max(0.0, 0.4 + 0.2 * positive + 0.25 * random.Normal()));
    const double other = std::min(1.0, std::max(0.0, 0.6 * strength + 0.15 + 0.2 * random.Normal()));
    sample.positive.push_back(positive);
    sample.scores.push_back(Coarse(strength, steps));
    sample.other_scores.push_back(Coarse(other, steps));
  }
  return sample;
}

// Class probabilities that sum to 1, with ties, and a truth in which classes may be empty.
struct ClassSample {
  std::vector<std::size_t> truth;
  std::vector<std::vector<double>> probabilities;  // [patient][class]
};

inline ClassSample DrawClasses(base::Random& random, std::size_t classes) {
  const std::int64_t n = 2 + random.Integer(60);
  const std::size_t used = random.Chance(0.2) ? classes - 1 : classes;
  ClassSample sample;
  for (std::int64_t i = 0; i < n; ++i) {
    sample.truth.push_back(static_cast<std::size_t>(random.Integer(static_cast<std::int64_t>(used))));
    std::vector<double> weights(classes);
    double sum = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      weights[c] = 1 + static_cast<double>(random.Integer(6)) + (c == sample.truth.back() ? 2 : 0);
      sum += weights[c];
    }
    for (double& weight : weights) weight /= sum;
    sample.probabilities.push_back(weights);
  }
  return sample;
}

}  // namespace parotis::evaluate::test
