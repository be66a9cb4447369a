// What the laboratory's page says of studies: finished, running, damaged, not begun.
#include <gmock/gmock.h>

#include <fstream>
#include <set>

#include "base/resumable.h"
#include "lab/curves.h"
#include "report/contrast_study.h"
#include "report/document_html.h"
#include "tests/lab/lab_fixture.h"

namespace parotis {
namespace {

namespace fs = std::filesystem;
using base::Json;
using test::Entered;
using test::LabBrowser;
using test::LabStudy;
using test::WaitForFigures;
using ::testing::HasSubstr;

std::vector<std::string> StatesOf(const Json& overview) {
  std::vector<std::string> states;
  for (const Json& task : overview.at("tasks")) states.push_back(task.at("state"));
  return states;
}

// One study for all: it takes seconds.
class FinishedStudy : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    study_ = new LabStudy;
    study_->DoAll();
    lab_ = study_->Open().release();
    browser_ = new LabBrowser(Entered(*lab_));
    WaitForFigures(*browser_);
    results_ = new Json(browser_->Json("/api/lab/results"));
  }
  static void TearDownTestSuite() {
    delete results_;
    delete browser_;
    delete lab_;
    delete study_;
  }
  static const Json& results() { return *results_; }

  static inline LabStudy* study_ = nullptr;
  static inline lab::Lab* lab_ = nullptr;
  static inline LabBrowser* browser_ = nullptr;
  static inline Json* results_ = nullptr;
};

TEST_F(FinishedStudy, EveryFigureIsTheReportsOwn) {
  const std::string page = report::HtmlOf(report::StudyDocument(study_->Read()));
  std::string words;  // without tags
  bool is_tag = false;
  for (const char c : page) {
    if (c == '<') is_tag = true;
    if (!is_tag) words += c;
    if (c == '>') is_tag = false;
  }
  std::size_t figures = 0;
  for (const Json& table : results().at("tables")) {
    for (const Json& row : table.at("rows")) {
      for (const Json& cell : row) {
        EXPECT_THAT(words, HasSubstr(cell.at("text").get<std::string>())) << table.at("title");
        ++figures;
      }
    }
  }
  EXPECT_EQ(figures, 2U * (6 + 3 * 6 + 5));
  for (const Json& pair : results().at("pairs").at("rows"))
    EXPECT_THAT(words, HasSubstr(pair.at("difference").at("text").get<std::string>()));
  EXPECT_EQ(results().at("pairs").at("rows").size(), 1U);
}

TEST_F(FinishedStudy, EveryPatientStandsAtOneStepOfEachRocCurve) {
  for (const Json& run : results().at("roc")) {
    for (const Json& one : run) {
      std::set<std::size_t> seen;
      double last_x = 0, last_y = 0;
      for (std::size_t p = 0; p < one.at("x").size(); ++p) {
        for (const Json& patient : one.at("patients")[p]) EXPECT_TRUE(seen.insert(patient.get<std::size_t>()).second);
        EXPECT_GE(one.at("x")[p].get<double>() + one.at("y")[p].get<double>(), last_x + last_y);
        last_x = one.at("x")[p];
        last_y = one.at("y")[p];
      }
      EXPECT_EQ(seen.size(), one.at("positives").get<std::size_t>() + one.at("negatives").get<std::size_t>());
      EXPECT_EQ(last_x + last_y, 2);
    }
  }
}

TEST_F(FinishedStudy, BinsOfTheCalibrationHoldThePatientsTheyCount) {
  for (std::size_t r = 0; r < results().at("runs").size(); ++r) {
    std::size_t counted = 0;
    for (const Json& bin : results().at("calibration")[r].at("bins")) {
      ASSERT_EQ(bin.at("patients").size(), bin.at("n").get<std::size_t>());
      std::size_t right = 0;
      for (const Json& patient : bin.at("patients")) {
        const Json& saying = results().at("patients")[patient.get<std::size_t>()].at("runs")[r];
        right += saying.at("right").get<bool>() ? 1 : 0;
      }
      if (!bin.at("patients").empty()) {
        EXPECT_NEAR(bin.at("observed").get<double>(), static_cast<double>(right) / bin.at("n").get<double>(), 1e-12);
      }
      counted += bin.at("patients").size();
    }
    EXPECT_EQ(counted, results().at("calibration")[r].at("n").get<std::size_t>());
  }
}

TEST_F(FinishedStudy, PatientsSayWhatEachSetSaidOfThem) {
  const evaluate::Evaluation evaluation = study_->Read().cross_validations.at(0).evaluation;
  EXPECT_EQ(results().at("patients").size(), 26U);  // 24 with a tumour, two without, one of whom has two cases
  for (const evaluate::PatientResult& patient : evaluate::PatientsOf(evaluation)) {
    const auto found = std::find_if(results().at("patients").begin(), results().at("patients").end(),
                                    [&](const Json& one) { return one.at("id") == patient.patient_id; });
    ASSERT_NE(found, results().at("patients").end());
    EXPECT_EQ(found->at("truth"), patient.truth);
    EXPECT_EQ(found->at("cases"), Json(patient.case_ids));
    EXPECT_EQ(found->at("runs")[0].at("said"), patient.verdict.predicted);
  }
}

TEST_F(FinishedStudy, APatientsImagesAreOnOneGridWithReferenceAndPredictions) {
  const Json answer = browser_->Json("/api/lab/cases/alpha_00");
  EXPECT_EQ(answer.at("view").at("size"), Json({16, 12, 4}));
  ASSERT_EQ(answer.at("predictions").size(), 2U);
  std::vector<std::string> volumes = {answer.at("view").at("channels")[0].at("volume"), "reference",
                                      answer.at("predictions")[0].at("volume"),
                                      answer.at("predictions")[1].at("volume")};
  for (const std::string& volume : volumes) {
    const http::ShortAnswer file = browser_->Get("/api/lab/cases/alpha_00/volumes/" + volume);
    ASSERT_EQ(file.status, 200) << volume;
    const auto read = image::ParseNifti(std::as_bytes(std::span(file.body)), volume);
    EXPECT_EQ(read.at(0).geometry.size, evaluate::test::SmallGrid().size);
  }
  EXPECT_EQ(browser_->Get("/api/lab/cases/alpha_00/volumes/channel-1").status, 404);
}

TEST_F(FinishedStudy, APatientsImagesSayWhichFiguresTheirRunsArePlacesIn) {
  EXPECT_EQ(browser_->Json("/api/lab/cases/alpha_00").at("revision"), results().at("revision"));
}

TEST_F(FinishedStudy, OneDamagedPredictionIsNamedAndHidesNoOther) {
  for (const experiment::Task& task : study_->setting().tasks) {
    const fs::path file = study_->FolderOf(task.index) / "predictions" / "alpha_00.diagnosis.json";
    if (task.kind != experiment::TaskKind::kRun || !fs::exists(file)) continue;
    const std::string whole = base::ReadFile(file);
    base::WriteFile(file, whole.substr(0, whole.size() / 2));
    const Json predictions = browser_->Json("/api/lab/cases/alpha_00").at("predictions");
    base::WriteFile(file, whole);
    ASSERT_EQ(predictions.size(), 2U);
    EXPECT_THAT(predictions[0].at("problem"), HasSubstr("alpha_00.diagnosis.json"));
    EXPECT_TRUE(predictions[0].at("lesions").empty());
    EXPECT_EQ(predictions[1].at("problem"), "");
    return;
  }
  ADD_FAILURE() << "nobody predicted alpha_00";
}

TEST_F(FinishedStudy, OperatingPointsSayTheirThresholdAndTheSpecificityThatWasReached) {
  for (const Json& run : results().at("roc")) {
    for (const Json& one : run) {
      ASSERT_EQ(one.at("at_specificity").size(), 3U);
      for (const Json& point : one.at("at_specificity")) {
        EXPECT_GE(point.at("reached").get<double>(), point.at("specificity").get<double>() - 1e-9);
        const Json& steps = one.at("threshold");
        EXPECT_NE(std::find(steps.begin(), steps.end(), point.at("threshold")), steps.end());
      }
    }
  }
}

TEST_F(FinishedStudy, WhatHasNotChangedIsNotSentAgain) {
  for (const char* path : {"/api/lab/overview", "/api/lab/results", "/api/lab/curves"}) {
    const http::ShortAnswer first = browser_->Get(path);
    EXPECT_EQ(browser_->Ask("GET", path, {{"if-none-match", first.headers.at("etag")}}).status, 304) << path;
  }
}

TEST(StudyPage, OfAFolderWithoutAStudySaysHowToBeginOne) {
  const LabStudy study;
  const auto lab = study.Open();
  const LabBrowser browser = Entered(*lab);
  EXPECT_THAT(browser.Json("/api/lab/overview").at("problem"), HasSubstr("parotis study -d"));
  EXPECT_EQ(browser.Get("/api/lab/results").status, 404);
  EXPECT_TRUE(browser.Json("/api/lab/curves").at("curves").empty());
}

TEST(StudyPage, FollowsAStudyThatIsRunning) {
  LabStudy study;
  const auto lab = study.Open();
  const LabBrowser browser = Entered(*lab);
  study.Begin();
  EXPECT_THAT(StatesOf(browser.Json("/api/lab/overview")), ::testing::Each("waiting"));
  WaitForFigures(browser);
  EXPECT_TRUE(browser.Json("/api/lab/results").at("runs").empty());
  const std::size_t members = 12;  // of two contrast sets
  for (std::size_t task = 0; task < members; ++task) study.Do(task);
  std::vector<std::string> states = StatesOf(browser.Json("/api/lab/overview"));
  EXPECT_EQ(std::count(states.begin(), states.end(), "done"), 12);
  // No network by itself changes a figure.
  EXPECT_EQ(browser.Json("/api/lab/overview").at("figures"),
            Json({{"revision", 1}, {"computing", false}, {"problem", ""}}));
  for (std::size_t task = members; task < study.setting().tasks.size(); ++task) study.Do(task);
  EXPECT_THAT(StatesOf(browser.Json("/api/lab/overview")), ::testing::Each("done"));
  WaitForFigures(browser, 2);
  EXPECT_TRUE(test::Eventually([&] { return browser.Json("/api/lab/results").at("runs").size() == 2; }));
}

TEST(StudyPage, TellsRunningFromFailedTasks) {
  LabStudy study;
  study.Begin();
  const auto lab = study.Open();
  const LabBrowser browser = Entered(*lab);
  {
    const base::OutputLock lock(study.FolderOf(1) / ".lock", "busy");
    experiment::WriteFailure(study.FolderOf(2), "no memory was left");
    const Json overview = browser.Json("/api/lab/overview");
    EXPECT_EQ(overview.at("tasks")[1].at("state"), "running");
    EXPECT_EQ(overview.at("tasks")[2].at("state"), "failed");
    EXPECT_EQ(overview.at("tasks")[2].at("reason"), "no memory was left");
  }
  EXPECT_EQ(browser.Json("/api/lab/overview").at("tasks")[1].at("state"), "waiting");
}

TEST(StudyPage, SaysWhatCannotStartBecauseAnotherTaskFailed) {
  LabStudy study;
  study.Begin();
  const auto lab = study.Open();
  const LabBrowser browser = Entered(*lab);
  experiment::WriteFailure(study.FolderOf(0), "no memory was left");
  std::size_t blocked = 0;
  const Json overview = browser.Json("/api/lab/overview");
  for (const Json& task : overview.at("tasks")) {
    const std::vector<std::size_t> before =
        experiment::WaitsFor(study.setting().tasks.at(task.at("index").get<std::size_t>()));
    const bool waits_in_vain = std::find(before.begin(), before.end(), 0U) != before.end();
    const char* state = task.at("index") == 0 ? "failed" : waits_in_vain ? "blocked" : "waiting";
    EXPECT_EQ(task.at("state"), state) << task;
    if (!waits_in_vain) continue;
    EXPECT_EQ(task.at("reason"), "not started: " + study.setting().tasks[0].folder + " failed");
    ++blocked;
  }
  EXPECT_EQ(blocked, 3U);  // the tests on both folds that the network has not seen, and the final model
  study.Do(0);
  EXPECT_THAT(StatesOf(browser.Json("/api/lab/overview")), ::testing::Not(::testing::Contains("blocked")));
}

TEST(StudyPage, OfADamagedStudySaysWhatIsWrongAndGoesOnWhenItIsMended) {
  LabStudy study;
  study.DoAll();
  const fs::path plans = study.runs() / "plans" / "plan.json", tasks = study.runs() / "tasks.json";
  const std::string plan = base::ReadFile(plans), list = base::ReadFile(tasks);
  base::WriteFile(plans, plan.substr(0, plan.size() / 2));
  const auto lab = study.Open();
  const LabBrowser browser = Entered(*lab);
  EXPECT_TRUE(test::Eventually([&] {
    const std::string problem = browser.Json("/api/lab/overview").at("figures").at("problem");
    return problem.find("plan.json") != std::string::npos;
  }));
  base::WriteFile(plans, plan);
  WaitForFigures(browser);
  EXPECT_EQ(browser.Json("/api/lab/overview").at("figures").at("problem"), "");
  base::WriteFile(tasks, list.substr(0, list.size() / 2));
  EXPECT_THAT(browser.Json("/api/lab/overview").at("problem"), HasSubstr("tasks.json"));
  base::WriteFile(tasks, list);
  EXPECT_EQ(browser.Json("/api/lab/overview").at("problem"), "");
}

TEST(StudyPage, FiguresThatNobodyVouchesForAreLeftOutAndNamed) {
  LabStudy study;
  study.DoAll();
  for (const experiment::Task& task : study.setting().tasks) {
    if (task.kind != experiment::TaskKind::kRun) continue;
    base::WriteFile(study.FolderOf(task.index) / "evaluation.json", std::string_view("{}"));
    break;
  }
  const auto lab = study.Open();
  const LabBrowser browser = Entered(*lab);
  WaitForFigures(browser);
  const Json results = browser.Json("/api/lab/results");
  EXPECT_EQ(results.at("runs").size(), 1U);
  ASSERT_EQ(results.at("left_out").size(), 1U);
  EXPECT_THAT(results.at("left_out")[0].at("reason"), HasSubstr("result.json"));
}

TEST(StudyPage, FailedTasksAreInTheOverviewAloneWhichForgetsThemWhenTheyAreDone) {
  LabStudy study;
  study.Begin();
  experiment::WriteFailure(study.FolderOf(0), "no memory was left");
  const auto lab = study.Open();
  const LabBrowser browser = Entered(*lab);
  WaitForFigures(browser);
  EXPECT_TRUE(browser.Json("/api/lab/results").at("left_out").empty());
  EXPECT_EQ(browser.Json("/api/lab/overview").at("tasks")[0].at("reason"), "no memory was left");
  study.Do(0);
  EXPECT_EQ(browser.Json("/api/lab/overview").at("tasks")[0].at("state"), "done");
}

class LearningCurves : public ::testing::Test {
 protected:
  LearningCurves() {
    study_.Begin();
    base::CreateFolder(study_.FolderOf(0));
  }
  void Append(const std::string& text) const { std::ofstream(study_.FolderOf(0) / "log.jsonl", std::ios::app) << text; }
  static std::string Line(int iteration, double loss) {
    return fmt::format("{{\"iteration\": {}, \"loss\": {}, \"soft_dice\": 0.5}}\n", iteration, loss);
  }
  Json Since(std::uint64_t after) {
    curves_.Follow(study_.setting().tasks);
    return curves_.Since(after);
  }
  LabStudy study_;
  lab::Curves curves_{study_.runs()};
};

TEST_F(LearningCurves, GrowWithTheLogAndOnlyWhatIsNewIsToldAgain) {
  EXPECT_TRUE(Since(0).at("curves").empty());
  Append(Line(10, 2.5));
  const Json first = Since(0);
  EXPECT_EQ(first.at("curves")[0].at("loss"), Json({2.5}));
  const std::uint64_t seen = first.at("revision");
  EXPECT_TRUE(Since(seen).at("curves").empty());
  Append(Line(20, 2.25).substr(0, 15));  // still being written
  EXPECT_TRUE(Since(seen).at("curves").empty());
  Append(Line(20, 2.25).substr(15));
  EXPECT_EQ(Since(seen).at("curves")[0].at("iteration"), Json({10, 20}));
}

TEST_F(LearningCurves, OfAResumedTrainingForgetWhatItForgot) {
  Append(Line(10, 3) + Line(20, 2) + Line(30, 1));
  Since(0);
  Append(Line(20, 2.5));
  EXPECT_EQ(Since(0).at("curves")[0].at("loss"), Json({3.0, 2.5}));
  fs::resize_file(study_.FolderOf(0) / "log.jsonl", Line(10, 3).size());
  Append(Line(15, 1.5).substr(0, 4));
  EXPECT_EQ(Since(0).at("curves")[0].at("iteration"), Json({10}));
}

TEST_F(LearningCurves, OfADamagedLogSayWhatIsWrongUntilItIsMended) {
  Append("no JSON\n");
  EXPECT_THAT(Since(0).at("curves")[0].at("problem"), HasSubstr("log.jsonl line 1"));
  base::WriteFile(study_.FolderOf(0) / "log.jsonl", Line(10, 1));
  EXPECT_EQ(Since(0).at("curves")[0].at("problem"), "");
}

TEST(Thinning, KeepsBothEndsAndNeverMorePointsThanWereAskedFor) {
  std::vector<report::LogPoint> points;
  for (int n = 0; n < 1001; ++n) points.push_back({static_cast<double>(n), 1, 1});
  const auto thinned = lab::Thinned(points, 100);
  EXPECT_EQ(thinned.size(), 100U);
  EXPECT_EQ(thinned.front().iteration, 0);
  EXPECT_EQ(thinned.back().iteration, 1000);
  EXPECT_EQ(lab::Thinned(thinned, 100).size(), 100U);
}

}  // namespace
}  // namespace parotis
