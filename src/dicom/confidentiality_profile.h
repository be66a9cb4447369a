// The Basic Application Level Confidentiality Profile (DICOM PS3.15 Annex E) as a table: attribute → what is done to
// it. The table and its edition are in the .cc file; the options that are applied on top of it in deidentify_item.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace parotis::dicom {

// PS3.15 E.1.1.
enum class ProfileAction {
  kDummy,   // D: a value of the right form that says nothing
  kEmpty,   // Z: no value
  kRemove,  // X
  kUid,     // U: another UID, the same wherever this one occurs; in sequences of references, those within
};

// Absent for an attribute that the profile does not name: it is kept.
std::optional<ProfileAction> ProfileActionOf(std::uint16_t group, std::uint16_t element);
std::size_t ProfileSize();

}  // namespace parotis::dicom
