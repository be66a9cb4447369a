// What must never change the answer, on every assembled study.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "base/random.h"
#include "dicom/index.h"
#include "intake/joint_choice.h"
#include "tests/solver/dicom_writing.h"
#include "tests/solver/study_checks.h"
#include "tests/support/temporary_folder.h"

namespace parotis::intake::studies {
namespace {

using dicom::Study;

std::vector<AssembledStudy> AllStudies() {
  std::vector<AssembledStudy> all = FirstStudies();
  for (const auto& more : {MoreStudies(), HeldOutStudies()}) all.insert(all.end(), more.begin(), more.end());
  return all;
}

void Rename(Study& study, const std::function<std::string()>& name) {
  for (dicom::Series& series : study.series) series.description = series.protocol = name();
}

// Letters that spell nothing in any of the languages.
std::string Nonsense(base::Random& random) {
  std::string name;
  for (int n = 0; n < 12; ++n) name += "bqxzjkv_"[random.Integer(8)];
  return name;
}

TEST(SolverProperties, TheOrderOfSeriesDoesNotMatter) {
  for (const AssembledStudy& each : AllStudies()) {
    const std::string answer = Answer(each.study);
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      Study shuffled = each.study;
      base::Random(seed).Shuffle(shuffled.series);
      EXPECT_EQ(Answer(shuffled), answer) << each.name << ", seed " << seed;
    }
  }
}

TEST(SolverProperties, NonsenseInNamesLeavesWhatAttributesSay) {
  for (const AssembledStudy& each : AllStudies()) {
    Study silent = each.study;
    Rename(silent, [] { return std::string(); });
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      base::Random random(seed);
      Study renamed = each.study;
      Rename(renamed, [&] { return Nonsense(random); });
      EXPECT_EQ(Answer(renamed), Answer(silent)) << each.name << ", seed " << seed;
    }
  }
}

// Something that serves no role, at a random place and time.
dicom::Series Unrelated(base::Random& random) {
  StudyBuilder builder(Vendor::kSiemens);
  builder.Wait(static_cast<double>(random.Integer(180)));
  switch (random.Integer(6)) {
    case 0: builder.AddLocalizer(); break;
    case 1: builder.AddFlair({"flair"}); break;
    case 2: builder.AddScreenshot("T2 T1 km ADC"); break;
    case 3: builder.AddSubtraction({"sub"}); break;
    case 4: builder.AddTse({"pd"}, 15, 3000); break;
    default: builder.AddGradientEcho({"swi", dicom::SlicePlane::kAxial, 60}, 20, 28, 15); break;
  }
  dicom::Series series = builder.last();
  series.number = 5000 + static_cast<int>(random.Integer(1000));
  series.uid = "1.2.3.unrelated." + std::to_string(*series.number);
  return series;
}

TEST(SolverProperties, AnUnrelatedSeriesChangesNothing) {
  for (const AssembledStudy& each : AllStudies()) {
    const std::string answer = Answer(each.study);
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      base::Random random(seed);
      Study larger = each.study;
      const auto at = random.Integer(static_cast<std::int64_t>(larger.series.size()) + 1);
      larger.series.insert(larger.series.begin() + at, Unrelated(random));
      EXPECT_EQ(Answer(larger), answer) << each.name << ", seed " << seed;
    }
  }
}

TEST(SolverProperties, ARoleThatIsPinnedToItsOwnChoiceLeavesTheOthers) {
  for (const AssembledStudy& each : AllStudies()) {
    const Truth& truth = each.truth;
    if (truth.t2 == 0) continue;
    const StudyRoles roles = AssignRoles(each.study, {ParsePin("t2=" + std::to_string(truth.t2))});
    Truth expected = truth;
    std::erase(expected.tied, "t2");
    EXPECT_EQ(Answer(AnswerOf(each.study, roles)), Answer(expected)) << each.name;
  }
}

TEST(SolverProperties, StudiesReadFromFilesAreJudgedLikeThoseInMemory) {
  const auto studies = FirstStudies();
  for (const std::size_t s : {0U, 2U, 6U, 9U}) {
    const test::TemporaryFolder folder;
    WriteHeaders(folder.path(), studies[s].study);
    const dicom::Index index = dicom::IndexDicom(folder.path());
    ASSERT_EQ(index.studies.size(), 1U) << studies[s].name;
    EXPECT_EQ(Answer(index.studies[0]), Answer(studies[s].truth)) << studies[s].name;
  }
}

// Every set, tried one by one.
double BestByTrying(const JointProblem& problem, std::size_t role, std::vector<std::size_t>& choice) {
  if (role == problem.alone.size()) {
    double total = 0;
    for (std::size_t a = 0; a < role; ++a) {
      total += problem.alone[a][choice[a]];
      for (std::size_t b = a + 1; b < role; ++b) {
        if (!problem.together[a][b].empty()) total += problem.together[a][b][choice[a]][choice[b]];
      }
    }
    return total;
  }
  double best = -1e9;
  for (choice[role] = 0; choice[role] < problem.alone[role].size(); ++choice[role])
    best = std::max(best, BestByTrying(problem, role + 1, choice));
  return best;
}

RC_GTEST_PROP(JointChoice, FindsTheBestOfAllSets, (std::uint64_t seed)) {
  base::Random random(seed);
  JointProblem problem;
  problem.together.assign(4, std::vector<std::vector<std::vector<double>>>(4));
  for (std::size_t a = 0; a < 4; ++a) {
    problem.alone.emplace_back(static_cast<std::size_t>(1 + random.Integer(4)));
    for (double& points : problem.alone[a]) points = random.Uniform(-50, 50);
  }
  for (std::size_t a = 0; a < 4; ++a) {
    for (std::size_t b = a + 1; b < 4; ++b) {
      if (random.Chance(0.4)) continue;
      problem.together[a][b].assign(problem.alone[a].size(), std::vector<double>(problem.alone[b].size()));
      for (auto& row : problem.together[a][b]) {
        for (double& points : row) points = random.Uniform(-50, 50);
      }
    }
  }
  std::vector<std::size_t> choice(4, 0);
  RC_ASSERT(std::abs(SolveJointly(problem).total - BestByTrying(problem, 0, choice)) < 1e-6);
}

}  // namespace
}  // namespace parotis::intake::studies
