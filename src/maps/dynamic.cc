#include "maps/dynamic.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/conditions.h"
#include "base/error.h"
#include "base/parallel.h"
#include "maps/arrival.h"
#include "maps/local_quadratic.h"

namespace parotis::maps {
namespace {

using base::ErrorKind;

constexpr std::size_t kFewestFrames = 6;
constexpr std::size_t kMostFrames = 1024;
constexpr double kLeastDuration_s = kSlowAfter_s;
constexpr double kHalfWidth_s = 25;
constexpr double kWiderLater = 0.35;  // of the time since arrival
constexpr double kFramesPerHalfWidth = 2.5;
constexpr double kTrustInBeginning = 3;  // E(0) = 0 against one frame
constexpr double kPlacesEvery_s = 5;
constexpr double kAboveNoise = 5;
constexpr std::int64_t kVoxelsAtOnce = 2048;

// What is the same for every voxel.
struct Course {
  std::size_t baseline = 0;      // frames before the arrival
  std::vector<double> times_s;   // of E: 0, then the later frames, since the arrival
  std::vector<double> places_s;  // where the curve is looked at
  std::vector<LocalFit> at_place;
  std::vector<WeightRow> at_sample;  // the curve at times_s
  std::vector<double> noise_gain;    // at each place: noise of E there, in that of one frame
  WeightRow at_wash_out;
  double wash_out_at_s = 0;  // 0: none
  double frame_s = 0;        // between frames, on average
  std::size_t places_per_frame = 1;
};

double HalfWidth(double since_arrival_s, double frame_s) {
  return std::max(kHalfWidth_s + kWiderLater * since_arrival_s, kFramesPerHalfWidth * frame_s);
}

Course CourseOf(std::span<const double> times_s, double arrival_s) {
  Course course;
  course.times_s.push_back(0);
  for (const double time : times_s) {
    if (time <= arrival_s) ++course.baseline;
    if (time > arrival_s) course.times_s.push_back(time - arrival_s);
  }
  const double last_s = course.times_s.back();
  course.frame_s = course.times_s.size() < 3
                       ? last_s
                       : (last_s - course.times_s[1]) / static_cast<double>(course.times_s.size() - 2);
  course.places_per_frame = static_cast<std::size_t>(std::max(1.0, std::round(course.frame_s / kPlacesEvery_s)));
  std::vector<double> trust(course.times_s.size(), 1.0);
  trust.front() = kTrustInBeginning;
  const auto fit_at = [&](double place_s) {
    return FitLocally(course.times_s, trust, place_s, HalfWidth(place_s, course.frame_s));
  };
  for (double place = 0; place < last_s; place += kPlacesEvery_s) course.places_s.push_back(place);
  course.places_s.push_back(last_s);
  for (const double place : course.places_s) {
    course.at_place.push_back(fit_at(place));
    const WeightRow& row = course.at_place.back().value;
    double squares = 0, sum = 0;
    for (std::size_t n = 0; n < row.weights.size(); ++n) {
      if (row.first + n == 0) continue;  // E(0) carries no noise of its own
      squares += row.weights[n] * row.weights[n], sum += row.weights[n];
    }
    course.noise_gain.push_back(
        std::sqrt(squares + sum * sum / static_cast<double>(std::max<std::size_t>(1, course.baseline))));
  }
  for (const double time : course.times_s) course.at_sample.push_back(fit_at(time).value);
  if (last_s >= kLeastForWashOut_s) {
    course.wash_out_at_s = std::min(last_s, kWashOutAfter_s);
    course.at_wash_out = fit_at(course.wash_out_at_s).value;
  }
  return course;
}

// The top of the parabola through three neighbouring places, where the middle one is highest.
struct Top {
  double time_s;
  double value;
};

Top TopOf(const Course& course, std::span<const double> curve, std::size_t highest) {
  const Top here = {course.places_s[highest], curve[highest]};
  if (highest == 0 || highest + 1 >= curve.size()) return here;
  const double before_s = here.time_s - course.places_s[highest - 1];
  const double after_s = course.places_s[highest + 1] - here.time_s;
  const double fall_before = (here.value - curve[highest - 1]) / before_s;
  const double fall_after = (here.value - curve[highest + 1]) / after_s;
  const double bend = (fall_before + fall_after) / (before_s + after_s);
  if (!(bend > 0)) return here;
  const double slope = fall_before - bend * before_s;
  return {here.time_s + slope / (2 * bend), here.value + slope * slope / (4 * bend)};
}

CurveType TypeOf(double time_to_peak_s, double wash_out_percent) {
  if (time_to_peak_s > kSlowAfter_s) return CurveType::kSlow;
  return wash_out_percent >= kWashOutFrom_percent ? CurveType::kFastWashOut : CurveType::kFastPersistent;
}

// Works on one voxel after the other; one for each thread.
class VoxelMapper {
 public:
  VoxelMapper(const Course& course, const std::vector<const image::Volume*>& frames, double least_enhancement,
              DynamicMaps& maps)
      : course_(course),
        frames_(frames),
        least_enhancement_(least_enhancement),
        maps_(maps),
        enhancement_(course.times_s.size()),
        curve_(course.places_s.size()) {}

  void Map(std::size_t at) {
    if (!Read(at)) return;
    for (std::size_t n = 0; n < curve_.size(); ++n) curve_[n] = course_.at_place[n].value.Apply(enhancement_);
    const double residual = Residual();
    const auto highest = static_cast<std::size_t>(std::max_element(curve_.begin(), curve_.end()) - curve_.begin());
    const Top top = TopOf(course_, curve_, highest);
    maps_.residual.voxels[at] = static_cast<float>(residual);
    maps_.peak.voxels[at] = static_cast<float>(top.value);
    maps_.type.voxels[at] = static_cast<std::uint8_t>(CurveType::kFlat);
    if (top.value < std::max(least_enhancement_, kAboveNoise * residual * course_.noise_gain[highest])) return;
    const double wash_out = WashOut(top);
    maps_.type.voxels[at] = static_cast<std::uint8_t>(TypeOf(top.time_s, wash_out));
    maps_.time_to_peak_s.voxels[at] = static_cast<float>(top.time_s);
    maps_.wash_in_percent_s.voxels[at] = static_cast<float>(100 * SteepestBefore(top));
    if (course_.wash_out_at_s > 0) maps_.wash_out_percent.voxels[at] = static_cast<float>(wash_out);
  }

 private:
  // E of the voxel; false when it has none.
  bool Read(std::size_t at) {
    double before = 0;
    for (std::size_t f = 0; f < course_.baseline; ++f) before += frames_[f]->voxels[at];
    before /= static_cast<double>(course_.baseline);
    if (!std::isfinite(before) || !(before > 0)) return false;
    bool finite = true;
    for (std::size_t n = 1; n < enhancement_.size(); ++n) {
      enhancement_[n] = frames_[course_.baseline + n - 1]->voxels[at] / before - 1;
      finite = finite && std::isfinite(enhancement_[n]);
    }
    return finite;
  }

  double Residual() const {
    double squares = 0;
    for (std::size_t n = 1; n < enhancement_.size(); ++n) {
      const double difference = enhancement_[n] - course_.at_sample[n].Apply(enhancement_);
      squares += difference * difference;
    }
    return std::sqrt(squares / static_cast<double>(enhancement_.size() - 1));
  }

  // Over one frame of the curve: its slope at one place is noisier than the frames themselves.
  double SteepestBefore(const Top& top) const {
    double steepest = top.value / std::max(top.time_s, course_.frame_s);
    const std::size_t step = course_.places_per_frame;
    for (std::size_t n = 0; n + step < curve_.size() && course_.places_s[n + step] <= top.time_s; ++n) {
      const double rise_s = course_.places_s[n + step] - course_.places_s[n];
      steepest = std::max(steepest, (curve_[n + step] - curve_[n]) / rise_s);
    }
    return steepest;
  }

  double WashOut(const Top& top) const {
    if (course_.wash_out_at_s <= 0 || top.time_s >= course_.wash_out_at_s) return 0;
    return std::clamp(100 * (top.value - course_.at_wash_out.Apply(enhancement_)) / top.value, 0.0, 100.0);
  }

  const Course& course_;
  const std::vector<const image::Volume*>& frames_;
  double least_enhancement_;
  DynamicMaps& maps_;
  std::vector<double> enhancement_;  // [course.times_s]
  std::vector<double> curve_;        // [course.places_s]
};

void Check(const std::vector<const image::Volume*>& frames, std::span<const double> times_s,
           const DynamicOptions& options) {
  if (frames.size() != times_s.size())
    base::Throw(ErrorKind::kInput, fmt::format("{} frames and {} times: give one each", frames.size(), times_s.size()));
  if (const std::string needs = DynamicNeeds(times_s); !needs.empty())
    base::Throw(ErrorKind::kInput, "a map of contrast dynamics " + needs);
  for (const image::Volume* frame : frames) {
    if (!image::SameGrid(frame->geometry, frames.front()->geometry))
      base::Throw(ErrorKind::kInput, "a map of contrast dynamics needs frames on one grid; resample them");
  }
  if (options.mask != nullptr && options.mask->voxels.size() != frames.front()->voxels.size())
    base::Throw(ErrorKind::kInput, "a map of contrast dynamics needs a mask on the frames' grid; resample it");
}

double FoundArrival(const std::vector<const image::Volume*>& frames, std::span<const double> times_s,
                    const image::LabelVolume* mask) {
  const auto found = ArrivalTime(times_s, CurveOfMostVaried(frames, mask));
  if (!found) {
    base::Refuse(
        base::Found("dce_incomplete", "the signal rises nowhere by 5 %: no contrast agent arrives during the frames"));
  }
  return *found - times_s.front();
}

}  // namespace

std::string DynamicNeeds(std::span<const double> times_s) {
  if (times_s.size() < kFewestFrames || times_s.size() > kMostFrames)
    return fmt::format("needs {} to {} frames, not {}", kFewestFrames, kMostFrames, times_s.size());
  for (std::size_t n = 0; n < times_s.size(); ++n) {
    if (!std::isfinite(times_s[n]) || (n > 0 && !(times_s[n] > times_s[n - 1])))
      return "needs frames whose times are known and ascend";
  }
  return "";
}

DynamicMaps FitDynamic(const std::vector<const image::Volume*>& frames, std::span<const double> times_s,
                       const DynamicOptions& options) {
  Check(frames, times_s, options);
  DynamicMaps maps;
  maps.arrival_s = options.arrival_s ? *options.arrival_s : FoundArrival(frames, times_s, options.mask);
  const Course course = CourseOf(times_s, times_s.front() + maps.arrival_s);
  maps.baseline_frames = course.baseline;
  if (course.baseline == 0)
    base::Refuse(base::Found("dce_incomplete", "no frame lies before the contrast agent's arrival"));
  const double after_s = course.times_s.back();
  if (after_s < kLeastDuration_s) {
    base::Refuse(base::Found(
        "dce_incomplete", fmt::format("the frames end {:.0f} s after the contrast agent's arrival, and a peak can be "
                                      "told slow or fast from {:.0f} s on",
                                      after_s, kLeastDuration_s)));
  }
  maps.wash_in_percent_s = maps.time_to_peak_s = maps.peak = maps.residual = image::Volume(frames.front()->geometry);
  maps.type = image::LabelVolume(frames.front()->geometry);
  maps.wash_out_at_s = course.wash_out_at_s;
  if (course.wash_out_at_s > 0) maps.wash_out_percent = maps.peak;
  if (course.wash_out_at_s <= 0) {
    maps.no_wash_out =
        fmt::format("the frames end {:.0f} s after the contrast agent's arrival, and a wash-out ratio needs {:.0f} s",
                    after_s, kLeastForWashOut_s);
  }
  const auto voxels = static_cast<std::int64_t>(maps.peak.voxels.size());
  base::ParallelFor((voxels + kVoxelsAtOnce - 1) / kVoxelsAtOnce, options.threads, [&](std::int64_t part) {
    VoxelMapper mapper(course, frames, options.least_enhancement, maps);
    const std::int64_t last = std::min((part + 1) * kVoxelsAtOnce, voxels);
    for (std::int64_t at = part * kVoxelsAtOnce; at < last; ++at) {
      const auto voxel = static_cast<std::size_t>(at);
      if (options.mask == nullptr || options.mask->voxels[voxel] != 0) mapper.Map(voxel);
    }
  });
  return maps;
}

}  // namespace parotis::maps
