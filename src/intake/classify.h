// What one series is, judged by itself: physics first (b-values, echo, repetition and inversion times, contrast agent),
// the words of its description second. Every answer carries its reason.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "dicom/series.h"
#include "intake/evidence.h"

namespace parotis::intake {

enum class Role { kT2, kT1c, kT1, kDwi, kAdc, kDce, kOther };

std::string NameOf(Role role);  // "t2", "t1c", "t1", "dwi", "adc", "dce", "other"
std::optional<Role> RoleNamed(const std::string& name);

struct Classification {
  Role role = Role::kOther;
  std::string reason;  // one phrase for people: what it is and how that is known
  std::vector<std::size_t>
      volumes;  // those that serve the role: one for images and maps, all measured b-values for dwi, all frames for dce
  bool fat_suppressed = false;
  bool usable = true;          // false: the role is clear, but the reason says why nothing can be made of it
  std::vector<Term> evidence;  // for the role
  // Where what it says of itself cannot all be true: the roles it might have served, and a phrase. It serves none of
  // them without a person's word.
  std::vector<Role> contradictory_roles;
  std::string contradiction;
  base::Finding refused;  // why nothing can be made of it, where that has a name
};

// What the whole study tells about each of its series.
struct StudyContext {
  std::string contrast_start;  // TM; "" when no series names it
};

Classification Classify(const dicom::Series& series, const StudyContext& context = {});

// What a series would serve as if a person says it is `role`: volumes are chosen as for that role, physics is not
// asked. Not usable when no volume can be chosen.
Classification ClassifyAs(const dicom::Series& series, Role role);

// The b-value of a volume as a measurement: absent for maps and calculated images, whatever their headers carry.
std::optional<double> MeasuredBValue(const dicom::Series& series, std::size_t volume);

}  // namespace parotis::intake
