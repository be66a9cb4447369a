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

// PS3.15 E.3.7: with the Retain Patient Characteristics Option these "shall be retained"; to keep some and claim the
// option would be no conformance (E.1.1: a de-identifier protects and retains *all* attributes as specified).
enum class CharacteristicAction {
  kKeep,   // K
  kClean,  // C: words known to be harmless stay
};

// Absent for an attribute that the profile does not name: it is kept.
std::optional<ProfileAction> ProfileActionOf(std::uint16_t group, std::uint16_t element);
std::optional<CharacteristicAction> CharacteristicActionOf(std::uint16_t group, std::uint16_t element);
// Of an attribute with VR DA, DT or TM: whether the Retain Longitudinal Temporal Information With Modified Dates Option
// (E.3.6) lets it stay, moved. The table gives it to all that it names but three; so do we for those it does not name.
bool HasModifiedDateOption(std::uint16_t group, std::uint16_t element);
std::size_t ProfileSize();

}  // namespace parotis::dicom
