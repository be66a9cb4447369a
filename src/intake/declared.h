// What people say about series, over what the program finds: rules of the site, then pins.
#pragma once

#include <string>
#include <vector>

#include "intake/candidates.h"
#include "intake/roles.h"
#include "intake/site.h"

namespace parotis::intake {

struct Declared {
  ClassifiedStudy classified;
  std::vector<Role> pinned;        // roles that a pin gives to a series or to nobody
  std::vector<std::string> notes;  // one sentence per rule and pin that took effect
};

// Classifies every series and applies what is declared. Throws kUsage when a pin names a series the study does not
// have, or one that cannot serve.
Declared Declare(const dicom::Study& study, const std::vector<Pin>& pins, const SiteRules& site);

}  // namespace parotis::intake
