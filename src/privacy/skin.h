// The patient's outer surface in one image, in patient space: what is seen of the body and what is air, on a grid whose
// axes run to the left, the back and the head (LPS). Told apart by brightness alone, with a threshold that noise, the
// receive field and ghosts of a tenth of the tissue's signal do not reach.
#pragma once

#include "image/volume.h"

namespace parotis::privacy {

inline constexpr double kSkinGridMm = 2;

struct Skin {
  // Both on one grid: axes L, P, S, kSkinGridMm apart, around all of the image.
  image::LabelVolume body;  // 1 in the largest body; what it encloses in an axial slice belongs to it (airways)
  image::LabelVolume seen;  // 1 within the image; elsewhere nobody knows

  const image::Geometry& grid() const { return body.geometry; }
  bool Body(std::int64_t i, std::int64_t j, std::int64_t k) const { return Within(i, j, k) && body.At(i, j, k) != 0; }
  bool Seen(std::int64_t i, std::int64_t j, std::int64_t k) const { return Within(i, j, k) && seen.At(i, j, k) != 0; }
  bool Within(std::int64_t i, std::int64_t j, std::int64_t k) const {
    const auto& size = body.geometry.size;
    return i >= 0 && j >= 0 && k >= 0 && i < size[0] && j < size[1] && k < size[2];
  }
};

enum class SkinContrast {
  kUsual,    // tissue against air by brightness: not misled by ghosts
  kDarkFat,  // where fat and skin are suppressed: all that stands out from the noise; ghosts may be taken for skin
};

// The body is empty when nothing stands out. `volume`: finite values, more signal is more.
Skin FindSkin(const image::Volume& volume, SkinContrast contrast = SkinContrast::kUsual);

}  // namespace parotis::privacy
