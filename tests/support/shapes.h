// A dataset that a small network learns in seconds: bright squares (label 1) and dark discs (label 2) on a noisy
// ground.
#pragma once

#include <filesystem>

#include "base/random.h"
#include "dataset/dataset.h"

namespace parotis::test {

inline image::Geometry ShapesGrid() {
  image::Geometry grid;
  grid.size = {30, 26, 5};
  grid.spacing_mm = {1, 1, 4};
  return grid;
}

// Case number `index`: even ones show a square in slices 1 to 3, odd ones a disc; slice 0 and the last show nothing.
inline dataset::Case ShapesCase(int index) {
  base::Random random(11, {static_cast<std::uint64_t>(index)});
  dataset::Case examination;
  examination.id = "case_" + std::to_string(index);
  examination.grid = ShapesGrid();
  examination.channel_names = {"A", "B"};
  examination.channels.assign(2, image::Volume(examination.grid));
  examination.truth = image::LabelVolume(examination.grid);
  const std::int64_t column = 9 + random.Integer(12), row = 8 + random.Integer(10);
  for (std::int64_t k = 0; k < 5; ++k) {
    for (std::int64_t j = 0; j < 26; ++j) {
      for (std::int64_t i = 0; i < 30; ++i) {
        const std::int64_t di = i - column, dj = j - row;
        const bool square = std::max(std::abs(di), std::abs(dj)) <= 4, disc = di * di + dj * dj <= 20;
        const bool inside = k > 0 && k < 4 && (index % 2 == 0 ? square : disc);
        const float signal = inside ? (index % 2 == 0 ? 2.0F : -2.0F) : 0.0F;
        examination.channels[0].At(i, j, k) = signal + static_cast<float>(random.Normal(0, 0.2));
        examination.channels[1].At(i, j, k) = static_cast<float>(random.Normal(0, 0.2));
        if (inside) examination.truth->At(i, j, k) = static_cast<std::uint8_t>(1 + index % 2);
      }
    }
  }
  return examination;
}

inline void WriteShapes(const std::filesystem::path& folder, int cases) {
  dataset::DatasetWriter writer(folder, "shapes", {"A", "B"}, {"background", "square", "disc"}, "made by a test");
  for (int i = 0; i < cases; ++i) {
    dataset::Participant participant;
    participant.patient_id = "patient_" + std::to_string(i);
    participant.case_id = "case_" + std::to_string(i);
    participant.diagnosis = i % 2 == 0 ? "square" : "disc";
    writer.Add(ShapesCase(i), participant);
  }
  writer.Finish();
}

}  // namespace parotis::test
