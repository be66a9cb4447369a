// Datasets of a few tiny cases, whose voxels say where they belong: the channel, the case and the position.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/files.h"
#include "dataset/dataset.h"
#include "image/nifti.h"

namespace parotis::test {

inline image::Geometry SmallGrid() {
  image::Geometry grid;
  grid.size = {6, 5, 4};
  grid.spacing_mm = {0.5, 0.75, 4};
  grid.origin_world = {-12, 30, 7};
  return grid;
}

// Voxel v of channel c in case number n is 2000·n + 1000·c + v, and a remainder that makes no two images alike even
// after turning over or rescaling. As an ADC in µm²/s it is plausible up to some ten cases.
inline float SmallVoxel(int number, std::size_t channel, std::size_t v) {
  const std::size_t place = static_cast<std::size_t>(number) * 7 + channel * 3 + 2;
  return static_cast<float>(2000 * static_cast<std::size_t>(number) + 1000 * channel + v + (v * v * place + v) % 97);
}

inline dataset::Case SmallCase(int number, const std::vector<std::string>& channels, std::uint8_t label = 1,
                               const image::Geometry& grid = SmallGrid()) {
  dataset::Case examination;
  examination.id = fmt::format("case_{:03}", number);
  examination.grid = grid;
  examination.channel_names = channels;
  for (std::size_t c = 0; c < channels.size(); ++c) {
    image::Volume volume(grid);
    for (std::size_t v = 0; v < volume.voxels.size(); ++v) {
      volume.voxels[v] = SmallVoxel(number, c, v);
    }
    examination.channels.push_back(std::move(volume));
  }
  examination.truth = image::LabelVolume(grid);
  examination.truth->At(2, 1, 3) = label;
  return examination;
}

inline dataset::Participant ParticipantOf(const dataset::Case& examination, const std::string& diagnosis) {
  return {
      .patient_id = "patient of " + examination.id, .case_id = examination.id, .diagnosis = diagnosis, .columns = {}};
}

// Cases 1 … count with the channels T2 and ADC and the labels background, warthin, malignant in turn.
inline void WriteSmallDataset(const std::filesystem::path& folder, int count) {
  const std::vector<std::string> labels = {"background", "warthin", "malignant"};
  dataset::DatasetWriter writer(folder, "Small", {"T2", "ADC"}, labels, "made by a test");
  for (int number = 1; number <= count; ++number) {
    const auto label = static_cast<std::uint8_t>(1 + number % 2);
    const dataset::Case examination = SmallCase(number, {"T2", "ADC"}, label);
    writer.Add(examination, ParticipantOf(examination, labels[label]));
  }
  writer.Finish();
}

}  // namespace parotis::test
