#include "intake/contrast.h"

#include <fmt/format.h>

#include "intake/words.h"

namespace parotis::intake {
namespace {

bool SaysBefore(const Words& words) {
  return words.HasAny({"pre", "precontrast", "nativ", "native", "nonenhanced", "unenhanced", "plain", "nc", "nongd",
                       "noncontrast"}) ||
         words.ContainsAny({"w/o", "without", "ohne km", "ohne gd", "sans gd", "sans inj", "sans contraste",
                            "sin contraste", "senza mdc", "zonder", "non contrast", "non-contrast"});
}

bool SaysAfter(const Words& words) {
  return words.HasAny({"post", "gd", "gad", "km", "ce", "t1c", "t1ce", "t1gd", "t1km", "mdc", "inj", "postgd",
                       "postcontrast"}) ||
         words.HasAnyStem({"gado", "contrast", "kontrast", "dotarem", "prohance", "magnevist", "omniscan", "clariscan",
                           "elucirem"}) ||
         words.ContainsAny({"+c", "c+", "+gd", "+ gd", "+km", "+ km"});
}

bool IsDenial(const std::string& agent) {
  const Words words({agent});
  return words.words().empty() ||
         words.HasAny({"none", "no", "n", "nil", "ohne", "keine", "sans", "non", "0", "without"});
}

}  // namespace

ContrastEvidence ContrastOf(const dicom::Series& series) {
  const Words words({series.description});
  const bool before = SaysBefore(words);
  const bool after = !before && SaysAfter(words);  // protocol names speak of the whole examination
  const bool named = !series.contrast_agent.empty() && !IsDenial(series.contrast_agent);
  if (named && before) {
    return {false, fmt::format("the contrast agent \"{}\" is named, but the description \"{}\" says before it",
                               series.contrast_agent, series.description)};
  }
  if (named) return {true, fmt::format("after contrast agent ({})", series.contrast_agent)};
  if (after && !series.contrast_agent.empty()) {
    return {false, fmt::format("the description \"{}\" says after contrast agent, but the agent is \"{}\"",
                               series.description, series.contrast_agent)};
  }
  if (after) return {true, fmt::format("after contrast agent, by its description \"{}\"", series.description)};
  return {false, before ? "before contrast agent, by its description" : "no contrast agent is named"};
}

}  // namespace parotis::intake
