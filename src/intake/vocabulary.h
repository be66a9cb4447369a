// What the words of a description say, in English, German, French, Italian, Spanish, Portuguese and Dutch and in the
// vendors' abbreviations. Whole words and neighbouring words only, never a part of one: "post" is not in "posterior",
// "STIR" not in "Stirn", "T1" not in "T12".
#pragma once

#include <string>

#include "intake/words.h"

namespace parotis::intake {

// Contrast agent. Both may be said ("pre/post"), and then neither counts.
struct AgentSaid {
  bool before = false;
  bool after = false;
};
AgentSaid AgentSaidBy(const Words& words);

struct WeightingSaid {
  bool t1 = false;
  bool t2 = false;
  bool flair = false;
};
WeightingSaid WeightingSaidBy(const Words& words);

// Fat saturation by any method; "without fat saturation" is not that.
bool SaysFatSuppressed(const Words& words);

// Parotid gland, salivary glands or neck; and parts of the body that a series of a head-and-neck study may be about
// instead.
bool NamesNeck(const Words& words);
bool NamesAnotherRegion(const Words& words);

// Subtraction of other images, but not "sub mandibular".
bool SaysSubtraction(const Words& words);

}  // namespace parotis::intake
