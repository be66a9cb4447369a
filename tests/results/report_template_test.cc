// The report against the rows of TID 1500 and of the templates that it includes, as highdicom reads them. dciodvfy
// knows modules and value representations, but no templates.
#include <gtest/gtest.h>

#include "tests/results/diagnosed.h"
#include "tests/results/other_readers.h"
#include "tests/support/dciodvfy.h"

namespace parotis::results {
namespace {

std::string SaidOf(const Diagnosed& diagnosed, const char* option = "") {
  return test::OutputOf(test::InEnvironment(test::kHighdicom.with) +
                        " '" PAROTIS_SOURCE_DIR "/tests/results/check_tid1500.py' '" + diagnosed.objects().string() +
                        "' " + option);
}

TEST(ReportTemplate, EveryRowOfTheReportIsWhatTid1500AndItsTemplatesAskFor) {
  if (!IsThere(test::kHighdicom)) GTEST_SKIP() << "needs highdicom (scripts/setup.sh installs it into .venv)";
  Diagnosed diagnosed(physics::Vendor::kUih);
  diagnosed.Write();
  EXPECT_EQ(SaidOf(diagnosed), "");
  diagnosed.Forget();
  std::filesystem::remove(diagnosed.Object("segmentation.dcm"));
  diagnosed.Write();
  EXPECT_EQ(SaidOf(diagnosed), "");
}

// What the templates make optional, and the names of measurements and evaluations, which are free. Of everything else
// absence, relationship or kind would be a breach that the test above notices.
constexpr const char* kOpen = R"(remove Apparent Diffusion Coefficient
remove Derivation
remove Device Observer Manufacturer
remove Device Observer Model Name
remove Device Observer Name
remove Device Observer Serial Number
remove Finding
remove Finding Site
remove Image Library
remove Impression
remove Intended use
remove Language of Content Item and Descendants
remove Laterality
remove Long axis
remove Model
remove Probability
remove Qualitative Evaluations
remove Short axis
remove Verdict
remove Volume
rename Apparent Diffusion Coefficient
rename Derivation
rename Finding
rename Impression
rename Intended use
rename Long axis
rename Model
rename Probability
rename Short axis
rename Verdict
rename Volume
)";

TEST(ReportTemplate, OnlyWhatTheTemplatesLeaveOpenCanBeSpoiltUnnoticed) {
  if (!IsThere(test::kHighdicom)) GTEST_SKIP() << "needs highdicom (scripts/setup.sh installs it into .venv)";
  const Diagnosed diagnosed(physics::Vendor::kUih);
  diagnosed.Write();
  EXPECT_EQ(SaidOf(diagnosed, "--spoil"), kOpen);
}

}  // namespace
}  // namespace parotis::results
