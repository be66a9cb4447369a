#include "dicom/identity_in_pixels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "base/error.h"
#include "dicom/pixel_file.h"
#include "dicom/pixels.h"

namespace parotis::dicom {
namespace {

constexpr std::size_t kPicturesAtOnce = 64;  // bounds the memory

// Pictures of one size, and where they come from.
class Stack {
 public:
  void Add(std::size_t file, int frame, const PixelDescription& pixels, const std::vector<double>& values) {
    columns_ = pixels.columns, rows_ = pixels.rows;
    sources_.emplace_back(file, frame);
    for (const double value : values) voxels_.push_back(std::isfinite(value) ? static_cast<float>(value) : 0.0F);
  }
  bool full() const { return sources_.size() >= kPicturesAtOnce; }

  // Empties the stack.
  std::optional<TextInFile> Find() {
    if (sources_.empty()) return std::nullopt;
    image::Volume pictures;
    pictures.geometry.size = {columns_, rows_, static_cast<std::int64_t>(sources_.size())};
    pictures.voxels = std::move(voxels_);
    const auto sources = std::move(sources_);
    voxels_.clear(), sources_.clear();
    const std::vector<privacy::TextLine> lines = privacy::FindText(pictures);
    if (lines.empty()) return std::nullopt;
    const auto& [file, frame] = sources[static_cast<std::size_t>(std::max<std::int64_t>(0, lines.front().slice))];
    return TextInFile{file, frame, lines.front()};
  }

 private:
  int columns_ = 0, rows_ = 0;
  std::vector<float> voxels_;
  std::vector<std::pair<std::size_t, int>> sources_;
};

// Values in air mean nothing there.
bool IsMap(const SeriesVolume& volume) {
  static constexpr std::array<const char*, 8> kMaps = {"ADC",   "EADC",      "FA",        "P",
                                                       "PHASE", "PHASE MAP", "FIELD_MAP", "B0 MAP"};
  return !volume.unit.empty() || std::any_of(volume.image_type.begin(), volume.image_type.end(), [](const auto& type) {
    return std::find(kMaps.begin(), kMaps.end(), type) != kMaps.end();
  });
}

}  // namespace

std::optional<TextInFile> FindTextIn(const Series& series) {
  std::map<std::pair<int, int>, Stack> stacks;
  for (std::size_t f = 0; f < series.files.size(); ++f) {
    try {
      PixelFile file(series.files[f].path);
      const PixelDescription& pixels = file.description();
      if (!pixels.is_map_of_signal()) continue;
      Stack& stack = stacks[{pixels.rows, pixels.columns}];
      for (int frame = 0; frame < pixels.frames; ++frame) {
        stack.Add(f, frame, pixels, file.Signal(frame));
        if (!stack.full()) continue;
        if (auto found = stack.Find()) return found;
      }
    } catch (const base::Error&) {
      continue;  // it says so itself when it is read for its own sake
    }
  }
  for (auto& [size, stack] : stacks) {
    if (auto found = stack.Find()) return found;
  }
  return std::nullopt;
}

std::vector<FaceInSeries> FindFacesIn(const Study& study) {
  std::vector<FaceInSeries> faces;
  for (std::size_t s = 0; s < study.series.size(); ++s) {
    const Series& series = study.series[s];
    const auto volume = std::find_if(series.volumes.begin(), series.volumes.end(), [](const SeriesVolume& each) {
      return each.problem.empty() && each.calculated.empty() && !IsMap(each);
    });
    if (volume == series.volumes.end()) continue;
    try {
      faces.push_back(
          {s, privacy::FindFace(LoadVolume(series, static_cast<std::size_t>(volume - series.volumes.begin())))});
    } catch (const base::Error&) {
      continue;
    }
  }
  return faces;
}

const FaceInSeries* MostRecognisable(const std::vector<FaceInSeries>& faces) {
  const FaceInSeries* best = nullptr;
  for (const FaceInSeries& each : faces) {
    if (!each.image.face.recognisable()) continue;
    if (best == nullptr || each.image.face.area_cm2 > best->image.face.area_cm2) best = &each;
  }
  return best;
}

}  // namespace parotis::dicom
