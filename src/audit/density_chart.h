// A quantity's distribution in every class: bars as measured, a curve as the prior has it. Inline SVG.
#pragma once

#include <string>

#include "audit/cohort_audit.h"

namespace parotis::audit {

std::string DensityChart(const QuantityAudit& quantity);

}  // namespace parotis::audit
