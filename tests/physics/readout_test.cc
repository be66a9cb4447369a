#include "physics/readout.h"

#include <gtest/gtest.h>

#include <cmath>

namespace parotis::physics {
namespace {

constexpr std::int64_t kFine = 240;
constexpr double kFineMm = 0.8;

using Fill = float (*)(std::int64_t i, std::int64_t j);

SlicePlanes Planes(Fill water, Fill fat = nullptr) {
  SlicePlanes planes;
  planes.columns = planes.rows = kFine;
  planes.pixel_mm[0] = planes.pixel_mm[1] = kFineMm;
  for (std::int64_t j = 0; j < kFine; ++j) {
    for (std::int64_t i = 0; i < kFine; ++i) {
      planes.water.push_back(water == nullptr ? 0 : water(i, j));
      planes.fat.push_back(fat == nullptr ? 0 : fat(i, j));
    }
  }
  return planes;
}

// A soft blob, 100 at its centre.
float Blob(std::int64_t i, std::int64_t j) {
  const double x = static_cast<double>(i) - 130, y = static_cast<double>(j) - 90;
  return static_cast<float>(100 * std::exp(-(x * x + y * y) / 400));
}
float Block(std::int64_t i, std::int64_t j) { return i >= 100 && i < 140 && j >= 80 && j < 120 ? 100.0f : 0.0f; }

const SliceGrid kAnatomy = {kFine, kFine, {kFineMm, kFineMm}};
const SliceGrid kEchoPlanarGrid = {120, 120, {1.7, 1.7}};

Sequence EchoPlanar() {
  Sequence sequence;
  sequence.kind = SequenceKind::kEchoPlanar;
  sequence.echo_spacing_ms = 0.6;
  sequence.acceleration = 2;
  return sequence;
}

struct Centre {
  double sum = 0, i_mm = 0, j_mm = 0;  // from the middle of the image
};
Centre CentreOf(const ComplexSlice& slice, const SliceGrid& grid) {
  Centre centre;
  for (std::int64_t j = 0; j < grid.rows; ++j) {
    for (std::int64_t i = 0; i < grid.columns; ++i) {
      const double value = std::abs(slice[static_cast<std::size_t>(j * grid.columns + i)]);
      centre.sum += value;
      centre.i_mm +=
          value * (static_cast<double>(i) + 0.5 - 0.5 * static_cast<double>(grid.columns)) * grid.pixel_mm[0];
      centre.j_mm += value * (static_cast<double>(j) + 0.5 - 0.5 * static_cast<double>(grid.rows)) * grid.pixel_mm[1];
    }
  }
  centre.i_mm /= centre.sum, centre.j_mm /= centre.sum;
  centre.sum *= grid.pixel_mm[0] * grid.pixel_mm[1];
  return centre;
}

ComplexSlice Lines(const SlicePlanes& planes, const Sequence& sequence, double fat_hz = 0,
                   const ReadoutFaults& faults = {}) {
  base::Random random(1);
  return ReadLines(planes, {}, sequence, fat_hz, kAnatomy, 0, faults, random);
}
ComplexSlice Echoes(const SlicePlanes& planes, const std::vector<float>& field, const Sequence& sequence,
                    double fat_hz = 0, const ReadoutFaults& faults = {}) {
  base::Random random(1);
  return ReadEchoPlanar(planes, {}, field, sequence, fat_hz, 1e9, kEchoPlanarGrid, 0, faults, random);
}

TEST(ReadLines, KeepsASmoothObjectAsItIs) {
  const SlicePlanes planes = Planes(Blob);
  const ComplexSlice slice = Lines(planes, Sequence{});
  for (std::size_t p = 0; p < slice.size(); ++p) ASSERT_NEAR(std::abs(slice[p]), planes.water[p], 0.2);
}

TEST(ReadLines, FatIsShiftedByItsFrequencyOverTheBandwidth) {
  Sequence sequence;
  sequence.read_bandwidth_hz = 200;
  const SlicePlanes planes = Planes(nullptr, Blob);
  const double shift_mm =
      CentreOf(Lines(planes, sequence, -450), kAnatomy).i_mm - CentreOf(Lines(planes, sequence), kAnatomy).i_mm;
  EXPECT_NEAR(shift_mm, -450.0 / 200 * 0.8, 0.01);
}

// Gibbs: with fewer lines than rows an edge swings over; with all of them and a filter it hardly does.
TEST(ReadLines, FewerLinesRing) {
  Sequence few, all;
  few.phase_lines = 120;
  const auto swing = [](const ComplexSlice& slice) {
    double largest = 0;
    for (std::int64_t j = 70; j < 130; ++j)
      largest = std::max(largest, static_cast<double>(std::abs(slice[static_cast<std::size_t>(j * kFine + 120)])));
    return largest - 100;
  };
  const SlicePlanes planes = Planes(Block);
  EXPECT_GT(swing(Lines(planes, few)), 3);
  EXPECT_NEAR(CentreOf(Lines(planes, few), kAnatomy).sum, CentreOf(Lines(planes, all), kAnatomy).sum,
              0.1 * 40 * 40 * 64);
}

// The decay along a train blurs the image along the phase encoding and keeps what an area sums up to.
TEST(ReadLines, AnEchoTrainBlursWhatDecaysQuickly) {
  Sequence sequence;
  sequence.kind = SequenceKind::kTurboSpinEcho;
  sequence.echo_train = 15, sequence.echo_spacing_ms = 10;
  SlicePlanes planes = Planes([](std::int64_t i, std::int64_t j) { return i == 120 && j == 120 ? 100.0f : 0.0f; });
  planes.slow_water.assign(planes.water.size(), 0.0f);
  const ComplexSlice fast = Lines(planes, sequence);
  planes.slow_water = planes.water;
  const ComplexSlice slow = Lines(planes, sequence);
  const auto spread = [](const ComplexSlice& slice) {
    double squares = 0, peak = 0;
    Complex sum = 0;
    for (std::int64_t j = 0; j < kFine; ++j) {
      const Complex value = slice[static_cast<std::size_t>(j * kFine + 120)];
      squares += std::norm(value), peak = std::max(peak, static_cast<double>(std::norm(value))), sum += value;
    }
    EXPECT_NEAR(std::abs(sum), 100, 0.5) << "the centre of k-space holds the sum";
    return squares / peak;
  };
  EXPECT_GT(spread(fast), 1.3 * spread(slow));
}

TEST(ReadLines, NoiseHasTheStatedDeviationInEachChannel) {
  const SlicePlanes planes = Planes(nullptr);
  for (const int lines : {0, 170}) {
    Sequence sequence;
    sequence.phase_lines = lines;
    base::Random random(5);
    const ComplexSlice slice = ReadLines(planes, {}, sequence, 0, kAnatomy, 7, {}, random);
    double real = 0, imaginary = 0;
    for (const Complex& value : slice) real += value.real() * value.real(), imaginary += value.imag() * value.imag();
    const auto count = static_cast<double>(slice.size());
    EXPECT_NEAR(std::sqrt(real / count), 7, 0.15);
    EXPECT_NEAR(std::sqrt(imaginary / count), 7, 0.15);
  }
}

TEST(ReadLines, MotionBetweenLinesLeavesTheSumAndMovesTheRest) {
  ReadoutFaults moved;
  moved.line_shift_mm.assign(kFine, 4.0);
  const SlicePlanes planes = Planes(Blob);
  EXPECT_NEAR(
      CentreOf(Lines(planes, Sequence{}, 0, moved), kAnatomy).j_mm - CentreOf(Lines(planes, Sequence{}), kAnatomy).j_mm,
      4, 0.02)
      << "the same shift in every line is a shift";
}

TEST(ReadEchoPlanar, PutsASmoothObjectWhereItIs) {
  const SlicePlanes planes = Planes(Blob);
  const Centre made = CentreOf(Echoes(planes, {}, EchoPlanar()), kEchoPlanarGrid),
               truth = CentreOf(Lines(planes, Sequence{}), kAnatomy);
  EXPECT_NEAR(made.i_mm, truth.i_mm, 0.02);
  EXPECT_NEAR(made.j_mm, truth.j_mm, 0.02);
  EXPECT_NEAR(made.sum / truth.sum, 1, 0.003);
}

// shift = Δf · N · echo spacing / R in pixels; what is piled up or drawn out keeps its sum.
TEST(ReadEchoPlanar, TheFieldMovesByItsFormulaAndKeepsTheSignal) {
  const SlicePlanes planes = Planes(Blob);
  const Centre still = CentreOf(Echoes(planes, {}, EchoPlanar()), kEchoPlanarGrid);
  const Centre moved =
      CentreOf(Echoes(planes, std::vector<float>(planes.water.size(), 60.0f), EchoPlanar()), kEchoPlanarGrid);
  EXPECT_NEAR(moved.j_mm - still.j_mm, 60 * 120 * 0.6e-3 / 2 * 1.7, 0.02);
  EXPECT_NEAR(moved.i_mm, still.i_mm, 0.01);
  std::vector<float> bent(planes.water.size());
  for (std::int64_t j = 0; j < kFine; ++j) {
    for (std::int64_t i = 0; i < kFine; ++i)
      bent[static_cast<std::size_t>(j * kFine + i)] = static_cast<float>(80 * std::sin(0.06 * static_cast<double>(j)));
  }
  EXPECT_NEAR(CentreOf(Echoes(planes, bent, EchoPlanar()), kEchoPlanarGrid).sum / still.sum, 1, 0.005);
  Sequence reversed = EchoPlanar();
  reversed.polarity = -1;
  const Centre other =
      CentreOf(Echoes(planes, std::vector<float>(planes.water.size(), 60.0f), reversed), kEchoPlanarGrid);
  EXPECT_NEAR(other.j_mm - still.j_mm, -(moved.j_mm - still.j_mm), 0.02);
}

// I(y) = I'(y + d(y)) · (1 + d'(y)): with the field known, the image is got back.
TEST(ReadEchoPlanar, TheKnownFieldUndoesTheDistortion) {
  const SlicePlanes planes = Planes(Blob);
  std::vector<float> field(planes.water.size());
  const auto hz = [](double y_mm) { return 90 * std::sin(y_mm / 25); };
  for (std::int64_t j = 0; j < kFine; ++j) {
    for (std::int64_t i = 0; i < kFine; ++i)
      field[static_cast<std::size_t>(j * kFine + i)] =
          static_cast<float>(hz((static_cast<double>(j) + 0.5 - 120) * 0.8));
  }
  const ComplexSlice still = Echoes(planes, {}, EchoPlanar()), bent = Echoes(planes, field, EchoPlanar());
  const double mm_per_hz = 120 * 0.6e-3 / 2 * 1.7;
  double before = 0, after = 0;
  for (std::int64_t i = 40; i < 80; ++i) {
    for (std::int64_t j = 20; j < 90; ++j) {
      const double y_mm = (static_cast<double>(j) + 0.5 - 60) * 1.7;
      const double at = (y_mm + mm_per_hz * hz(y_mm)) / 1.7 + 60 - 0.5;
      const double stretch = 1 + mm_per_hz * 90 / 25 * std::cos(y_mm / 25);
      const auto low = static_cast<std::int64_t>(std::floor(at));
      const double way = at - static_cast<double>(low);
      const auto value = [&](std::int64_t row) {
        return static_cast<double>(std::abs(bent[static_cast<std::size_t>(row * 120 + i)]));
      };
      const double restored = stretch * ((1 - way) * value(low) + way * value(low + 1));
      const double truth = std::abs(still[static_cast<std::size_t>(j * 120 + i)]);
      before = std::max(before, std::abs(std::abs(bent[static_cast<std::size_t>(j * 120 + i)]) - truth));
      after = std::max(after, std::abs(restored - truth));
    }
  }
  EXPECT_GT(before, 20);
  EXPECT_LT(after, 3);
}

TEST(ReadEchoPlanar, UnsuppressedFatMovesFarAlongThePhaseEncoding) {
  const SlicePlanes planes = Planes(nullptr, Blob);
  const Centre water_like = CentreOf(Echoes(planes, {}, EchoPlanar()), kEchoPlanarGrid);
  const Centre fat = CentreOf(Echoes(planes, {}, EchoPlanar(), -447), kEchoPlanarGrid);
  // 447 Hz over 27.8 Hz a pixel: 16 pixels at 3 T.
  EXPECT_NEAR(fat.j_mm - water_like.j_mm, -447 * 120 * 0.6e-3 / 2 * 1.7, 0.05);
}

TEST(ReadEchoPlanar, TheGhostIsHalfTheImageAwayAndAsStrongAsStated) {
  ReadoutFaults faults;
  faults.ghost = 0.05;
  const ComplexSlice clean = Echoes(Planes(Blob), {}, EchoPlanar());
  const ComplexSlice ghosted = Echoes(Planes(Blob), {}, EchoPlanar(), 0, faults);
  // The blob's centre: i 130.5 · 0.8 / 1.7 …
  const std::int64_t i = 64, j = 45;
  const auto at = [](const ComplexSlice& slice, std::int64_t column, std::int64_t row) {
    return static_cast<double>(std::abs(slice[static_cast<std::size_t>(row * 120 + column)]));
  };
  EXPECT_NEAR(at(ghosted, i, j + 60) / at(clean, i, j), 0.05, 0.002);
  EXPECT_LT(at(clean, i, j + 60) / at(clean, i, j), 0.002);
}

}  // namespace
}  // namespace parotis::physics
