#include "phantom/priors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <regex>

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

TEST(Priors, WrittenOutAndReadAgainAreTheSame) {
  const base::Json json = ToJson(DefaultPriors());
  EXPECT_EQ(base::DumpJson(ToJson(PriorsFromJson(json, "priors.json"))), base::DumpJson(json));
}

TEST(Priors, ASubtypeHasItsClassesValuesAndItsOwn) {
  const TumourPriors& malignant = Tumour("malignant");
  ASSERT_EQ(malignant.subtypes[5].name, "lymphoma");
  EXPECT_EQ(malignant.subtypes[5].lesion.t2_ms.mean, malignant.lesion.t2_ms.mean);
  EXPECT_EQ(malignant.subtypes[5].lesion.adc_um2_s.mean, 710);
  EXPECT_LT(malignant.subtypes[5].lesion.necrosis, malignant.lesion.necrosis);
}

// A value that nobody can trace to a publication, a textbook or a decision of ours has no place in the file.
TEST(Priors, EverySourceMarkIsOneOfThree) {
  const auto bytes = base::ReadFile(fs::path(PAROTIS_SOURCE_DIR) / "configs" / "priors.json");
  const std::string text(bytes.begin(), bytes.end());
  const std::regex mark("\\[[a-z]\\]");
  int marks = 0;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), mark); it != std::sregex_iterator(); ++it, ++marks)
    EXPECT_THAT(it->str(), testing::AnyOf("[s]", "[r]", "[p]"));
  EXPECT_GT(marks, 60);
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

TEST(Priors, DrawnDiffusionCurvesAndDemographyMeetTheirTargets) {
  EXPECT_NEAR(Realised(Tumour("warthin"), [](const TumourDraw& d) { return d.pseudo_diffusion_um2_s; }).mean, 59000,
              600);
  EXPECT_NEAR(Realised(Tumour("malignant"), [](const TumourDraw& d) { return d.kurtosis; }).mean, 1.0, 0.02);
  const auto washout = [](const TumourDraw& d) { return d.washout_percent; };
  EXPECT_NEAR(Realised(Tumour("warthin"), washout).mean, 44, 1);
  EXPECT_NEAR(Realised(Tumour("warthin"), washout).sd, 20, 1.5);
  EXPECT_NEAR(Realised(Tumour("malignant"), washout).mean, 12, 1);
  EXPECT_NEAR(Realised(Tumour("pleomorphic"), washout).mean, 5, 0.5);
  int men = 0, smokers = 0;
  for (int k = 0; k < 2000; ++k) {
    const Patient patient = DrawPatient(DefaultPriors(), 4, k, "warthin");
    men += patient.male ? 1 : 0, smokers += patient.smoker ? 1 : 0;
  }
  EXPECT_NEAR(men / 2000.0, 0.75, 0.03);
  EXPECT_NEAR(smokers / 2000.0, 0.905, 0.02);
}

TEST(Spread, DensitiesIntegrateToOneAndDrawsHaveTheirMoments) {
  for (const Spread::Shape shape : {Spread::Shape::kLogNormal, Spread::Shape::kNormal}) {
    const Spread spread = {950, 200, shape};
    double density = 0, sum = 0, squares = 0;
    for (double adc = 1; adc < 4000; ++adc) density += std::exp(spread.LogDensity(adc));
    EXPECT_NEAR(density, 1, 1e-5);
    base::Random random(3);
    constexpr int kDraws = 40000;
    for (int d = 0; d < kDraws; ++d) {
      const double value = spread.Draw(random);
      sum += value, squares += value * value;
    }
    EXPECT_NEAR(sum / kDraws, 950, 5);
    EXPECT_NEAR(std::sqrt(squares / kDraws - sum * sum / kDraws / kDraws), 200, 5);
  }
}

TEST(Priors, ProbabilitiesThatDoNotAddUpAreRefusedWithTheirPath) {
  base::Json json = ToJson(DefaultPriors());
  json["tumours"][1]["subtypes"][0]["site"] = {0.5, 0.5, 0.5};
  EXPECT_THAT(MessageOf(json), HasSubstr("tumours[1].subtypes[0].site adds up to 1.5"));
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
