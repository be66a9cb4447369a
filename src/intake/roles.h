// Which series of a study feeds which channel, and why the others do not. Nothing is loaded.
//
// The roles are not filled one by one: the set is chosen whose sum of terms is greatest (intake/candidates.h what each
// series is worth for a role, intake/compatibility.h what two of them are worth together, intake/joint_choice.h the
// search). Every term is kept, for `inspect`. The order in which series and files come does not matter.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/conditions.h"
#include "dicom/series.h"
#include "intake/classify.h"
#include "intake/evidence.h"
#include "intake/site.h"

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

  friend bool operator==(const VolumeReference&, const VolumeReference&) = default;
};

// Frames of one dynamic contrast-enhanced acquisition, in the order of time; one series or several.
struct DynamicSet {
  std::vector<VolumeReference> frames;
  std::vector<double> times_s;  // since the first
  std::string time_source;      // the attribute: "(0008,0032)"
};

struct SeriesRole {
  Role role = Role::kOther;
  std::vector<std::string> channels;  // dataset::kT2 …; empty when unused
  std::string reason;
};

// Another candidate of a role, and what the best set that holds it is short of the best of all.
struct Rival {
  std::vector<std::size_t> series;  // more than one where each holds one b-value
  double behind = 0;
  std::vector<Term> terms;
  bool repeated = false;  // the chosen series repeats it, or it repeats the chosen one
};

// Who serves a role, and how narrowly. A role without any candidate has no choice.
struct RoleChoice {
  Role role = Role::kOther;
  std::vector<std::size_t> series;  // empty: nobody is good enough; an ADC is computed although maps are there
  std::vector<Term> terms;          // alone, then together with the others chosen
  std::vector<Rival> rivals;        // nearest first
  bool tied = false;                // the nearest rival is less than kTiedBelow behind and no repetition
  std::string decided_by;           // "the score", "--pin t2=4", "site rule \"…\""
};

// One point is the least that counts: a smaller margin is chance.
inline constexpr double kTiedBelow = 1;

// role_tied or role_contradictory, about one role.
struct RoleFinding {
  Role role = Role::kOther;
  base::Finding finding;
};

struct StudyRoles {
  std::vector<SeriesRole> series;  // [study.series]
  std::optional<VolumeReference> t2;
  std::optional<VolumeReference> t1c;
  std::optional<VolumeReference> t1;   // without contrast agent: T1C's partner; feeds no channel of the default plan
  std::optional<VolumeReference> adc;  // the vendor's
  std::vector<VolumeReference> diffusion;  // measured volumes on one grid, by b-value
  DynamicSet dynamic;                      // without frames: none
  std::vector<RoleChoice> choices;         // of the roles that are served, in the order t2, t1c, t1, dwi, adc, dce
  std::vector<RoleFinding> findings;       // ties (flagged), and roles left empty because of a contradiction (refused)
  std::vector<std::string> notes;          // repetitions, pins, site rules: sentences
};

// Throws kUsage when a pin names a series the study does not have, or one that cannot serve.
StudyRoles AssignRoles(const dicom::Study& study, const std::vector<Pin>& pins = {}, const SiteRules& site = {});

// The role that makes a channel: t2 for T2, dwi for B0, B1000, D, F, DSTAR and K, dce for WASHIN, …
Role RoleOf(const std::string& channel);

// Every channel that the intake can make, in the order in which datasets hold them: T2, T1C, B0, B1000, ADC, D, F,
// DSTAR, K, WASHIN, TTP, WASHOUT.
std::vector<std::string> AllChannels();

// D, F, DSTAR, K, WASHIN, TTP, WASHOUT: made from many images, and wanted only when somebody says so.
bool IsFittedMap(const std::string& channel);
std::vector<std::string> FittedMaps();

// Those that can be made, in that order.
std::vector<std::string> AvailableChannels(const StudyRoles& roles);

// Throws kRefused, role_contradictory, when the channel cannot be made because the only series for it contradict
// themselves.
void RefuseContradiction(const StudyRoles& roles, const std::string& channel);

}  // namespace parotis::intake
