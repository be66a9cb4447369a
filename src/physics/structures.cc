#include "physics/structures.h"

#include "phantom/painter.h"

namespace parotis::physics {
namespace {

enum Structure : std::uint8_t { kBackground, kTumour, kParotid, kSubmandibular };

Structure StructureOf(std::uint8_t gland_region) {
  switch (static_cast<phantom::GlandRegion>(gland_region)) {
    case phantom::GlandRegion::kNone: return kBackground;
    case phantom::GlandRegion::kSubmandibularRight:
    case phantom::GlandRegion::kSubmandibularLeft: return kSubmandibular;
    default: return kParotid;
  }
}

}  // namespace

std::vector<std::string> StructureLabels() { return {"background", "tumour", "parotid", "submandibular"}; }

image::LabelVolume StructuresOf(const Examination& examination) {
  image::LabelVolume labels = examination.lesions;
  for (std::size_t v = 0; v < labels.voxels.size(); ++v)
    labels.voxels[v] = labels.voxels[v] != 0 ? kTumour : StructureOf(examination.glands.voxels[v]);
  return labels;
}

}  // namespace parotis::physics
