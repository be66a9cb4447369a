// What a study has done behind LibTorch's fence: training and prediction.
#pragma once

#include "experiment/steps.h"

namespace parotis::app {

// LibTorch is loaded when the first step runs.
experiment::Steps NetworkSteps();

}  // namespace parotis::app
