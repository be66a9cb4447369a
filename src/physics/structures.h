// What is where, instead of which tumour it is: the labels of cohorts to transfer from, in which classes mean nothing.
#pragma once

#include <string>
#include <vector>

#include "physics/scan.h"

namespace parotis::physics {

// background, tumour, parotid, submandibular; by value.
std::vector<std::string> StructureLabels();
// On the examination's anatomy grid. Where a tumour lies in a gland it is the tumour.
image::LabelVolume StructuresOf(const Examination& examination);

}  // namespace parotis::physics
