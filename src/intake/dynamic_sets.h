// Dynamic acquisitions that scanners write into several series: every frame into one of its own, or the frames before
// the contrast agent apart from those after it.
#pragma once

#include <string>
#include <vector>

#include "intake/candidates.h"

namespace parotis::intake {

// Series that are parts of one acquisition get the role dce. They lie on one grid, agree in timing and flip angle and
// follow each other within 120 s; and there are six and more of one frame each, or such frames just before a dynamic
// series. What follows a dynamic series is left what it is: T1 after contrast agent.
void MarkDynamicSets(ClassifiedStudy& classified);

// Of the usable series of role dce, joined where they belong together; six frames and 60 s at least.
std::vector<DynamicSet> DynamicSetsOf(const ClassifiedStudy& classified);

}  // namespace parotis::intake
