// Matching of attributes in the DICOM JSON model (PS3.18 annex F) against a query's values (PS3.4 C.2.2.2).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace parotis::service {

// "PatientID" or "00100020" → "00100020"; absent for what is not asked for here.
std::optional<std::string> TagOfKey(const std::string& key);

// All values as text; of a person's name its groups joined with "=".
std::vector<std::string> ValuesOf(const base::Json& dataset, const std::string& tag);

// {"vr": vr, "Value": [value]}.
base::Json Attribute(const char* vr, base::Json value);

// "1.2,1.3" or "1.2\1.3".
std::vector<std::string> SplitUids(const std::string& list);

// One value of the attribute fits: a list of UIDs, a range of dates or times ("20260101-", "-20261231"), or a text with
// "*" and "?", in which names do not heed case.
bool Matches(const base::Json& dataset, const std::string& tag, const std::string& pattern);

}  // namespace parotis::service
