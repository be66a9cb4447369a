// Assembled studies, as an index would describe them: each series by what its vendor writes, then a table of who must
// serve which role, written by hand.
#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "dicom/series.h"

namespace parotis::intake::studies {

enum class Vendor { kSiemens, kGe, kPhilips, kCanon, kUih };

// Common frame and place of everything that a study adds until it is changed.
struct Place {
  std::string frame = "1.2.3.9";
  double centre_s_mm = 0;  // of the slab, towards the head
};

// One series; change what differs from a routine axial neck image. Numbers and times are given by the study.
struct Spec {
  std::string description;
  dicom::SlicePlane plane = dicom::SlicePlane::kAxial;
  int slices = 24;
  double spacing_mm = 0.6;
  double fov_mm = 220;
  double slice_spacing_mm = 4;
};

class StudyBuilder {
 public:
  explicit StudyBuilder(Vendor vendor, const std::string& study_description = "MRI neck");

  Place place;
  std::string agent;        // of the series that follow; ContrastBolusAgent
  std::string agent_start;  // ContrastBolusStartTime

  // Timing in ms. Every Add… returns the series for changes; the reference is good until the next one.
  dicom::Series& AddTse(const Spec& spec, double te_ms, double tr_ms);
  dicom::Series& AddT2(const Spec& spec) { return AddTse(spec, 90, 4200); }
  dicom::Series& AddT1(const Spec& spec) { return AddTse(spec, 11, 620); }
  dicom::Series& AddT1Fs(const Spec& spec);
  dicom::Series& AddStir(const Spec& spec, double te_ms = 60);
  dicom::Series& AddFlair(const Spec& spec);
  dicom::Series& AddGradientEcho(const Spec& spec, double te_ms, double tr_ms, double flip_deg);  // spoiled, 3-D
  // 1.8 mm echo-planar; one volume per b-value, the scanner's average over directions.
  dicom::Series& AddDiffusion(const Spec& spec, const std::vector<double>& b_values_s_mm2, bool trace = true);
  // The scanner's map of the series added last.
  dicom::Series& AddAdcOfLast(const std::string& description);
  dicom::Series& AddLocalizer(const std::string& description = "localizer");
  dicom::Series& AddScreenshot(const std::string& description);
  dicom::Series& AddMipOfLast(const std::string& description);
  dicom::Series& AddSubtraction(const Spec& spec);
  dicom::Series& AddReformat(const Spec& spec);  // of a 3-D series, T1-weighted
  // Brain, spine and vessels: what else a long examination holds. `count` series.
  void AddOtherRegions(int count);
  // Pause before the next series.
  void Wait(double minutes) { clock_s_ += 60 * minutes; }
  std::string Now() const;

  dicom::Series& last() { return study_.series.back(); }
  dicom::Study Done() const { return study_; }

 private:
  dicom::Series& Add(const Spec& spec);

  Vendor vendor_;
  dicom::Study study_;
  double clock_s_ = 9 * 3600;
  int number_ = 0;
};

// What must come out: series numbers; 0: nobody. `adc` 0 with `adc_computed`: left empty in favour of our own fit.
struct Truth {
  int t2 = 0;
  int t1c = 0;
  std::vector<int> dwi;
  int adc = 0;
  std::vector<std::string> refused = {};  // roles left empty because of a contradiction
  std::vector<std::string> tied = {};     // roles that are flagged as tied
};

struct AssembledStudy {
  std::string name;  // a sentence
  dicom::Study study;
  Truth truth;
};

inline void PrintTo(const AssembledStudy& assembled, std::ostream* out) { *out << assembled.name; }

// Written before any weight was tuned.
std::vector<AssembledStudy> FirstStudies();
// Written after.
std::vector<AssembledStudy> MoreStudies();
// Written with the first, run only when everything else was done.
std::vector<AssembledStudy> HeldOutStudies();

}  // namespace parotis::intake::studies
