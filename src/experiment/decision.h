// The decision rule of a run or of a final model, and what it was chosen on.
#pragma once

#include <string>
#include <vector>

#include "experiment/guard.h"
#include "experiment/setting.h"

namespace parotis::experiment {

struct Decision {
  plan::DiagnosisPlan rule;
  PatientHashes patients;  // whose truth was looked at; none with fixed selection
  base::Json record;       // decision.json
};

// Fixed selection: the plan's rule. Nested selection: for run k fitted on the inner folds, fold j as seen by member
// {k, j}; for the final model on all of them, fold j as seen by run j. The candidates that members or runs found must
// be there. With too few patients the plan's rule stays, and the record says so.
Decision DecideRule(const Setting& setting, const Task& joined);

}  // namespace parotis::experiment
