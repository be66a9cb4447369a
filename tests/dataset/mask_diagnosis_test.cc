#include "dataset/mask_diagnosis.h"

#include <gtest/gtest.h>

#include "dataset/participants.h"

namespace parotis::dataset {
namespace {

std::string Shown(const std::vector<std::int64_t>& voxels) {
  return DiagnosisShown(voxels, {"background", "alpha", "beta", "gamma"});
}

TEST(DiagnosisShown, IsTheLabelWithTheMostVoxels) {
  EXPECT_EQ(Shown({1000, 3, 5, 0}), "beta");
  EXPECT_EQ(Shown({0, 4, 1, 4}), "alpha") << "of equals the earlier one";
}

TEST(DiagnosisShown, NoLabelIsNoTumour) {
  EXPECT_EQ(Shown({1000, 0, 0, 0}), kTumourFree);
  EXPECT_EQ(Shown({1000}), kTumourFree);
}

}  // namespace
}  // namespace parotis::dataset
