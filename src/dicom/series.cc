#include "dicom/series.h"

#include <fmt/format.h>

namespace parotis::dicom {

std::string NameOf(SlicePlane plane) {
  switch (plane) {
    case SlicePlane::kAxial: return "axial";
    case SlicePlane::kCoronal: return "coronal";
    case SlicePlane::kSagittal: return "sagittal";
    case SlicePlane::kMixed: return "mixed";
    case SlicePlane::kUnknown: break;
  }
  return "unknown";
}

std::string NameOf(const Series& series) {
  const std::string number = series.number ? std::to_string(*series.number) : series.uid;
  return series.description.empty() ? "series " + number : fmt::format("series {} ({})", number, series.description);
}

}  // namespace parotis::dicom
