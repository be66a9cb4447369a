// Times of day as DICOM writes them (TM, PS3.5 6.2), compared across midnight.
#pragma once

#include <optional>
#include <string>

#include "dicom/frame_times.h"
#include "dicom/series.h"

namespace parotis::intake {

using dicom::SecondsOfDay;

// How much later `b` is than `a`, by the shorter way around the clock; absent when either is.
std::optional<double> SecondsBetween(const std::string& a, const std::string& b);

// When the agent was injected: the earliest start that a series of the study names. "" when none does.
std::string ContrastStartOf(const dicom::Study& study);

}  // namespace parotis::intake
