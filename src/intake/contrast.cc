#include "intake/contrast.h"

#include <fmt/format.h>

#include "intake/acquisition_times.h"
#include "intake/vocabulary.h"
#include "intake/words.h"

namespace parotis::intake {
namespace {

constexpr double kAfter = 3;           // points that mean it
constexpr double kWashedOut_s = 5400;  // later images may be of another injection or none

bool IsDenial(const std::string& agent) {
  const Words words({agent});
  return words.words().empty() || words.HasAny({"none", "no", "n", "nil", "ohne", "keine", "keines", "sans", "non", "0",
                                                "without", "geen", "nessuno", "ninguno", "nenhum", "aucun"});
}

// Positive: after. `fact` is a phrase that fits behind "but".
Term ByAttribute(const dicom::Series& series) {
  if (series.contrast_agent.empty()) return {};
  if (IsDenial(series.contrast_agent))
    return {"contrast agent", fmt::format("the agent is \"{}\"", series.contrast_agent), -4};
  return {"contrast agent", fmt::format("the contrast agent \"{}\" is named", series.contrast_agent), 4};
}

Term ByWords(const dicom::Series& series) {
  const AgentSaid said = AgentSaidBy(Words({series.description}));  // protocols speak of the whole examination
  if (said.before == said.after) return {};
  return {"description",
          fmt::format("the description \"{}\" says {}", series.description,
                      said.after ? "after contrast agent" : "before it"),
          said.after ? 3.0 : -5.0};
}

Term ByTime(const dicom::Series& series, const std::string& study_start) {
  const std::string& start = SecondsOfDay(series.contrast_start_time) ? series.contrast_start_time : study_start;
  const auto later_s = SecondsBetween(start, series.acquisition_time);
  if (!later_s || *later_s > kWashedOut_s) return {};
  if (*later_s < 0)
    return {"time", fmt::format("it was acquired {:.0f} s before the contrast agent was given", -*later_s), -6};
  return {"time", fmt::format("it was acquired {:.0f} s after the contrast agent was given", *later_s), 3};
}

std::string ReasonAfter(const dicom::Series& series, const Term& attribute, const Term& words, const Term& time) {
  if (attribute.points > 0) return fmt::format("after contrast agent ({})", series.contrast_agent);
  if (words.points > 0) return fmt::format("after contrast agent, by its description \"{}\"", series.description);
  return fmt::format("after contrast agent, by its time: {}", time.fact);
}

}  // namespace

ContrastEvidence ContrastOf(const dicom::Series& series, const std::string& study_start) {
  const Term attribute = ByAttribute(series);
  const Term words = ByWords(series);
  const Term time = ByTime(series, study_start);
  ContrastEvidence evidence;
  std::string after;
  std::string before;
  for (const Term* term : {&attribute, &words, &time}) {
    if (term->points == 0) continue;
    evidence.terms.push_back(*term);
    std::string& side = term->points > 0 ? after : before;
    side += (side.empty() ? "" : " and ") + term->fact;
  }
  if (!after.empty() && !before.empty()) {
    evidence.contradicted = fmt::format("{}, but {}", after, before);
    evidence.reason = evidence.contradicted;
    return evidence;
  }
  evidence.given = SumOf(evidence.terms) >= kAfter;
  if (evidence.given) {
    evidence.reason = ReasonAfter(series, attribute, words, time);
  } else if (words.points < 0) {
    evidence.reason = "before contrast agent, by its description";
  } else {
    evidence.reason = before.empty() ? "no contrast agent is named" : "before contrast agent: " + before;
  }
  return evidence;
}

}  // namespace parotis::intake
