// Between this project's images and ITK's.
#pragma once

#include <itkImage.h>

#include <algorithm>

#include "image/volume.h"

namespace parotis::test {

template <class T>
typename itk::Image<T, 3>::Pointer ToItk(const image::Image<T>& image) {
  const auto result = itk::Image<T, 3>::New();
  typename itk::Image<T, 3>::SizeType size;
  typename itk::Image<T, 3>::SpacingType spacing;
  typename itk::Image<T, 3>::PointType origin;
  typename itk::Image<T, 3>::DirectionType direction;
  for (unsigned a = 0; a < 3; ++a) {
    size[a] = static_cast<itk::SizeValueType>(image.geometry.size[a]);
    spacing[a] = image.geometry.spacing_mm[a];
    origin[a] = image.geometry.origin_world[a];
    for (unsigned row = 0; row < 3; ++row) direction[row][a] = image.geometry.direction[row][a];
  }
  result->SetRegions(size);
  result->SetSpacing(spacing);
  result->SetOrigin(origin);
  result->SetDirection(direction);
  result->Allocate();
  std::copy(image.voxels.begin(), image.voxels.end(), result->GetBufferPointer());
  return result;
}

template <class T>
image::Image<T> FromItk(const itk::Image<T, 3>& source) {
  image::Geometry geometry;
  const auto size = source.GetLargestPossibleRegion().GetSize();
  for (unsigned a = 0; a < 3; ++a) {
    geometry.size[a] = static_cast<std::int64_t>(size[a]);
    geometry.spacing_mm[a] = source.GetSpacing()[a];
    geometry.origin_world[a] = source.GetOrigin()[a];
    for (unsigned row = 0; row < 3; ++row) geometry.direction[row][a] = source.GetDirection()[row][a];
  }
  image::Image<T> result(geometry);
  std::copy_n(source.GetBufferPointer(), result.voxels.size(), result.voxels.begin());
  return result;
}

}  // namespace parotis::test
