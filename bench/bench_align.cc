// How far from the truth alignment ends: known motions of synthetic patients between contrasts, scanned anew in each
// pose, and known motions put on the headers of real series that lie in one place.
//   parotis_bench_align motions|fields|both COUNT SEED PICTURE.svg [STUDY_FOLDER…]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "align/distortion.h"
#include "base/files.h"
#include "bench/align_cases.h"
#include "dicom/index.h"
#include "dicom/pixels.h"
#include "intake/roles.h"
#include "tests/support/distorted.h"

namespace parotis {
namespace {

using image::AffineMap;
using image::Vector3;
using image::Volume;

struct Row {
  std::string pair;
  double header_mm = 0, proposed_mm = 0, result_mm = 0;
  align::Alignment alignment;
  double seconds = 0;
};

Row Measure(const std::string& pair, const Volume& reference, const Volume& moving, const AffineMap& truth) {
  const auto start = std::chrono::steady_clock::now();
  Row row;
  row.pair = pair;
  row.alignment = align::Align(reference, moving, align::Motion::kRigid);
  row.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto points = bench::HeadPoints(reference);
  row.header_mm = bench::MeanDistanceMm(points, truth, AffineMap{});
  row.proposed_mm = bench::MeanDistanceMm(points, truth, row.alignment.proposed);
  row.result_mm = bench::MeanDistanceMm(points, truth, row.alignment.source_from_reference);
  fmt::print("{}\t{:.2f}\t{:.2f}\t{:.2f}\t{}\t{:+.1f}\t{:.1f}\n", pair, row.header_mm, row.proposed_mm, row.result_mm,
             align::NameOf(row.alignment.outcome), 100 * (row.alignment.after.edges / row.alignment.before.edges - 1),
             row.seconds);
  std::fflush(stdout);
  return row;
}

// The same anatomy, placed by its header where the patient would have been after the motion.
Volume WithMovedHeader(Volume volume, const AffineMap& motion) {
  image::Geometry& grid = volume.geometry;
  grid.origin_world = Mapped(motion, grid.origin_world);
  image::Matrix3 turned{};
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 3; ++c) {
      for (int n = 0; n < 3; ++n) turned[r][c] += motion.matrix[r][n] * grid.direction[n][c];
    }
  }
  grid.direction = turned;
  return volume;
}

void Synthetic(int count, std::uint64_t seed, bool moved, std::vector<Row>& rows) {
  for (int n = 0; n < count; ++n) {
    const bench::KnownMotion known = bench::MakeKnownMotion(n, seed, moved);
    rows.push_back(Measure(known.pair, known.reference, known.moving, known.truth));
  }
}

void Real(const std::string& folder, int count, std::uint64_t seed, std::vector<Row>& rows) {
  const dicom::Index index = dicom::IndexDicom(folder);
  for (const dicom::Study& study : index.studies) {
    const intake::StudyRoles roles = intake::AssignRoles(study);
    if (!roles.t2) continue;
    std::vector<std::pair<std::string, intake::VolumeReference>> others;
    if (roles.t1c) others.emplace_back("T2 / T1C", *roles.t1c);
    for (const intake::VolumeReference& each : roles.diffusion) others.emplace_back("T2 / DWI", each);
    const Volume reference = dicom::LoadVolume(study.series[roles.t2->series], roles.t2->volume);
    for (int n = 0; n < count && !others.empty(); ++n) {
      const auto& [name, other] = others[static_cast<std::size_t>(n) % others.size()];
      const dicom::SeriesVolume& described = study.series[other.series].volumes[other.volume];
      const Volume moving = dicom::LoadVolume(study.series[other.series], other.volume);
      base::Random random(seed, {static_cast<std::uint64_t>(n), 2});
      const AffineMap motion = n < static_cast<int>(others.size())
                                   ? AffineMap{}
                                   : test::RandomMotion(random, bench::CentreOf(reference.geometry), 8, 8);
      rows.push_back(
          Measure(fmt::format("real {}{}{}", name,
                              described.b_value_s_mm2 ? fmt::format(" b{:.0f}", *described.b_value_s_mm2) : "",
                              motion == AffineMap{} ? ", still" : ""),
                  reference, WithMovedHeader(moving, motion), motion));
    }
  }
}

struct FieldRow {
  double amplitude_mm = 0, before_mm = 0, after_mm = 0;
  align::Correction correction;
};

FieldRow MeasureField(const test::MovedPatient& patient, double amplitude_mm, base::Random random) {
  const Volume reference = patient.Scan(test::Contrast::kT2);
  const Volume true_b0 = patient.Scan(test::Contrast::kB0);
  const test::ShiftField field = test::RandomField(random, amplitude_mm);
  const int axis = random.Chance(0.7) ? 1 : 0;
  const Volume b0 = amplitude_mm > 0 ? test::Distorted(true_b0, field, axis) : true_b0;
  const auto start = std::chrono::steady_clock::now();
  FieldRow row;
  const align::Correction correction = row.correction = align::CorrectDistortion(reference, b0, {}, axis);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto points = bench::HeadPoints(reference);
  row.amplitude_mm = amplitude_mm;
  const double share = 1 / static_cast<double>(points.size());
  for (const Vector3& point : points) {
    const double truth_mm =
        amplitude_mm > 0 ? field.At(test::FromCentre(b0.geometry, image::VoxelFromWorld(b0.geometry, point))) : 0;
    const double used_mm = correction.displacement ? correction.displacement->At(point).shift_mm : 0;
    row.before_mm += share * std::abs(truth_mm);
    row.after_mm += share * std::abs(truth_mm - used_mm);
  }
  fmt::print("{:.1f}\t{}\t{:.2f}\t{:.2f}\t{}\t{:.1f}\t{:+.1f}\t{:.1f}\n", amplitude_mm, axis == 0 ? "row" : "column",
             row.before_mm, row.after_mm, align::NameOf(correction.outcome), correction.largest_shift_mm,
             100 * (correction.after.edges / correction.before.edges - 1), seconds);
  std::fflush(stdout);
  return row;
}

// A patient who moved before a distorted diffusion acquisition: where the tissue of a point of the reference is seen.
FieldRow MeasureBoth(const test::MovedPatient& patient, double amplitude_mm, base::Random random) {
  const Volume reference = patient.Scan(test::Contrast::kT2);
  const AffineMap motion = test::RandomMotion(random, bench::CentreOf(reference.geometry), 8, 8);
  const Volume straight = patient.Scan(test::Contrast::kB0, motion);
  const test::ShiftField field = test::RandomField(random, amplitude_mm);
  const int axis = random.Chance(0.7) ? 1 : 0;
  const Volume b0 = test::Distorted(straight, field, axis);
  const auto start = std::chrono::steady_clock::now();
  const align::Alignment alignment = align::Align(reference, b0, align::Motion::kRigid);
  FieldRow row;
  row.correction = align::CorrectDistortion(reference, b0, alignment.source_from_reference, axis);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const image::Matrix3& direction = b0.geometry.direction;
  const auto along = [&](Vector3 point, double shift_mm) {
    for (int r = 0; r < 3; ++r) point[r] += shift_mm * direction[r][axis];
    return point;
  };
  const auto truth = [&](const Vector3& point) {
    const Vector3 p = Mapped(motion, point);
    return along(p, field.At(test::FromCentre(b0.geometry, image::VoxelFromWorld(b0.geometry, p))));
  };
  const auto found = [&](const Vector3& point) {
    const Vector3 p = Mapped(alignment.source_from_reference, point);
    return row.correction.displacement ? along(p, row.correction.displacement->At(p).shift_mm) : p;
  };
  const auto points = bench::HeadPoints(reference);
  row.amplitude_mm = amplitude_mm;
  row.before_mm = bench::MeanDistanceMm(points, truth, [](const Vector3& point) { return point; });
  row.after_mm = bench::MeanDistanceMm(points, truth, found);
  fmt::print("{:.1f}\t{}\t{:.2f}\t{:.2f}\t{}\t{}\t{:.1f}\n", amplitude_mm, axis == 0 ? "row" : "column", row.before_mm,
             row.after_mm, align::NameOf(alignment.outcome), align::NameOf(row.correction.outcome), seconds);
  std::fflush(stdout);
  return row;
}

struct Point {
  double before_mm = 0, after_mm = 0;
  bool applied = false;
};

void Summarise(const std::vector<Point>& points, const char* what) {
  std::vector<double> before, after;
  int worse = 0, halved = 0, applied = 0;
  double worst_mm = 0;
  for (const Point& point : points) {
    before.push_back(point.before_mm);
    after.push_back(point.after_mm);
    worse += point.after_mm > point.before_mm ? 1 : 0;
    halved += point.after_mm <= 0.5 * point.before_mm ? 1 : 0;
    applied += point.applied ? 1 : 0;
    worst_mm = std::max(worst_mm, point.after_mm - point.before_mm);
  }
  fmt::print(
      "{} {}: median error {:.2f} mm before, {:.2f} mm after, largest after {:.2f} mm; applied {}, halved or better "
      "{}, "
      "worse {} (by at most {:.2f} mm)\n",
      points.size(), what, bench::Median(before), bench::Median(after),
      points.empty() ? 0 : *std::max_element(after.begin(), after.end()), applied, halved, worse, worst_mm);
}

// Error after against error before; below the diagonal is better.
void Draw(const std::string& file, const std::vector<Point>& points, const std::string& title) {
  constexpr double kSide = 420, kMargin = 60;
  double most_mm = 1;
  for (const Point& point : points) most_mm = std::max({most_mm, point.before_mm, point.after_mm});
  most_mm = std::ceil(most_mm);
  const double scale = kSide / most_mm;
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{0}\" font-family=\"sans-serif\" "
      "font-size=\"13\">\n<rect width=\"{0}\" height=\"{0}\" fill=\"white\"/>\n<text x=\"{1}\" y=\"30\">{2}</text>\n",
      kSide + 2 * kMargin, kMargin, title);
  const auto line = [&](double x1, double y1, double x2, double y2, const char* colour) {
    svg += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{}\"/>\n", kMargin + x1 * scale,
                       kMargin + kSide - y1 * scale, kMargin + x2 * scale, kMargin + kSide - y2 * scale, colour);
  };
  line(0, 0, most_mm, 0, "black");
  line(0, 0, 0, most_mm, "black");
  line(0, 0, most_mm, most_mm, "silver");
  line(0, 0, most_mm, most_mm / 2, "gainsboro");
  for (const Point& point : points) {
    svg += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\" fill-opacity=\"0.6\"/>\n",
                       kMargin + point.before_mm * scale, kMargin + kSide - point.after_mm * scale,
                       point.applied ? "steelblue" : "darkorange");
  }
  svg += fmt::format(
      "<text x=\"{0}\" y=\"{1}\">error before, 0 to {2:.0f} mm (blue: applied, orange: left as it was)</text>\n"
      "<text transform=\"translate(30 {3}) rotate(-90)\">error after, mm</text>\n</svg>\n",
      kMargin, kSide + kMargin + 30, most_mm, kSide);
  base::WriteFile(file, std::string_view(svg));
}

void Motions(int count, std::uint64_t seed, const std::string& picture, const std::vector<std::string>& studies) {
  fmt::print("pair\theader mm\tproposed mm\tresult mm\toutcome\tedges %\ts\n");
  std::vector<Row> moved, still, real;
  Synthetic(count, seed, true, moved);
  Synthetic(count / 5, seed + 1, false, still);
  for (const std::string& study : studies) Real(study, count / 4, seed, real);
  const auto points = [](const std::vector<Row>& rows) {
    std::vector<Point> result;
    for (const Row& row : rows)
      result.push_back({row.header_mm, row.result_mm, row.alignment.outcome == align::Outcome::kApplied});
    return result;
  };
  Summarise(points(moved), "known motions of synthetic patients");
  Summarise(points(still), "synthetic patients who did not move");
  if (!real.empty()) Summarise(points(real), "real pairs with known motions of the header");
  Draw(picture, points(moved), fmt::format("{} known motions between contrasts", moved.size()));
}

void Fields(int count, std::uint64_t seed, const std::string& picture, bool moved) {
  fmt::print("amplitude mm\taxis\tbefore mm\tafter mm\t{}\ts\n",
             moved ? "motion\tdistortion" : "outcome\tlargest mm\tedges %");
  std::vector<Point> points;
  for (int n = 0; n < count; ++n) {
    const test::MovedPatient patient(seed, n, n % 2 == 0 ? "malignant" : "pleomorphic");
    const double amplitude_mm = n % 8 == 7 ? 0 : 1.5 + 1.5 * (n % 8);
    const base::Random random(seed, {static_cast<std::uint64_t>(n), 3});
    const FieldRow row =
        moved ? MeasureBoth(patient, amplitude_mm, random) : MeasureField(patient, amplitude_mm, random);
    points.push_back({row.before_mm, row.after_mm, row.correction.outcome == align::Outcome::kApplied});
  }
  Summarise(points, moved ? "known fields after known motions" : "known fields");
  Draw(picture, points, fmt::format("{} known echo-planar distortions{}", points.size(), moved ? ", moved" : ""));
}

}  // namespace
}  // namespace parotis

int main(int argc, char** argv) {
  if (argc < 5) {
    fmt::print(stderr, "usage: parotis_bench_align motions|fields|both COUNT SEED PICTURE.svg [STUDY_FOLDER…]\n");
    return 2;
  }
  const int count = std::atoi(argv[2]);
  const auto seed = static_cast<std::uint64_t>(std::atoll(argv[3]));
  const std::string what = argv[1];
  if (what == "fields" || what == "both") {
    parotis::Fields(count, seed, argv[4], what == "both");
  } else {
    parotis::Motions(count, seed, argv[4], {argv + 5, argv + argc});
  }
}
