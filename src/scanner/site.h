// What one site does its own way, drawn for each patient.
#pragma once

#include <string>

#include "base/random.h"
#include "physics/protocol.h"
#include "scanner/dicom_study.h"
#include "scanner/names.h"

namespace parotis::scanner {

struct Site {
  const Names* names = nullptr;
  std::string body_part;
  std::string agent = "Gadolinium";  // "": the site does not name it
  bool agent_time = false;           // when it was given is written
  bool enhanced = false;
  bool adc_map = true;
  bool series_per_b = false;    // every b-value a series of its own
  bool diffusion_early = true;  // before T1
  bool downwards = false;       // slices are numbered from the head
  bool slice_first = false;     // all b-values of one slice, then the next slice
  bool interleaved = false;     // odd slices first
  bool gaps = false;            // series numbers that are missing
};

Site DrawSite(const physics::Protocol& protocol, const StudyOptions& options, base::Random& random);

}  // namespace parotis::scanner
