// What the pixels of a study show of a person: text that was drawn into pictures, and faces that can be recognised.
// Both are judged by the pixels alone (privacy/pixel_text.h, privacy/face.h), whatever the headers say.
#pragma once

#include <optional>
#include <vector>

#include "dicom/series.h"
#include "privacy/face.h"
#include "privacy/pixel_text.h"

namespace parotis::dicom {

struct TextInFile {
  std::size_t file = 0;  // index into Series::files
  int frame = 0;         // 0-based
  privacy::TextLine line;
};
// The first that is found. All frames of all files are looked at, those of one size together; files that cannot be
// decoded and pictures in colour are passed over.
std::optional<TextInFile> FindTextIn(const Series& series);

struct FaceInSeries {
  std::size_t series = 0;  // index into Study::series
  privacy::FaceInImage image;
};
// One for every series with a volume of signal (no maps of ADC, anisotropy, phase or field) that can be loaded: its
// first. Where no head was found the face has no frame.
std::vector<FaceInSeries> FindFacesIn(const Study& study);

// The face of which most is seen; null when none can be recognised.
const FaceInSeries* MostRecognisable(const std::vector<FaceInSeries>& faces);

}  // namespace parotis::dicom
