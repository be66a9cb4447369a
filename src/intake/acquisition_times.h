// Times of day as DICOM writes them (TM, PS3.5 6.2), compared across midnight.
#pragma once

#include <optional>
#include <string>

#include "dicom/series.h"

namespace parotis::intake {

// "101530.25" → 36930.25; also the older "10:15:30". Absent for anything else.
std::optional<double> SecondsOfDay(const std::string& time);

// How much later `b` is than `a`, by the shorter way around the clock; absent when either is.
std::optional<double> SecondsBetween(const std::string& a, const std::string& b);

// When the agent was injected: the earliest start that a series of the study names. "" when none does.
std::string ContrastStartOf(const dicom::Study& study);

}  // namespace parotis::intake
