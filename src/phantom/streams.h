// Names of the random streams of one seed. The numbers are part of what makes a seed reproducible: never renumber.
#pragma once

#include <cstdint>

namespace parotis::phantom {

inline constexpr std::uint64_t kDeckStream = 1;      // {kDeckStream, deck}
inline constexpr std::uint64_t kPatientStream = 2;   // {kPatientStream, patient}: what is drawn about the patient
inline constexpr std::uint64_t kAnatomyStream = 3;   // {kAnatomyStream, patient}: shapes
inline constexpr std::uint64_t kTextureStream = 4;   // {kTextureStream, patient}
inline constexpr std::uint64_t kNoiseStream = 5;     // {kNoiseStream, patient, volume}
inline constexpr std::uint64_t kProtocolStream = 6;  // {kProtocolStream, patient}: the scan
inline constexpr std::uint64_t kOracleStream = 7;    // {kOracleStream, draw}
inline constexpr std::uint64_t kDicomStream = 8;     // {kDicomStream, patient}: identifiers, dates, what is left out
inline constexpr std::uint64_t kSettingStream = 9;   // {kSettingStream, patient}: which scanner, which field
inline constexpr std::uint64_t kFaultStream = 10;    // {kFaultStream, patient}: what goes wrong
inline constexpr std::uint64_t kWildStream = 11;     // {kWildStream, patient}: what is randomised beyond the real

}  // namespace parotis::phantom
