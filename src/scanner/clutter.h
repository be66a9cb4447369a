// What lies in real studies beside the examination and disturbs whoever looks for it: runs that were spoilt and
// repeated, other planes and regions, reformats, projections, subtractions, calibrations, screenshots.
#pragma once

#include "base/random.h"
#include "scanner/series_builder.h"

namespace parotis::scanner {

// Which of it one study has, drawn at once so that every part is independent of the others' content.
struct Clutter {
  bool calibration = false, t2_fat_suppressed = false, stir_coronal = false, reformat = false, projection = false,
       subtraction = false, brain = false, spine = false, screenshot = false, phase = false;
  bool t2_repeated = false, diffusion_repeated = false, t1c_repeated = false;
  bool stopped = false;  // spoilt runs were stopped half way; else they were completed and show motion
  bool no_localizer = false, no_t1 = false, no_t2 = false, no_t1c = false, no_diffusion = false;
};
Clutter DrawClutter(base::Random& random);

// Turns the last series into a run that was spoilt by motion or stopped; it has no role any more.
void Spoil(DicomSeries& series, bool stopped);

void AddCalibration(SeriesBuilder& builder);
void AddFatSuppressedT2(SeriesBuilder& builder);
void AddCoronalStir(SeriesBuilder& builder);
void AddPhase(SeriesBuilder& builder);
void AddBrain(SeriesBuilder& builder);
void AddSpine(SeriesBuilder& builder);
void AddReformat(SeriesBuilder& builder);
void AddProjection(SeriesBuilder& builder);
void AddSubtraction(SeriesBuilder& builder);
void AddScreenshot(SeriesBuilder& builder);

}  // namespace parotis::scanner
