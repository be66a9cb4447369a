// From a study to a Case: the chosen series loaded, the ADC fitted or checked, every channel brought to one grid in
// patient space.
//
// The grid is T2's, else the diffusion images', else the ADC map's, else T1C's, else the dynamic series', whichever
// channels are asked for, so that every contrast set of a study lies on the same grid. The reference series itself is
// not resampled. Others are, linearly: nothing overshoots, and an ADC stays between its neighbours. An alignment that
// was asked for enters that same interpolation.
#pragma once

#include <string>
#include <vector>

#include "dataset/case.h"
#include "dicom/series.h"
#include "intake/alignment.h"
#include "intake/roles.h"

namespace parotis::intake {

struct LoadOptions {
  std::vector<Pin> pins;
  SiteRules site;
  std::string case_id;  // "": CaseIdOf(study, "")
  // Channels whose frame of reference is not the reference series' cannot be placed on it: without this they are
  // refused, with it they are placed by their coordinates and flagged.
  bool accept_other_frames = false;
  AlignmentOptions alignment;
  // Channels that are added behind those asked for, where the study serves them and they can be made; else a flag says
  // why not.
  std::vector<std::string> if_possible;
  // Channels to be looked at only: loaded where the study serves them and nothing hinders it, behind the others.
  std::vector<std::string> shown;
  // In the pixels: text is flagged (text_in_pixels), and so is a face (face_recognisable).
  bool look_for_identity = false;
};

// `channels` in the order wanted. `provenance` of the result holds "study_uid", "reference", "channels" (per channel:
// the series it came from, what was done, b-values, for fitted maps how and how well), "alignment" (per acquisition,
// when asked for), "face" (when looked for), "notes", "flags"
// ([{code, message}]; of `channels` alone: about `shown` there are notes) and, with diffusion images,
// "diffusion_quality" (intake/diffusion_quality.h; "fallback": "structural" when they are unusable). Throws kInput (no
// series for a channel, with the remedy), kRefused (frames of reference, mixed patients), kUsage (pins).
dataset::Case LoadCase(const dicom::Study& study, const std::vector<std::string>& channels,
                       const LoadOptions& options = {});

}  // namespace parotis::intake
