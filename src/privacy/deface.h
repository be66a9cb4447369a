// The part of patient space in which the face's surface lies, to be emptied: from the air before the skin to a few
// millimetres below it, of all that lies before a plane behind the corners of the eyes and mouth.
//
// The parotid glands are spared by where they lie: on the masseter and behind the mandible's ramus. Accessory tissue
// lies on the masseter, too (Frommer, Oral Surg 1977), about 40 mm or more behind the skin beside the nose; on CT 3 of
// 100 glands reach beyond the masseter's anterior border (1,600 glands: "The accessory parotid gland and facial process
// of the parotid gland on computed tomography", PLoS One 2017). The plane lies 32 mm behind that skin, in proportion to
// the head, and never behind the first row in which the head has reached 92 % of its width: there the cheek looks
// sideways, as it does over the masseter.
#pragma once

#include <cstdint>
#include <vector>

#include "privacy/face.h"

namespace parotis::privacy {

inline constexpr double kShellBelowSkin_mm = 8;  // skin, fat and the muscles of expression
inline constexpr double kSparedAroundTruth_mm = 5;

// How far below the skin a point lies, as one image shows it.
class DepthBelowSkin {
 public:
  explicit DepthBelowSkin(const Skin& skin);

  static constexpr float kNotSeen = -1;
  // mm; 0 in air, kNotSeen where the image shows nothing.
  float At(const image::Vector3& point_world) const;
  const image::Geometry& grid() const { return depth_mm_.geometry; }

 private:
  image::Volume depth_mm_;  // on the skin's grid
};

class FaceRegion {
 public:
  // `face` was found in `skin` and has a frame.
  FaceRegion(const Face& face, const Skin& skin);

  // 1 in the voxels of `grid` to be emptied. Where the region's own image did not see whether there is skin, `own`,
  // that of the image to be emptied, decides; where nobody saw, all of the region goes.
  image::LabelVolume On(const image::Geometry& grid, const DepthBelowSkin* own = nullptr) const;

 private:
  double LimitAt(double z_world) const;  // mm behind the front

  FaceFrame frame_;
  DepthBelowSkin depth_;
  std::vector<double> limit_mm_;  // [level of the skin's grid], behind the front
};

// Takes what is nearer to `spared` than kSparedAroundTruth_mm out of `removed` (one grid); how many voxels that were.
std::int64_t Spare(const image::LabelVolume& spared, image::LabelVolume& removed);

}  // namespace parotis::privacy
