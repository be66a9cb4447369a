#pragma once

#include "base/conditions.h"

namespace parotis::dicom {
using base::ConditionNamed;
using base::Finding;
using base::Found;
using base::NameOf;
using base::Policy;
using base::Refuse;
}  // namespace parotis::dicom
