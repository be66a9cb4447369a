#include "intake/declared.h"

#include <fmt/format.h>

#include "base/error.h"
#include "intake/acquisition_times.h"
#include "intake/dynamic_sets.h"

namespace parotis::intake {
namespace {

using dicom::Series;
using dicom::Study;

void ApplyRule(const SiteRules& site, std::size_t s, Declared& declared) {
  const Series& series = declared.classified.study.series[s];
  const SeriesRule* rule = RuleFor(site, series);
  declared.classified.rules[s] = rule;
  if (rule == nullptr) return;
  const std::string named = fmt::format("site rule \"{}\" of {}", rule->name, site.file);
  Classification& each = declared.classified.series[s];
  if (rule->role) {
    each = ClassifyAs(series, *rule->role);
    each.reason = fmt::format("{} by {}{}", NameOf(*rule->role), named,
                              each.usable ? "" : ", but none of its volumes can be chosen for that");
    declared.notes.push_back(fmt::format("{}: {} counts as {}", named, NameOf(series), NameOf(*rule->role)));
  } else if (rule->exclude) {
    each.usable = false;
    each.contradictory_roles.clear();
    each.reason += fmt::format("; not used: excluded by {}", named);
    declared.notes.push_back(fmt::format("{}: {} is not used", named, NameOf(series)));
  } else {
    declared.notes.push_back(fmt::format("{}: {} gets {:+.3g} points", named, NameOf(series), rule->prefer));
  }
}

std::size_t Find(const Study& study, const Pin& pin) {
  for (std::size_t s = 0; s < study.series.size(); ++s) {
    const Series& series = study.series[s];
    if (series.uid == pin.series || (series.number && std::to_string(*series.number) == pin.series)) return s;
  }
  base::Throw(base::ErrorKind::kUsage,
              fmt::format("--pin {}={}: the study has no such series; `parotis inspect` lists them", NameOf(pin.role),
                          pin.series));
}

// A pinned role is taken away from all other series.
void ApplyPin(const Pin& pin, Declared& declared) {
  declared.pinned.push_back(pin.role);
  for (Classification& each : declared.classified.series) {
    if (each.role != pin.role || each.reason.starts_with("pinned")) continue;
    each.usable = false;
    each.reason += fmt::format("; not used: --pin {}={}", NameOf(pin.role), pin.series);
  }
  const Study& study = declared.classified.study;
  if (pin.series == "none") {
    declared.notes.push_back(
        fmt::format("nothing is used as {} because of --pin {}=none", NameOf(pin.role), NameOf(pin.role)));
    return;
  }
  const std::size_t s = Find(study, pin);
  Classification& each = declared.classified.series[s];
  each = ClassifyAs(study.series[s], pin.role);
  if (!each.usable) {
    base::Throw(base::ErrorKind::kUsage, fmt::format("--pin {}={}: {} is {}", NameOf(pin.role), pin.series,
                                                     NameOf(study.series[s]), each.reason));
  }
  declared.notes.push_back(
      fmt::format("{} is used as {} because it is pinned", NameOf(study.series[s]), NameOf(pin.role)));
}

}  // namespace

Declared Declare(const Study& study, const std::vector<Pin>& pins, const SiteRules& site) {
  Declared declared{{study, {}, {}}, {}, {}};
  const StudyContext context{ContrastStartOf(study)};
  for (const Series& series : study.series) declared.classified.series.push_back(Classify(series, context));
  declared.classified.rules.assign(study.series.size(), nullptr);
  for (std::size_t s = 0; s < study.series.size(); ++s) ApplyRule(site, s, declared);
  MarkDynamicSets(declared.classified);
  for (const Pin& pin : pins) ApplyPin(pin, declared);
  return declared;
}

}  // namespace parotis::intake
