#include "privacy/face.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "image/threshold.h"

namespace parotis::privacy {
namespace {

// A head's outline, of a small child to a large man, soft tissue and ears included.
constexpr double kNarrowestHead_mm = 95;
constexpr double kWidestHead_mm = 205;
constexpr double kAdultHead_mm = 152;
constexpr double kShortestHead = 1.1;  // length over breadth; limbs and necks are about as deep as wide

// The nose: within 15 mm beside its ridge the skin falls back by more than it does on any limb or forehead (a circle
// would need a radius of 20 mm), and further on stays back.
constexpr double kRidgeReach_mm = 12;
constexpr std::array<double, 2> kBesideRidge_mm = {13, 17};
constexpr std::array<double, 2> kBesideNose_mm = {26, 34};
constexpr double kRidgeFall_mm = 6;
constexpr double kNoseFall_mm = 10;
constexpr double kNoseHeight_mm = 8;  // of levels with a ridge, one above the other
// No part of a nose's ridge lies farther behind the foremost skin of the levels around it; walls between the nasal
// cavity and the sinuses, which show where a face was taken away or lost, do.
constexpr double kRidgeBehindFront_mm = 25;
constexpr double kAroundRidge_mm = 40;

// The jaws: 40 mm beside the midline the skin lies 25–35 mm further back, at the forehead 8–14 mm.
constexpr std::array<double, 2> kBesideMouth_mm = {37, 43};
constexpr double kJawFall_mm = 20;
constexpr double kJawHeight_mm = 16;
constexpr std::array<double, 2> kAboveJaw_mm = {12, 60};  // where the head is at least as wide
constexpr double kAsWide_mm = 2;
// The skin of a face steps by less between levels 2 mm apart, but for nose and chin; the border of noise by more.
constexpr double kRoughest_mm = 5;
constexpr double kJump_mm = 20;  // at most counted

// The front: the cheeks and eyes beside the nose; levels far behind the foremost are neck or crown.
constexpr std::array<double, 2> kCheeks_mm = {18, 30};
constexpr double kBehindFront_mm = 22;
constexpr double kSteepestPitch = 0.36;  // 20 degrees
constexpr double kFaceDepth_mm = 32;     // behind the front: past the outer corners of the eyes
constexpr double kCutFaceDepth_mm = 20;  // behind the image's edge, where that lies within the cheeks
constexpr double kFaceReach_mm = 62;     // beside the midline
constexpr double kBrowAboveNoseBase_mm = 80;
constexpr double kChinBelowNoseBase_mm = 80;
constexpr double kBehindSkin_mm = 5;  // more than what blurs the skin
constexpr double kLeastOfArea = 0.6;
constexpr double kSteepestSkin = 3;  // of the slope that adds to the area

// The rule. A whole face has 250–300 cm²; the eyes with the root of the nose alone 40.
constexpr double kLeastArea_cm2 = 25;
constexpr double kLeastWidth_mm = 60;
constexpr double kLeastHeight_mm = 20;
constexpr double kCoarsestSlice_mm = 10;
constexpr double kCoarsestPixel_mm = 4.5;

class FaceFinder {
 public:
  FaceFinder(const Skin& skin, const image::Geometry& acquired) : skin_(skin) {
    std::array<double, 3> spacing = acquired.spacing_mm;
    std::sort(spacing.begin(), spacing.end());
    face_.slice_mm = spacing[2];
    face_.in_plane_mm = spacing[1];
  }

  Face Find() {
    const std::optional<Midline> midline = FindMidline(skin_);
    if (!midline) {
      face_.undecided = OpenFrontMm() >= kLeastWidth_mm;
      return face_;
    }
    frame_.midline = *midline;
    levels_ = LevelsOf(skin_, *midline);
    FindNose();
    FindHead();
    FindLowerFace();
    face_.roughness_mm = RoughnessMm();
    if (!face_.head_outline && !(face_.nose && face_.outline_cut)) {
      face_.undecided = face_.outline_cut && face_.nose_cut && OpenFrontMm() >= kLeastWidth_mm;
      return face_;
    }
    face_.undecided = face_.roughness_mm > kRoughest_mm || !FindFront();
    if (face_.undecided) return face_;
    Measure();
    face_.frame = frame_;
    return face_;
  }

 private:
  double level_mm() const { return skin_.grid().spacing_mm[2]; }
  static bool IsHeadSized(const Level& level) {
    return level.seen_mm >= kNarrowestHead_mm && level.seen_mm <= kWidestHead_mm;
  }

  // Of the levels within kAroundRidge_mm, at the midline.
  double ForemostAround(const Level& level) const {
    double foremost = std::numeric_limits<double>::infinity();
    for (const Level& other : levels_) {
      if (!IsHeadSized(other) || std::abs(other.z_world - level.z_world) > kAroundRidge_mm) continue;
      if (const auto apex = ForemostNear(skin_, other, kRidgeReach_mm)) foremost = std::min(foremost, apex->y_world);
    }
    return foremost;
  }

  bool HasRidge(const Level& level) const {
    if (!IsHeadSized(level)) return false;
    const auto apex = ForemostNear(skin_, level, kRidgeReach_mm);
    if (!apex || apex->y_world > ForemostAround(level) + kRidgeBehindFront_mm) return false;
    const auto near = FrontBeside(skin_, level, apex->x_world, kBesideRidge_mm[0], kBesideRidge_mm[1]);
    const auto far = FrontBeside(skin_, level, apex->x_world, kBesideNose_mm[0], kBesideNose_mm[1]);
    return near && far && *near - apex->y_world >= kRidgeFall_mm && *far - apex->y_world >= kNoseFall_mm;
  }

  // The longest run of levels with a ridge.
  void FindNose() {
    std::size_t best = 0, best_first = 0, run = 0;
    for (std::size_t k = 0; k < levels_.size(); ++k) {
      run = HasRidge(levels_[k]) ? run + 1 : 0;
      if (run > best) best = run, best_first = k + 1 - run;
    }
    face_.nose = static_cast<double>(best) * level_mm() >= kNoseHeight_mm;
    const auto cut = std::count_if(levels_.begin(), levels_.end(), [&](const Level& level) {
      const auto apex = ForemostNear(skin_, level, kRidgeReach_mm);
      return IsHeadSized(level) && apex && !apex->open;
    });
    face_.nose_cut = static_cast<double>(cut) * level_mm() >= kNoseHeight_mm;
    if (face_.nose) frame_.nose_base_z_world = levels_[best_first].z_world;
  }

  void FindHead() {
    std::vector<float> ratios;
    bool any = false;
    for (const Level& level : levels_) {
      if (!IsHeadSized(level)) continue;
      if (!any) frame_.lowest_z_world = level.z_world;
      any = true;
      frame_.highest_z_world = level.z_world;
      frame_.head_width_mm = std::max(frame_.head_width_mm, level.width_mm > 0 ? level.width_mm : level.seen_mm);
      if (level.width_mm >= kNarrowestHead_mm) ratios.push_back(static_cast<float>(level.depth_mm / level.width_mm));
    }
    face_.outline_cut = static_cast<double>(ratios.size()) * level_mm() < kLeastHeight_mm;
    face_.head_outline = !face_.outline_cut && image::Quantiles(ratios, std::array{0.75})[0] >= kShortestHead;
  }

  // The crown falls off steeply, too, but above it the head only gets narrower.
  bool IsBelowWiderLevel(std::size_t k) const {
    const auto from = k + static_cast<std::size_t>(kAboveJaw_mm[0] / level_mm());
    const auto to = k + static_cast<std::size_t>(kAboveJaw_mm[1] / level_mm());
    for (std::size_t above = from; above <= to && above < levels_.size(); ++above) {
      if (levels_[above].seen_mm >= levels_[k].seen_mm - kAsWide_mm) return true;
    }
    return false;
  }

  void FindLowerFace() {
    double height_mm = 0;
    for (std::size_t k = 0; k < levels_.size(); ++k) {
      const Level& level = levels_[k];
      if (!IsBelowWiderLevel(k)) continue;
      const auto apex = ForemostNear(skin_, level, kRidgeReach_mm);
      if (!apex || !IsHeadSized(level)) continue;
      const auto beside = FrontBeside(skin_, level, apex->x_world, kBesideMouth_mm[0], kBesideMouth_mm[1]);
      if (beside && *beside - apex->y_world >= kJawFall_mm) height_mm += level_mm();
    }
    face_.lower_face = height_mm >= kJawHeight_mm;
  }

  // Over how many columns of the image, left to right, air is seen before the body.
  double OpenFrontMm() const {
    const auto& size = skin_.grid().size;
    std::int64_t open = 0;
    for (std::int64_t i = 0; i < size[0]; ++i) {
      bool found = false;
      for (std::int64_t k = 0; k < size[2] && !found; ++k) {
        for (std::int64_t j = 1; j < size[1] && !found; ++j)
          found = skin_.Body(i, j, k) && !skin_.Body(i, j - 1, k) && skin_.Seen(i, j - 1, k);
      }
      open += found ? 1 : 0;
    }
    return static_cast<double>(open) * skin_.grid().spacing_mm[0];
  }

  double RoughnessMm() const {
    double sum = 0, count = 0;
    for (std::size_t k = 0; k + 1 < levels_.size(); ++k) {
      for (std::size_t i = 0; i < levels_[k].front.size(); ++i) {
        const auto& here = levels_[k].front[i];
        const auto& above = levels_[k + 1].front[i];
        const double x = skin_.grid().origin_world[0] + static_cast<double>(i) * skin_.grid().spacing_mm[0];
        if (!here || !above || std::abs(x - levels_[k].midline_x_world) > kFaceReach_mm) continue;
        sum += std::min(kJump_mm, std::abs(above->y_world - here->y_world));
        count += 1;
      }
    }
    return count > 0 ? sum / count : 0;
  }

  bool MayBeFace(const Level& level) const {
    if (level.seen_mm < kLeastWidth_mm || level.seen_mm > kWidestHead_mm) return false;
    return frame_.BetweenChinAndBrow(level.z_world);
  }

  // A straight line through the skin beside the nose, level by level.
  bool FindFront() {
    struct Sample {
      double z, y;
      bool cut;
    };
    std::vector<Sample> samples;
    double foremost = std::numeric_limits<double>::infinity();
    for (const Level& level : levels_) {
      if (!MayBeFace(level)) continue;
      const auto y = FrontBeside(skin_, level, level.midline_x_world, kCheeks_mm[0], kCheeks_mm[1]);
      if (!y) continue;
      samples.push_back({level.z_world - frame_.midline.z_centre_world, *y, IsCutBesideNose(level)});
      foremost = std::min(foremost, *y);
    }
    std::erase_if(samples, [&](const Sample& s) { return s.y > foremost + kBehindFront_mm; });
    if (static_cast<double>(samples.size()) * level_mm() < kNoseHeight_mm) return false;
    double n = 0, sz = 0, sy = 0, szz = 0, szy = 0, cut = 0;
    for (const Sample& s : samples)
      n += 1, sz += s.z, sy += s.y, szz += s.z * s.z, szy += s.z * s.y, cut += s.cut ? 1 : 0;
    const double spread = szz - sz * sz / n;
    // A line through a short stretch is no measure of how the head is tilted.
    const bool long_enough = n * level_mm() >= 40;
    frame_.pitch = long_enough ? std::clamp((szy - sz * sy / n) / spread, -kSteepestPitch, kSteepestPitch) : 0;
    frame_.front_y_world = (sy - frame_.pitch * sz) / n;
    frame_.front_cut = cut > 0.5 * n;
    return true;
  }

  bool IsCutBesideNose(const Level& level) const {
    int cut = 0, all = 0;
    for (std::size_t i = 0; i < level.front.size(); ++i) {
      const double u = std::abs(skin_.grid().origin_world[0] + static_cast<double>(i) * skin_.grid().spacing_mm[0] -
                                level.midline_x_world);
      if (u < kCheeks_mm[0] || u > kCheeks_mm[1] || !level.front[i]) continue;
      ++all;
      cut += level.front[i]->open ? 0 : 1;
    }
    return 2 * cut > all;
  }

  bool IsFaceSkin(const Level& level, std::size_t i) const {
    if (!level.front[i] || !level.front[i]->open) return false;
    const double x = skin_.grid().origin_world[0] + static_cast<double>(i) * skin_.grid().spacing_mm[0];
    return std::abs(x - level.midline_x_world) <= kFaceReach_mm * frame_.scale() &&
           frame_.DepthOf({x, level.front[i]->y_world, level.z_world}) <= frame_.face_depth_mm();
  }

  // The surface y(x, z): each cell counts with √(1 + y_x² + y_z²).
  void Measure() {
    const auto& grid = skin_.grid();
    double left = -std::numeric_limits<double>::infinity(), right = -left, low = -left, high = left;
    double area_mm2 = 0;
    for (std::size_t k = 0; k + 1 < levels_.size(); ++k) {
      const Level& level = levels_[k];
      if (!MayBeFace(level)) continue;
      for (std::size_t i = 0; i + 1 < level.front.size(); ++i) {
        if (!IsFaceSkin(level, i)) continue;
        const auto slope = [&](const std::optional<FrontPoint>& next, double step_mm) {
          return next ? std::min(kSteepestSkin, std::abs(next->y_world - level.front[i]->y_world) / step_mm)
                      : kSteepestSkin;
        };
        const double sx = slope(level.front[i + 1], grid.spacing_mm[0]);
        const double sz = slope(levels_[k + 1].front[i], grid.spacing_mm[2]);
        area_mm2 += grid.spacing_mm[0] * grid.spacing_mm[2] * std::sqrt(1 + sx * sx + sz * sz);
        const double x = grid.origin_world[0] + static_cast<double>(i) * grid.spacing_mm[0];
        left = std::max(left, x), right = std::min(right, x);
        low = std::min(low, level.z_world), high = std::max(high, level.z_world);
      }
    }
    if (area_mm2 == 0) return;
    face_.area_cm2 = area_mm2 / 100;
    face_.width_mm = left - right + grid.spacing_mm[0];
    face_.height_mm = high - low + grid.spacing_mm[2];
  }

  const Skin& skin_;
  Face face_;
  FaceFrame frame_;
  std::vector<Level> levels_;
};

}  // namespace

double FaceFrame::scale() const { return head_width_mm > 0 ? std::clamp(head_width_mm / kAdultHead_mm, 0.7, 1.1) : 1; }

double FaceFrame::face_depth_mm() const { return (front_cut ? kCutFaceDepth_mm : kFaceDepth_mm) * scale(); }

double FaceFrame::DepthOf(const image::Vector3& p) const {
  const double x_front = midline.At(front_y_world, midline.z_centre_world);
  const image::Vector3 normal = {midline.yaw, 1, -pitch};
  return (normal[0] * (p[0] - x_front) + (p[1] - front_y_world) + normal[2] * (p[2] - midline.z_centre_world)) /
         image::Norm(normal);
}

bool FaceFrame::BetweenChinAndBrow(double z_world) const {
  if (!nose_base_z_world) return true;
  const double above_mm = z_world - *nose_base_z_world;
  return above_mm <= kBrowAboveNoseBase_mm * scale() && above_mm >= -kChinBelowNoseBase_mm * scale();
}

bool Face::recognisable() const {
  return frame.has_value() && (head_outline || (nose && outline_cut)) && (nose || lower_face || nose_cut) &&
         area_cm2 >= kLeastArea_cm2 && width_mm >= kLeastWidth_mm && height_mm >= kLeastHeight_mm &&
         slice_mm <= kCoarsestSlice_mm && in_plane_mm <= kCoarsestPixel_mm;
}

Face FaceIn(const Skin& skin, const image::Geometry& acquired) { return FaceFinder(skin, acquired).Find(); }

FaceInImage FindFace(const image::Volume& volume) {
  FaceInImage usual, dark;
  usual.skin = FindSkin(volume);
  usual.face = FaceIn(usual.skin, volume.geometry);
  dark.skin = FindSkin(volume, SkinContrast::kDarkFat);
  dark.face = FaceIn(dark.skin, volume.geometry);
  if (!dark.face.frame) return usual;
  if (!usual.face.frame) return dark;
  // Ghosts that are taken for skin reach to the image's edge, or cover the skin.
  if (dark.face.frame->front_cut > usual.face.frame->front_cut ||
      dark.face.area_cm2 < kLeastOfArea * usual.face.area_cm2)
    return usual;
  const image::Vector3 front = {dark.face.frame->midline.x_world, dark.face.frame->front_y_world,
                                dark.face.frame->midline.z_centre_world};
  const bool only_dark = dark.face.recognisable() && !usual.face.recognisable();
  return only_dark || usual.face.frame->DepthOf(front) < -kBehindSkin_mm ? dark : usual;
}

std::string Describe(const Face& face) {
  if (!face.frame) return "no head with its front was found";
  return fmt::format(
      "{}{}{}{:.0f} cm² of skin facing forward, {:.0f} mm from side to side, {:.0f} mm from below to above, pixels of "
      "{:.1f} mm, slices {:.1f} mm apart",
      face.nose ? "a nose, " : "", face.lower_face ? "the shape of the jaws, " : "",
      face.frame->front_cut || face.nose_cut ? "the front cut off by the image's edge, " : "", face.area_cm2,
      face.width_mm, face.height_mm, face.in_plane_mm, face.slice_mm);
}

}  // namespace parotis::privacy
