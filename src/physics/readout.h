// How slices become images: what sampling in k-space does to them. Images are complex and without noise; the noise that
// k-space would have added is added here, too, because sampling colours it.
#pragma once

#include <vector>

#include "base/random.h"
#include "image/geometry.h"
#include "physics/line_transform.h"
#include "physics/sequence.h"
#include "physics/slab.h"

namespace parotis::physics {

// What a reconstructed slice is made on. Rows and columns as in the fine planes; the field of view may differ for
// echo-planar readouts, whose images wrap around along the columns.
struct SliceGrid {
  std::int64_t columns = 0, rows = 0;
  double pixel_mm[2] = {1, 1};  // along a row, along a column
};

// One reconstructed slice, [rows, columns].
using ComplexSlice = std::vector<Complex>;

struct ReadoutFaults {
  std::vector<double> line_shift_mm;  // of the patient along the columns while each acquired line was read; or empty
  double ghost = 0;                   // N/2 ghost of an echo-planar image against the image
  double ghost_slope = 0;             // how much it grows from one edge of a row to the other, in radians
};

// Spin and gradient echoes, line by line: fat shifted along the rows (chemical shift), the decay along an echo train
// (T2 blur), fewer lines than rows (ringing), motion between lines. `fat_left`: what suppression leaves, [rows,
// columns] of the fine planes, or empty for the sequence's own value everywhere. `sigma`: standard deviation of the
// noise in each channel of the image. Lines run along the columns.
ComplexSlice ReadLines(const SlicePlanes& planes, const std::vector<float>& fat_left, const Sequence& sequence,
                       double fat_offset_hz, const SliceGrid& grid, double sigma, const ReadoutFaults& faults,
                       base::Random& random);

// One echo-planar shot: every point shifted along the columns by its field offset, signal piled up and drawn out with
// it, fat by its own frequency on top; T2* decay along the train, N/2 ghost. `field_hz`: [rows, columns] of the fine
// planes, or empty for none.
ComplexSlice ReadEchoPlanar(const SlicePlanes& planes, const std::vector<float>& fat_left,
                            const std::vector<float>& field_hz, const Sequence& sequence, double fat_offset_hz,
                            double t2_star_ms, const SliceGrid& grid, double sigma, const ReadoutFaults& faults,
                            base::Random& random);

// Mean over each coarse pixel along one row of the other; concentric grids.
class RowFootprints {
 public:
  RowFootprints(std::int64_t fine, double fine_mm, std::int64_t coarse, double coarse_mm);
  // [rows, fine] → [rows, coarse]
  std::vector<float> Apply(const std::vector<float>& plane, std::int64_t rows) const;

 private:
  struct Footprint {
    std::int64_t first = 0;
    std::vector<float> weights;
  };
  std::int64_t fine_;
  std::vector<Footprint> footprints_;
};

}  // namespace parotis::physics
