#include "physics/structures.h"

#include <gtest/gtest.h>

#include "phantom/painter.h"

namespace parotis::physics {
namespace {

TEST(Structures, ATumourLiesOnTopOfItsGland) {
  Examination examination;
  image::Geometry grid;
  grid.size = {5, 1, 1};
  examination.lesions = image::LabelVolume(grid);
  examination.glands = image::LabelVolume(grid);
  using phantom::GlandRegion;
  const GlandRegion regions[] = {GlandRegion::kNone, GlandRegion::kParotidRightDeep,
                                 GlandRegion::kParotidLeftSuperficial, GlandRegion::kSubmandibularLeft,
                                 GlandRegion::kNone};
  for (std::size_t v = 0; v < 5; ++v) examination.glands.voxels[v] = static_cast<std::uint8_t>(regions[v]);
  examination.lesions.voxels[2] = 2;  // the patient's second lesion
  examination.lesions.voxels[4] = 1;
  const image::LabelVolume labels = StructuresOf(examination);
  const std::vector<std::string> names = StructureLabels();
  std::vector<std::string> seen;
  for (const std::uint8_t value : labels.voxels) seen.push_back(names.at(value));
  EXPECT_EQ(seen, (std::vector<std::string>{"background", "parotid", "tumour", "submandibular", "tumour"}));
}

}  // namespace
}  // namespace parotis::physics
