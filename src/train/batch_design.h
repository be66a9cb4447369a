// Which slices a batch consists of: the declared quota that the published system calls its batch distribution, and the
// two designs it is compared with. Every draw is a pure function of (seed, iteration, position): nothing is remembered,
// so training goes on after an interruption exactly as if there had been none. This header needs no LibTorch.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "plan/plan.h"
#include "prepare/cache.h"

namespace parotis::train {

// One slice of one case; `wanted` is the label for whose sake it was drawn, -1 when any slice would have done.
struct SliceDraw {
  std::size_t case_index = 0;
  std::int64_t slice = 0;
  int wanted = -1;
  bool operator==(const SliceDraw&) const = default;
};

// Which labels are visible in which slices.
class SliceIndex {
 public:
  struct CaseSlices {
    std::string patient_id;
    std::vector<std::uint64_t> labels;  // per slice: bit l is set when label l occurs in it
  };

  explicit SliceIndex(std::vector<CaseSlices> cases);
  static SliceIndex FromCases(std::span<const prepare::CachedCase> cases);
  // Patients who show each label, [label]; [0] those who show none.
  std::vector<std::int64_t> PatientsPerLabel(std::size_t label_count) const;
  const std::vector<CaseSlices>& cases() const { return cases_; }

 private:
  std::vector<CaseSlices> cases_;
};

// Draws batches as the plan declares them.
//  kQuota       every batch holds exactly the declared number of slices drawn for each label, and of "tumour_free"
//  slices,
//               which show no label at all and come from any patient. Within a label patients are dealt like cards:
//               each once, in random order, before any comes again; then one of the patient's slices that show the
//               label, uniformly. With slices_per_patient above 1 so many slices of the patient stand together, all
//               different while there are enough.
//  kUniform     every slice of the training set with equal probability.
//  kForeground  the last foreground_fraction of the batch: a case with foreground, one of its labels, one of the
//               slices showing it; the others: a case, any slice (each step uniform; nnU-Net's sampling).
class BatchDesigner {
 public:
  // Throws kInput when the plan asks for a label that no training case shows.
  BatchDesigner(const plan::BatchPlan& plan, const std::vector<std::string>& labels, SliceIndex index,
                std::uint64_t seed);

  std::vector<SliceDraw> Draw(std::int64_t iteration) const;
  const SliceIndex& index() const { return index_; }

 private:
  struct Patient {
    std::vector<SliceDraw> slices;
  };
  SliceDraw DrawQuota(std::int64_t iteration, int position) const;
  SliceDraw DrawForeground(std::int64_t iteration, int position) const;

  plan::BatchPlan plan_;
  std::uint64_t seed_;
  SliceIndex index_;
  std::vector<SliceDraw> all_slices_;
  std::vector<std::size_t> foreground_cases_;
  std::vector<int> wanted_;                       // kQuota: label of each position, 0 for tumour-free
  std::map<int, std::vector<Patient>> patients_;  // kQuota: by label, 0 for tumour-free
};

// What was drawn so far: slices per wanted label and per patient, and slices that showed each label.
class DrawHistogram {
 public:
  DrawHistogram(const SliceIndex& index, std::vector<std::string> labels);
  void Add(std::span<const SliceDraw> batch);
  // {"drawn_for": {label: slices}, "showing": {label: slices}, "patients": {label: {"count":, "fewest":, "most":}}}
  base::Json ToJson() const;

 private:
  const SliceIndex* index_;
  std::vector<std::string> labels_;
  std::map<int, std::int64_t> drawn_for_;
  std::vector<std::int64_t> showing_;
  std::map<int, std::map<std::string, std::int64_t>> patients_;
};

}  // namespace parotis::train
