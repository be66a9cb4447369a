// The truth of a case: outlines, from whatever files, as the labels of a dataset on the grid of the case.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/conditions.h"
#include "base/json.h"
#include "dataset/case.h"
#include "dicom/series.h"
#include "image/volume.h"
#include "intake/outlines.h"

namespace parotis::intake {

// Which structure becomes which label: the file behind --labels, configs/truth-labels.json shows it.
struct TruthLabels {
  std::vector<std::string> names = {"background", "tumour"};  // of the dataset; [0] is the background
  // By a structure's name (in any case) or one of its codes ("SCT:108369006"); "" leaves the structure out.
  std::map<std::string, std::string> of_structure;
  bool later_on_top = false;  // where labels overlap the later one of `names` wins; else that is refused

  bool operator==(const TruthLabels&) const = default;
};

// Names that are the dataset's labels, numbers that are their values, and coded neoplasms (SCT 108369006, 126788000),
// which become "tumour".
TruthLabels DefaultTruthLabels();
// {"labels": ["tumour", …], "structures": {"GTV": "tumour", "Parotid_L": null}, "overlap": "refuse" or "later_on_top"}.
// Without "labels" they are numbered as "structures" first names them. Throws kInput naming the key.
TruthLabels ParseTruthLabels(const base::Json& json, const std::string& name);

struct Truth {
  image::LabelVolume labels;
  std::vector<base::Finding> findings;  // flags: truth_cut, truth_empty, truth_frame_missing, contour_not_closed
};

// Draws all outlines of `files` on `grid`, which lies in the frame of reference `frame_of_reference_uid` ("": unknown).
// Throws kRefused: truth_label_unknown, truth_label_contradictory, truth_other_frame, truth_outside, truth_lost,
// truth_overlap, truth_ambiguous, contour_not_planar.
Truth DrawTruth(const std::vector<OutlineFile>& files, const TruthLabels& labels, const image::Geometry& grid,
                const std::string& frame_of_reference_uid);

// Gives `examination`, loaded from `study`, the truth that `files` hold. Without files, and when something about them
// is refused, it stays without truth. Returns what was flagged or refused. Throws kIo.
std::vector<base::Finding> AddTruth(dataset::Case& examination, const dicom::Study& study,
                                    const std::vector<std::filesystem::path>& files, const TruthLabels& labels);

}  // namespace parotis::intake
