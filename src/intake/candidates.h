// What each series is worth for a role by itself. A point is the smallest preference a radiologist would act on; the
// table of terms, and why each weighs what it does, is docs/solver.md.
#pragma once

#include <string>
#include <vector>

#include "dicom/series.h"
#include "intake/classify.h"
#include "intake/evidence.h"
#include "intake/roles.h"
#include "intake/site.h"

namespace parotis::intake {

// A series, several that hold one b-value each, or (without volumes) nobody.
struct Candidate {
  Role role = Role::kOther;
  std::vector<VolumeReference> volumes;
  std::vector<Term> terms;
  bool fat_suppressed = false;

  bool nobody() const { return volumes.empty(); }
};

struct ClassifiedStudy {
  const dicom::Study& study;
  std::vector<Classification> series;    // [study.series]
  std::vector<const SeriesRule*> rules;  // [study.series]; null where none fits
};

// All that may serve `role`, the later acquired first, each with its terms; never nobody.
std::vector<Candidate> CandidatesFor(const ClassifiedStudy& classified, Role role);

// Term "plane": axial is what the plan's grids are; coronal shows both glands at least.
Term PlaneTerm(const dicom::SeriesVolume& volume);

// Orders by acquisition: time, then number, then UID; true when `a` is the later.
bool AcquiredLater(const dicom::Study& study, const dicom::Series& a, const dicom::Series& b);

}  // namespace parotis::intake
