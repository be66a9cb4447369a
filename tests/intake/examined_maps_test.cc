// Fitted maps of whole synthetic examinations: another program's tissues, bolus and signal.
#include <gtest/gtest.h>

#include <map>

#include "tests/support/examined_maps.h"

namespace parotis::intake {
namespace {

// Largest differences between the lesion's median and what was drawn; the drawn time to peak counts from the injection.
// D varies by 150 µm²/s within a lesion, in patches of which a small one holds few.
const std::map<std::string, double> kTolerance = {{"D", 200},  {"F", 0.04}, {"DSTAR", 20000},
                                                  {"K", 0.25}, {"TTP", 45}, {"WASHOUT", 8}};

TEST(ExaminedMaps, WithoutNoiseTheLesionsMedianIsWhatWasDrawn) {
  for (const char* diagnosis : {"pleomorphic", "warthin", "malignant"}) {
    const physics::Examination examination = test::Examine(77, 1, diagnosis, true);
    for (const test::LesionValue& value : test::ValuesOf(examination))
      EXPECT_NEAR(value.median, value.drawn, kTolerance.at(value.channel)) << diagnosis << ", " << value.channel;
  }
}

}  // namespace
}  // namespace parotis::intake
