// Domain randomisation (Tobin et al., IROS 2017; Billot et al., SynthSeg, Med Image Anal 2023): tissues, sequences and
// grids that no scanner and no patient has, so that a network learns shapes and borders rather than grey values.
#pragma once

#include <vector>

#include "physics/protocol.h"

namespace parotis::physics {

// Proton densities, relaxation, diffusion and enhancement of every tissue are multiplied by log-normal factors, one
// for the patient and one for the tissue; classes keep no more than a tendency of what tells them apart.
void RandomiseTissues(const phantom::Patient& patient, std::vector<phantom::Tissue>& tissues);

// In-plane resolution 0.7–1.4 mm (diffusion 1.3–2.6 mm), slices 3–6.5 mm over about the same slab, echo and repetition
// times from short to long, fat suppressed or not.
void RandomiseProtocol(const phantom::Patient& patient, Protocol& protocol);

}  // namespace parotis::physics
