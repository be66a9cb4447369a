// What a hospital knows about its own series and the program cannot: rules of `site.json` (configs/site.json is the
// manual). A rule fits a series when every pattern it gives fits; of several that fit, the first counts.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dicom/series.h"
#include "intake/classify.h"

namespace parotis::intake {

struct SeriesRule {
  std::string name;
  // "*" stands for any text, "?" for one character; case and accents do not matter; the whole text must fit.
  // "" fits everything.
  std::string description, protocol, station, manufacturer;
  std::optional<Role> role;  // what the series is, whatever its attributes say
  bool exclude = false;      // it serves nothing
  double prefer = 0;         // points for (or, negative, against) the series in whatever role it has
};

struct SiteRules {
  std::string file;    // for provenance; "" without one
  std::string sha256;  // of the file
  std::vector<SeriesRule> rules;
};

// Strict JSON: {"series": [{"name": …, "description": …, "role"|"exclude"|"prefer": …}]}. Throws kInput with one
// sentence that names the file and the rule.
SiteRules ReadSiteRules(const std::filesystem::path& path);

// The first rule that fits; null when none does.
const SeriesRule* RuleFor(const SiteRules& rules, const dicom::Series& series);

// Both folded as words are.
bool FitsPattern(const std::string& pattern, const std::string& text);

}  // namespace parotis::intake
