// The page about what a DICOM folder holds: the middle slice of every series, what it is used for and why, how the
// diffusion signal falls with the b-value, and how well the channels of the case lie on each other. One self-contained
// HTML file; whoever gathers the pictures and sentences fills the structs below.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "image/volume.h"

namespace parotis::report {

struct InspectedFinding {
  std::string code, policy, message;  // policy "refuse" or "flag"
};

struct InspectedSeries {
  std::string number, description, role, reason;
  std::vector<std::pair<std::string, std::string>> facts;  // "plane" → "axial", …, in the order shown
  std::vector<std::string> channels;                       // it feeds; empty when unused
  std::vector<InspectedFinding> findings;
  std::optional<image::Volume> slice;  // one slice, its middle one; absent when it cannot be shown
  std::string why_no_slice;            // one sentence, then
};

// Mean signal of the tissue at one b-value, as measured and by the fit.
struct DecayPoint {
  double b_value_s_mm2 = 0;
  double measured = 0;
  std::optional<double> fitted;
};
struct DecayCurve {
  std::string name;  // of the series
  std::vector<DecayPoint> points;
};

// Channel `name` against the reference on the reference's grid.
struct InspectedOverlay {
  std::string name;
  image::Volume channel;                                   // on the reference's grid
  std::optional<image::Volume> by_header;                  // the same before alignment; absent when nothing was moved
  std::vector<std::pair<std::string, std::string>> facts;  // what was done, metric before and after
};

struct InspectedStudy {
  std::string title, uid, verdict;  // verdict: what the head-and-neck check says
  std::vector<std::string> notes;
  std::vector<InspectedFinding> findings;
  std::vector<InspectedSeries> series;
  std::vector<DecayCurve> decay;
  std::string reference_name;              // of the channel on whose grid everything lies
  std::optional<image::Volume> reference;  // absent when no case could be made
  std::vector<InspectedOverlay> overlays;
  std::string why_no_case;  // one sentence, then
};

struct Inspection {
  std::string folder, date;
  std::vector<InspectedStudy> studies;
  std::vector<std::pair<std::string, std::string>> skipped;  // path, reason
};

std::string InspectionHtml(const Inspection& inspection);
void WriteInspectionReport(const std::filesystem::path& path, const Inspection& inspection);

// Squares of `tile_mm` that show `a` and `b` in turn, each scaled to its own brightness 0…1: where outlines run on
// across the squares, the two lie on each other. Same grid, else kInternal.
image::Volume Checkerboard(const image::Volume& a, const image::Volume& b, std::int64_t slice, double tile_mm);

}  // namespace parotis::report
