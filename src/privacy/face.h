// Whether an image of the head shows so much of the face's surface that it can be rendered and recognised, and where
// the face is. Judged by the skin's shape alone, in patient space; no words of the header are needed.
//
// Sizes behind the limits (adults, rounded; distances as anthropometry defines them, Farkas et al., J Craniofac Surg
// 2005; the values are approximate and not those of one table): head breadth 150 mm, length 195 mm; the nose stands 20
// mm before the upper lip, is 35 to 40 mm wide and 50 mm high; from its base to the brow 65 to 75 mm, to the chin 65 to
// 75 mm; the outer corners of the eyes lie 90 to 98 mm apart, 20 to 30 mm behind the root of the nose.
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "privacy/face_outline.h"

namespace parotis::privacy {

// Where the face is. Its front is a plane through the skin beside the nose, at right angles to the midline: at the
// midline y = front_y_world + pitch · (z − midline.z_centre_world).
struct FaceFrame {
  Midline midline;
  double front_y_world = 0, pitch = 0;
  bool front_cut = false;                          // the image ends within the cheeks: the true front lies before it
  double head_width_mm = 0;                        // the widest level of the head that is seen
  std::optional<double> nose_base_z_world;         // lowest level of the nose that is seen
  double lowest_z_world = 0, highest_z_world = 0;  // between which the outline is a head's

  // How far a point lies behind the front, mm; before it: negative.
  double DepthOf(const image::Vector3& point_world) const;
  // 1 for an adult's; children's faces are smaller in proportion.
  double scale() const;
  // Behind the front, up to which skin counts as the face's: past the outer corners of the eyes, and before the
  // masseter, over which the parotid lies (privacy/deface.h).
  double face_depth_mm() const;
  // Levels of chin and brow, with a margin; without limit where no nose says where they are.
  bool BetweenChinAndBrow(double z_world) const;
};

struct Face {
  bool nose = false;          // a ridge at the midline that no limb, neck, forehead or belly has
  bool lower_face = false;    // falls off from the midline as steeply as the jaws do
  bool nose_cut = false;      // the image ends at the midline before the skin does: there may be a nose
  bool head_outline = false;  // as wide, and as long for its width, as a head
  bool outline_cut = false;   // too little of the outline is seen from side to side to say so
  // Of the skin that looks to the front before FaceFrame's limit, as far as air is seen before it.
  double area_cm2 = 0, width_mm = 0, height_mm = 0;
  double slice_mm = 0, in_plane_mm = 0;  // how finely it was sampled
  double roughness_mm = 0;         // how far the front jumps between neighbouring levels, on average: noise is no skin
  std::optional<FaceFrame> frame;  // absent where no head was found
  bool undecided = false;          // neither was one found nor can it be ruled out: sides cut off, or a border of noise

  bool recognisable() const;
  // Which of several images a face is removed by: the greatest. A recognisable face before a part of one, an anatomical
  // image before an echo-planar one, then the most skin.
  std::tuple<bool, bool, double> Rank(bool anatomical) const { return {recognisable(), anatomical, area_cm2}; }
};

// A face and the skin in which it was found.
struct FaceInImage {
  Face face;
  Skin skin;
};
// With both contrasts of privacy/skin.h. The usual one counts, unless only the other shows a face, or shows that what
// the usual one takes for skin lies behind it (brain, where fat is dark).
FaceInImage FindFace(const image::Volume& volume);
Face FaceIn(const Skin& skin, const image::Geometry& acquired);

// "a nose, 143 cm² of skin facing forward, 121 mm from side to side, …": what was seen, without a full stop.
std::string Describe(const Face& face);

}  // namespace parotis::privacy
