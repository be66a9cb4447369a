// Which series of a study feeds which channel, and why the others do not. Nothing is loaded.
//
// Among several candidates the highest score wins: axial, many slices, original rather than reformatted, finer pixels,
// the same frame of reference as the rest; for T2 without, for T1C with fat suppression (what the shipped model was
// trained on). An equal score goes to the series acquired last, because a sequence is repeated when its first run was
// spoilt; ties are noted.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "dicom/series.h"
#include "intake/classify.h"

namespace parotis::intake {

// A person's word against the program's: `series` is used as `role`. "none" leaves the role empty.
struct Pin {
  Role role = Role::kOther;
  std::string series;  // number, UID or "none"
};

// "t2=4"; throws kUsage with the allowed roles.
Pin ParsePin(const std::string& text);

struct VolumeReference {
  std::size_t series = 0;
  std::size_t volume = 0;
};

struct SeriesRole {
  Role role = Role::kOther;
  std::vector<std::string> channels;  // dataset::kT2 …; empty when unused
  std::string reason;
};

struct StudyRoles {
  std::vector<SeriesRole> series;  // [study.series]
  std::optional<VolumeReference> t2;
  std::optional<VolumeReference> t1c;
  std::optional<VolumeReference> adc;      // the vendor's
  std::vector<VolumeReference> diffusion;  // measured volumes on one grid, by b-value
  std::vector<std::string> notes;          // ties, pins: sentences
};

// Throws kUsage when a pin names a series the study does not have, or one that cannot serve.
StudyRoles AssignRoles(const dicom::Study& study, const std::vector<Pin>& pins = {});

// Channels that can be made, in the order T2, T1C, B0, B1000, ADC.
std::vector<std::string> AvailableChannels(const StudyRoles& roles);

}  // namespace parotis::intake
