#include "privacy/pixel_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "physics/scan.h"
#include "tests/privacy/bodies.h"
#include "tests/support/planted_text.h"

namespace parotis::privacy {
namespace {

image::Volume Leg() { return test::Imaged({}, test::Cylinder(60, 60)); }

test::DrawnText WhiteText() {
  test::DrawnText text;
  text.ink = 400;
  return text;
}

TEST(FindText, SaysWhereTheLineIs) {
  image::Volume pictures = Leg();
  for (std::int64_t k = 0; k < pictures.geometry.size[2]; ++k) Draw(pictures, k, WhiteText());
  const std::vector<TextLine> lines = FindText(pictures);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines[0].slice, -1);
  EXPECT_NEAR(lines[0].row, 4, 2);
  EXPECT_GE(lines[0].characters, kFewestCharacters);
  EXPECT_THAT(Describe(lines[0]), testing::HasSubstr("characters at column"));
}

TEST(FindText, OnePictureOfManyIsEnough) {
  image::Volume pictures = Leg();
  Draw(pictures, 7, WhiteText());
  const std::vector<TextLine> lines = FindText(pictures);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines[0].slice, 7);
}

TEST(FindText, BodiesNoiseAndConstantsHaveNone) {
  EXPECT_TRUE(FindText(Leg()).empty());
  EXPECT_TRUE(FindText(test::Imaged({}, [](double, double, double) { return false; })).empty());
  EXPECT_TRUE(FindText(image::Volume(Leg().geometry, 3)).empty());
}

TEST(FindText, AMarkerOfOneLetterIsNone) {
  image::Volume pictures = Leg();
  test::DrawnText marker = WhiteText();
  marker.text = "R";
  for (std::int64_t k = 0; k < pictures.geometry.size[2]; ++k) Draw(pictures, k, marker);
  EXPECT_TRUE(FindText(pictures).empty());
}

TEST(FindText, TextOnSyntheticPatientsIsFoundAndNothingElse) {
  int planted = 0, found = 0;
  for (const std::int64_t index : {0, 1}) {
    const physics::Examination examination = physics::Scan(
        phantom::DrawPatient(phantom::DefaultPriors(), 23, index, "pleomorphic"), phantom::DefaultPriors(), {});
    for (const image::Volume* clean :
         {&examination.t2, &examination.t1c, &examination.TraceAt(0), &examination.TraceAt(1000), &examination.adc}) {
      EXPECT_TRUE(FindText(*clean).empty());
      for (std::uint64_t trial = 0; trial < 6; ++trial) {
        base::Random random(29, {static_cast<std::uint64_t>(index), trial});
        image::Volume volume = *clean;
        if (!test::PlantText(volume, random).drawn) continue;
        ++planted;
        found += FindText(volume).empty() ? 0 : 1;
      }
    }
  }
  EXPECT_GE(planted, 20);
  EXPECT_GE(found, planted * 95 / 100);
}

}  // namespace
}  // namespace parotis::privacy
