#include "intake/site.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/json.h"
#include "intake/words.h"

namespace parotis::intake {
namespace {

constexpr double kMostPoints = 100;

// The text as Words folds it, without the blank that it puts behind every text.
std::string Folded(const std::string& text) {
  std::string folded = Words({text}).text();
  folded.pop_back();
  return folded;
}

// Iterative matching with one place to return to: linear in practice, never exponential.
bool Fits(const std::string& pattern, const std::string& text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || (pattern[p] == text[t] && pattern[p] != '*'))) {
      ++p, ++t;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (star != std::string::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

[[noreturn]] void Refuse(const std::string& where, const std::string& fact) {
  base::Throw(base::ErrorKind::kInput, where + " " + fact);
}

void CheckRule(const SeriesRule& rule, bool names_role, const std::string& where) {
  if (rule.description.empty() && rule.protocol.empty() && rule.station.empty() && rule.manufacturer.empty())
    Refuse(where, "fits every series: give description, protocol, station or manufacturer");
  const int actions = (names_role ? 1 : 0) + (rule.exclude ? 1 : 0) + (rule.prefer != 0 ? 1 : 0);
  if (actions != 1) Refuse(where, "must do exactly one thing: \"role\", \"exclude\": true or \"prefer\": points");
  if (!std::isfinite(rule.prefer) || std::abs(rule.prefer) > kMostPoints)
    Refuse(where + ".prefer", fmt::format("must lie between -{0} and {0}", kMostPoints));
}

SeriesRule ReadRule(const base::Json& json, const std::string& where) {
  base::JsonObject object(json, where);
  SeriesRule rule;
  rule.name = object.Get<std::string>("name");
  object.Read("description", rule.description);
  object.Read("protocol", rule.protocol);
  object.Read("station", rule.station);
  object.Read("manufacturer", rule.manufacturer);
  object.Read("exclude", rule.exclude);
  object.Read("prefer", rule.prefer);
  std::string role;
  object.Read("role", role);
  object.Finish();
  if (!role.empty()) {
    rule.role = RoleNamed(role);
    if (!rule.role || *rule.role == Role::kOther)
      Refuse(where + ".role", fmt::format("is \"{}\"; it must be t2, t1c, t1, dwi or adc", role));
  }
  CheckRule(rule, !role.empty(), where);
  return rule;
}

}  // namespace

bool FitsPattern(const std::string& pattern, const std::string& text) {
  return pattern.empty() || Fits(Folded(pattern), Folded(text));
}

SiteRules ReadSiteRules(const std::filesystem::path& path) {
  const std::string text = base::ReadFile(path);
  const base::Json json = base::ParseJson(text, path.string());
  base::JsonObject site(json, path.string() + ":");
  SiteRules rules;
  rules.file = path.string();
  rules.sha256 = base::HashOf(text);
  const base::Json& list = site.Require("series");
  if (!list.is_array()) Refuse(site.PathOf("series"), "must be a list of rules");
  for (std::size_t r = 0; r < list.size(); ++r)
    rules.rules.push_back(ReadRule(list[r], fmt::format("{}[{}]", site.PathOf("series"), r)));
  site.Finish();
  return rules;
}

const SeriesRule* RuleFor(const SiteRules& rules, const dicom::Series& series) {
  for (const SeriesRule& rule : rules.rules) {
    if (FitsPattern(rule.description, series.description) && FitsPattern(rule.protocol, series.protocol) &&
        FitsPattern(rule.station, series.station) && FitsPattern(rule.manufacturer, series.manufacturer))
      return &rule;
  }
  return nullptr;
}

}  // namespace parotis::intake
