// How well two images agree at points of the reference, by two measures that do not know of each other: the joint
// histogram of values, and the directions of edges. Registration maximises the first; the second judges it.
#pragma once

#include "image/volume.h"
#include "image/warp.h"

namespace parotis::align {

struct Agreement {
  // (H(R) + H(M)) / H(R, M), 1 … 2 (Studholme, Hill and Hawkes, Pattern Recognition 1999).
  double mutual_information = 1;
  // Mean of ⟨∇R, ∇M⟩² / ((|∇R|² + ε²)(|∇M|² + ε²)), 0 … 1: normalised gradient fields (Haber and Modersitzki, Methods
  // of Information in Medicine 2007). ε is the median gradient of each image.
  double edges = 0;
};

// `moving` through each of two warps, over the points that both of them can see. 0 points: nothing agrees.
struct Comparison {
  Agreement before, after;
  double overlap = 0;  // share of the head's points that both see
};
Comparison Compare(const image::Volume& reference, const image::Volume& moving, const image::Warp& before,
                   const image::Warp& after);

}  // namespace parotis::align
