// Dynamic contrast-enhanced series: which volumes of a series are its frames, when each was acquired, and which series
// are parts of one dynamic acquisition.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "dicom/series.h"
#include "intake/weighting.h"

namespace parotis::intake {

inline constexpr std::size_t kFewestFrames = 6;
// A cardiac or breathing cycle and repeated breath-holds are shorter.
inline constexpr double kShortestDynamic_s = 60;

// Of `measured`, the volumes that differ only in time: one grid, echo time and image type, none with a problem. Of a
// Dixon acquisition the water images, else those in phase; otherwise the largest such group. Empty where two groups are
// equally large.
std::vector<std::size_t> DynamicFrames(const dicom::Series& series, const std::vector<std::size_t>& measured);

// Whether its attribute names a contrast agent. Its time does not count: the first frames come before the injection.
bool NamesAgent(const dicom::Series& series);

// By physics alone: names of dynamic series speak of perfusion or of their sequence. kOther for angiographies.
Weighting WeightingOfFrames(const dicom::Series& series);

struct FrameClock {
  std::vector<std::size_t> frames;  // volumes, ascending in time
  std::vector<double> times_s;      // since the first of them
  std::string source;               // the attribute: "(0008,0032)"
};

// By the first attribute that gives every frame a time of its own (at least 0.5 s apart), in the order of the temporal
// positions where those are written: temporal offset, frame date and time, Philips' dynamic begin, acquisition time,
// trigger time, content time, temporal resolution. Absent where none does.
std::optional<FrameClock> ClockOf(const dicom::Series& series, const std::vector<std::size_t>& frames);

// Whether an attribute shows all frames within less than kShortestDynamic_s, however near to each other: phases of a
// heart beat or a breath.
bool IsShort(const dicom::Series& series, const std::vector<std::size_t>& frames);

// Whether anything but its weighting speaks for a dynamic series: temporal positions, or words of its description.
bool SaysDynamic(const dicom::Series& series, const std::vector<std::size_t>& frames);

}  // namespace parotis::intake
