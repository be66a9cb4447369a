#include "intake/choice_reasons.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "intake/candidates.h"

namespace parotis::intake {
namespace {

using dicom::Study;

// What the terms about one thing add up to, and what the weightiest of them says.
struct Stand {
  double points = 0;
  std::string fact;
  double weight = 0;
};

std::map<std::string, Stand> StandsOf(const std::vector<Term>& terms) {
  std::map<std::string, Stand> stands;
  for (const Term& term : terms) {
    Stand& stand = stands[term.about];
    stand.points += term.points;
    if (stand.fact.empty() || std::abs(term.points) > stand.weight) stand.fact = term.fact;
    stand.weight = std::max(stand.weight, std::abs(term.points));
  }
  return stands;
}

// What to pin: the series' number where it has one.
std::string PinOf(const Study& study, std::size_t series) {
  const auto& number = study.series[series].number;
  return number ? std::to_string(*number) : study.series[series].uid;
}

}  // namespace

std::string NamesOf(const Study& study, const std::vector<std::size_t>& series) {
  std::vector<std::string> names;
  for (const std::size_t s : series) names.push_back(NameOf(study.series[s]));
  return fmt::format("{}", fmt::join(names, " and "));
}

std::string WhyPreferred(const Study& study, const RoleChoice& choice, const Rival& rival) {
  const auto chosen = StandsOf(choice.terms);
  const auto left = StandsOf(rival.terms);
  std::string about;
  double ahead = 0.05;
  for (const auto& [name, stand] : chosen) {
    const auto other = left.find(name);
    const double difference = stand.points - (other == left.end() ? 0 : other->second.points);
    if (difference > ahead) ahead = difference, about = name;
  }
  for (const auto& [name, stand] : left) {
    if (!chosen.contains(name) && -stand.points > ahead) ahead = -stand.points, about = name;
  }
  if (choice.series.empty())
    return fmt::format("it is computed from the chosen diffusion images, and this is {}",
                       about.empty() ? "no better" : left.at(about).fact);
  const std::string winner = NamesOf(study, choice.series);
  if (about.empty()) return winner + " was acquired later";
  const auto other = left.find(about);
  if (!chosen.contains(about)) return fmt::format("this is {}, {} is not", other->second.fact, winner);
  if (about == "plane" || about == "fat suppression")
    return fmt::format("{} is {}, this one {}", winner, chosen.at(about).fact, other->second.fact);
  return fmt::format("{} is preferred for its {} ({}; this one: {})", winner, about, chosen.at(about).fact,
                     other == left.end() ? "nothing of it" : other->second.fact);
}

std::string TieSentence(const Study& study, const RoleChoice& choice) {
  const Rival& nearest = choice.rivals.front();
  return fmt::format(
      "{} and {} serve almost equally well as {} ({:.2g} points apart): {}; --pin {}={} decides otherwise",
      NamesOf(study, choice.series), NamesOf(study, nearest.series), NameOf(choice.role), nearest.behind,
      nearest.behind > 1e-6 ? "the better is used" : "the one acquired last is used (time, then number, then UID)",
      NameOf(choice.role), PinOf(study, nearest.series.front()));
}

std::string RepetitionSentence(const Study& study, const RoleChoice& choice, const Rival& rival) {
  const dicom::Series& chosen = study.series[choice.series.front()];
  const dicom::Series& other = study.series[rival.series.front()];
  const std::string pin =
      fmt::format("--pin {}={} decides otherwise", NameOf(choice.role), PinOf(study, rival.series.front()));
  if (AcquiredLater(study, chosen, other))
    return fmt::format("{} repeats {}: the later run is used as {}; {}", NamesOf(study, choice.series),
                       NamesOf(study, rival.series), NameOf(choice.role), pin);
  return fmt::format("{} repeats {}, but the earlier run is used as {} because {}; {}", NamesOf(study, rival.series),
                     NamesOf(study, choice.series), NameOf(choice.role), WhyPreferred(study, choice, rival), pin);
}

}  // namespace parotis::intake
