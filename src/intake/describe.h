// A study and its series' roles for people (a table) and for programs (JSON).
#pragma once

#include <string>

#include "base/json.h"
#include "dicom/index.h"
#include "intake/roles.h"

namespace parotis::intake {

// One object per series: uid, number, description, role, b_values_s_mm2 (one per volume; null where nothing was
// measured at a b-value: T1, T2, ADC and derived maps), channels, reason, then study_uid, modality, plane, size,
// spacing_mm, findings ({code, policy, message}), phase_encoding
// ({axis, positive, source}), frame_times_s (of the frames of the dynamic acquisition that is used, since its first),
// …
base::Json SeriesToJson(const dicom::Study& study, const StudyRoles& roles);

// One object per role that is served or fought for: role, series (numbers or UIDs), points, margin (null without
// rival), tied, decided_by, terms [{about, fact, points}] and rivals, nearest first, each with its terms.
base::Json ChoicesToJson(const dicom::Study& study, const StudyRoles& roles);

// One line per candidate of every role: points, how far behind, and the terms.
std::string ChoicesAsText(const dicom::Study& study, const StudyRoles& roles);

// Number, description, role, plane, slices, spacing, b-values, channels and reason, one line per series.
std::string TableOf(const dicom::Study& study, const StudyRoles& roles);

}  // namespace parotis::intake
