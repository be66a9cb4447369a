// What the attributes of one image claim about its diffusion weighting, each as it stands. Every vendor's reader only
// collects claims (dicom/diffusion_readers.h); which of them is believed is decided in one place (dicom/diffusion.cc).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dicom/gradient_frame.h"

namespace parotis::dicom {

// How literally a claim may be taken. Among claims the highest is believed; those below only stand in for it.
enum class Trust {
  kWords,      // a number in a name ("ep_b400t")
  kInferred,   // follows from another attribute (directionality NONE means b = 0)
  kPrivate,    // a vendor's attribute, or a remark that the scanner writes by a fixed rule
  kStandard,   // (0018,9087)
  kEffective,  // what was really applied, where the attributes above hold what was asked for
};

struct BValueClaim {
  double b_value_s_mm2 = 0;
  std::string source;  // "(0018,9087)", "(0019,xx0c)", "CSA header", …
  Trust trust = Trust::kPrivate;
  // Of an effective b-value: the one that was asked for. Attributes that hold it do not contradict.
  std::optional<double> nominal_s_mm2;
};

struct DirectionClaim {
  image::Vector3 direction = {0, 0, 0};
  GradientFrame frame = GradientFrame::kPatient;
  std::string source;
  bool scaled = false;  // its length carries the b-value: shorter than 1 is no fault
  // Of a b-matrix: its trace. A matrix whose trace is another b-value belongs to something else.
  std::optional<double> trace_s_mm2;
};

struct DiffusionClaims {
  std::vector<BValueClaim> b_values;
  std::vector<DirectionClaim> directions;  // in the order in which they are preferred
  std::string direction_token;             // tells directions apart where no vector is written ("#12")
  bool trace = false;                      // the vendor's average over directions
  bool directional = false;                // says that it is weighted along one direction
  bool evidence = false;                   // says that it is a diffusion image, whatever its b-value
  std::string calculated;                  // what says that nobody measured this b-value; "" when nothing does

  void AddB(std::optional<double> value, const char* source, Trust trust) {
    if (value) b_values.push_back({*value, source, trust, std::nullopt});
  }
  void AddDirection(const std::optional<image::Vector3>& direction, GradientFrame frame, const char* source) {
    if (direction) directions.push_back({*direction, frame, source, false, std::nullopt});
  }
};

}  // namespace parotis::dicom
