#include "phantom/priors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "base/files.h"
#include "phantom/patient.h"
#include "tests/support/temporary_folder.h"

namespace parotis::phantom {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

struct Moments {
  double mean = 0, sd = 0;
};

template <class Value>
Moments Realised(const TumourPriors& tumour, const Value& value) {
  constexpr int kDraws = 20000;
  double sum = 0, squares = 0;
  for (int d = 0; d < kDraws; ++d) {
    base::Random random(17, {static_cast<std::uint64_t>(d)});
    const double x = value(DrawTumour(tumour, random));
    sum += x, squares += x * x;
  }
  const double mean = sum / kDraws;
  return {mean, std::sqrt(squares / kDraws - mean * mean)};
}

const TumourPriors& Tumour(const std::string& name) { return DefaultPriors().tumours[DefaultPriors().IndexOf(name)]; }

std::string MessageOf(const base::Json& json) {
  try {
    PriorsFromJson(json, "priors.json");
  } catch (const base::Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Priors, TheCommentedExampleHoldsTheCompiledDefaults) {
  const Priors read = ReadPriors(fs::path(PAROTIS_SOURCE_DIR) / "configs" / "priors.json");
  EXPECT_EQ(base::DumpJson(ToJson(read)), base::DumpJson(ToJson(DefaultPriors())));
}

TEST(Priors, DrawnAdcMeetsTheTargetOfEveryClass) {
  const auto adc = [](const TumourDraw& draw) { return draw.adc_um2_s; };
  const auto expect = [&](const char* name, double mean, double sd) {
    const Moments moments = Realised(Tumour(name), adc);
    EXPECT_NEAR(moments.mean, mean, 0.015 * mean) << name;
    EXPECT_NEAR(moments.sd, sd, 0.05 * sd) << name;
  };
  expect("pleomorphic", 1730, 380);
  expect("warthin", 950, 200);
  expect("malignant", 1100, 360);
}

TEST(Priors, DrawnRelaxationTimesMeetTheirTargets) {
  const auto t2 = [](const TumourDraw& draw) { return draw.t2_ms; };
  EXPECT_NEAR(Realised(Tumour("pleomorphic"), t2).mean, 120, 2);
  EXPECT_NEAR(Realised(Tumour("pleomorphic"), t2).sd, 38, 2);
  EXPECT_NEAR(Realised(Tumour("warthin"), t2).mean, 88, 1.5);
  EXPECT_NEAR(Realised(Tumour("malignant"), t2).mean, 96, 1.5);
  const auto t1 = [](const TumourDraw& draw) { return draw.t1_ms; };
  EXPECT_NEAR(Realised(Tumour("pleomorphic"), t1).mean - Realised(Tumour("warthin"), t1).mean, 100, 6);
}

TEST(Priors, LogDensityIntegratesToOne) {
  const Spread spread = {950, 200};
  double sum = 0;
  for (double adc = 1; adc < 4000; ++adc) sum += std::exp(spread.LogDensity(adc));
  EXPECT_NEAR(sum, 1, 1e-6);
}

TEST(Priors, ProbabilitiesThatDoNotAddUpAreRefusedWithTheirPath) {
  base::Json json = ToJson(DefaultPriors());
  json["tumours"][1]["site"] = {0.5, 0.5, 0.5};
  EXPECT_THAT(MessageOf(json), HasSubstr("tumours[1].site adds up to 1.5"));
}

TEST(Priors, AnUnknownKeyIsRefused) {
  base::Json json = ToJson(DefaultPriors());
  json["tumours"][0]["t2_msec"] = 90;
  EXPECT_THAT(MessageOf(json), HasSubstr("t2_msec"));
}

TEST(Priors, ASpreadMustBePositive) {
  base::Json json = ToJson(DefaultPriors());
  json["tumours"][2]["t2_ms"] = {96, 0};
  EXPECT_THAT(MessageOf(json), HasSubstr("tumours[2].t2_ms must be [mean, sd]"));
}

}  // namespace
}  // namespace parotis::phantom
