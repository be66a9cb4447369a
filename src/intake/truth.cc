#include "intake/truth.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"

namespace parotis::intake {
namespace {

using base::Found;
using base::Refuse;
using image::LabelVolume;

constexpr double kAllOutside = 0.999;
constexpr double kPartWorthSaying = 0.001;

std::optional<std::uint8_t> ValueOf(const std::string& label, const TruthLabels& labels) {
  for (std::size_t value = 1; value < labels.names.size(); ++value) {
    if (base::AsciiLower(labels.names[value]) == base::AsciiLower(label)) return static_cast<std::uint8_t>(value);
  }
  return std::nullopt;
}

// What the map, the labels' own names and their values say about a name or code: 0 for "left out".
std::optional<std::uint8_t> Lookup(const std::string& name_or_code, const TruthLabels& labels) {
  for (const auto& [structure, label] : labels.of_structure) {
    if (base::AsciiLower(structure) != base::AsciiLower(name_or_code)) continue;
    return label.empty() ? std::uint8_t{0} : ValueOf(label, labels);
  }
  if (const auto value = ValueOf(name_or_code, labels)) return value;
  const auto number = base::NumberFrom<std::size_t>(name_or_code);
  if (number && *number < labels.names.size() && *number > 0) return static_cast<std::uint8_t>(*number);
  return std::nullopt;
}

std::string Describe(const Outline& outline) {
  return outline.codes.empty() ? fmt::format("\"{}\"", outline.name)
                               : fmt::format("\"{}\" ({})", outline.name, fmt::join(outline.codes, ", "));
}

// 0: the structure is left out. The name is asked first, then the codes, which must agree.
std::uint8_t LabelOf(const Outline& outline, const std::string& file, const TruthLabels& labels) {
  if (const auto value = Lookup(outline.name, labels)) return *value;
  std::set<std::uint8_t> values;
  for (const std::string& code : outline.codes) {
    if (const auto value = Lookup(code, labels)) values.insert(*value);
  }
  if (values.empty()) {
    Refuse(Found("truth_label_unknown", fmt::format("{}: the structure {} is none of the labels {}", file,
                                                    Describe(outline), fmt::join(labels.names, ", "))));
  }
  if (values.size() > 1) {
    Refuse(Found("truth_label_contradictory",
                 fmt::format("{}: the codes of the structure {} stand for different labels", file, Describe(outline))));
  }
  return *values.begin();
}

class TruthDrawer {
 public:
  TruthDrawer(const TruthLabels& labels, const image::Geometry& grid, const std::string& frame_uid)
      : labels_(labels), frame_uid_(frame_uid), file_of_(grid, 0) {
    truth_.labels = LabelVolume(grid);
  }

  void AddFile(const OutlineFile& file) {
    ++files_;
    truth_.findings.insert(truth_.findings.end(), file.findings.begin(), file.findings.end());
    std::map<std::uint8_t, LabelVolume> own;
    for (const Outline& outline : file.outlines) {
      const std::uint8_t value = LabelOf(outline, file.path.string(), labels_);
      if (value == 0) continue;
      CheckFrame(outline, file);
      const auto mask = Draw(outline, file);
      if (!mask) continue;
      LabelVolume& joined = own.try_emplace(value, truth_.labels.geometry).first->second;
      for (std::size_t v = 0; v < joined.voxels.size(); ++v) joined.voxels[v] |= mask->voxels[v];
    }
    for (const auto& [value, mask] : own) Put(value, mask, file);
  }

  Truth Finish() { return std::move(truth_); }

 private:
  std::string Name(const Outline& outline, const OutlineFile& file) const {
    return fmt::format("{}: the structure \"{}\"", file.path.string(), outline.name);
  }

  void Flag(const char* code, std::string message) { truth_.findings.push_back(Found(code, std::move(message))); }

  void CheckFrame(const Outline& outline, const OutlineFile& file) {
    if (!outline.frame_of_reference_uid) return;
    if (outline.frame_of_reference_uid->empty() || frame_uid_.empty())
      return Flag("truth_frame_missing", Name(outline, file) +
                                             " is placed by its coordinates: there is no frame of "
                                             "reference to hold it against");
    if (*outline.frame_of_reference_uid != frame_uid_)
      Refuse(Found("truth_other_frame", Name(outline, file) + " lies in another frame of reference than the case"));
  }

  std::optional<LabelVolume> Draw(const Outline& outline, const OutlineFile& file) {
    DrawnOutline drawn = outline.draw(truth_.labels.geometry);
    if (drawn.empty) {
      Flag("truth_empty", Name(outline, file) + " is empty");
      return std::nullopt;
    }
    if (drawn.part_outside >= kAllOutside)
      Refuse(Found("truth_outside", Name(outline, file) + " covers nothing of the case"));
    const bool any = std::find(drawn.mask.voxels.begin(), drawn.mask.voxels.end(), 1) != drawn.mask.voxels.end();
    if (!any)
      Refuse(Found("truth_lost", Name(outline, file) + " is so small that no voxel of the case has its centre in it"));
    if (drawn.part_outside > kPartWorthSaying)
      Flag("truth_cut",
           fmt::format("{} lies by {:.1f} % outside the case", Name(outline, file), 100 * drawn.part_outside));
    return std::move(drawn.mask);
  }

  // Joins one label of one file with what is there.
  void Put(std::uint8_t value, const LabelVolume& mask, const OutlineFile& file) {
    CheckSecondOpinion(value, mask, file);
    std::int64_t overlapping = 0;
    std::uint8_t other = 0;
    for (std::size_t v = 0; v < mask.voxels.size(); ++v) {
      if (mask.voxels[v] == 0) continue;
      std::uint8_t& voxel = truth_.labels.voxels[v];
      if (voxel != 0 && voxel != value) {
        ++overlapping;
        other = voxel;
      }
      if (voxel != 0 && labels_.later_on_top && voxel > value) continue;
      voxel = value;
      file_of_.voxels[v] = files_;
    }
    if (overlapping == 0 || labels_.later_on_top) return;
    Refuse(Found("truth_overlap", fmt::format("{}: {} voxels are both {} and {}", file.path.string(), overlapping,
                                              labels_.names[value], labels_.names[other])));
  }

  // Two files that outline one thing differently: nobody knows which of them is right.
  void CheckSecondOpinion(std::uint8_t value, const LabelVolume& mask, const OutlineFile& file) const {
    std::int64_t both = 0;
    std::int64_t mine = 0;
    std::int64_t theirs = 0;
    for (std::size_t v = 0; v < mask.voxels.size(); ++v) {
      const bool there = truth_.labels.voxels[v] == value && file_of_.voxels[v] != files_;
      both += there && mask.voxels[v] != 0 ? 1 : 0;
      mine += mask.voxels[v];
      theirs += there ? 1 : 0;
    }
    if (both == 0 || (both == mine && both == theirs)) return;
    Refuse(Found("truth_ambiguous", fmt::format("{} outlines {} differently from another file", file.path.string(),
                                                labels_.names[value])));
  }

  const TruthLabels& labels_;
  const std::string& frame_uid_;
  Truth truth_;
  image::Image<std::uint16_t> file_of_;  // which file a voxel's label came from, counted from 1
  std::uint16_t files_ = 0;
};

// That of the series on whose grid the case lies.
std::string FrameOf(const dataset::Case& examination, const dicom::Study& study) {
  const std::string uid =
      examination.provenance.value("reference", base::Json::object()).value("series_uid", std::string());
  for (const dicom::Series& series : study.series) {
    if (series.uid == uid) return series.frame_of_reference_uid;
  }
  return {};
}

}  // namespace

TruthLabels DefaultTruthLabels() {
  TruthLabels labels;
  labels.of_structure = {{"SCT:108369006", "tumour"}, {"SCT:126788000", "tumour"}};
  return labels;
}

TruthLabels ParseTruthLabels(const base::Json& json, const std::string& name) {
  TruthLabels labels;
  base::JsonObject object(json, name);
  std::vector<std::string> names;
  object.Read("labels", names);
  const bool named = !names.empty();
  const base::Json& structures = object.Require("structures");
  if (!structures.is_object())
    base::Throw(base::ErrorKind::kInput, object.PathOf("structures") + " must be an object of names or codes");
  for (const auto& [structure, label] : structures.items()) {
    if (!label.is_null() && !label.is_string())
      base::Throw(base::ErrorKind::kInput, fmt::format("{}.{} must be a label, or null to leave the structure out",
                                                       object.PathOf("structures"), structure));
    const std::string text = label.is_null() ? "" : label.get<std::string>();
    labels.of_structure[structure] = text;
    const bool known = text.empty() || std::find(names.begin(), names.end(), text) != names.end();
    if (!known && named)
      base::Throw(base::ErrorKind::kInput,
                  fmt::format("{}.{}: \"{}\" is none of the labels {}", object.PathOf("structures"), structure, text,
                              fmt::join(names, ", ")));
    if (!known) names.push_back(text);
  }
  std::string overlap = "refuse";
  object.Read("overlap", overlap);
  if (overlap != "refuse" && overlap != "later_on_top")
    base::Throw(base::ErrorKind::kInput, object.PathOf("overlap") + " must be \"refuse\" or \"later_on_top\"");
  labels.later_on_top = overlap == "later_on_top";
  object.Finish();
  if (names.empty() || names.size() > 255)
    base::Throw(base::ErrorKind::kInput, name + " names no label, or more than 255; name those of the dataset");
  labels.names = {"background"};
  labels.names.insert(labels.names.end(), names.begin(), names.end());
  return labels;
}

Truth DrawTruth(const std::vector<OutlineFile>& files, const TruthLabels& labels, const image::Geometry& grid,
                const std::string& frame_of_reference_uid) {
  TruthDrawer drawer(labels, grid, frame_of_reference_uid);
  for (const OutlineFile& file : files) drawer.AddFile(file);
  return drawer.Finish();
}

std::vector<base::Finding> AddTruth(dataset::Case& examination, const dicom::Study& study,
                                    const std::vector<std::filesystem::path>& files, const TruthLabels& labels) {
  if (files.empty()) return {};
  try {
    std::vector<OutlineFile> outlines;
    for (const auto& file : files) outlines.push_back(ReadOutlines(file));
    Truth truth = DrawTruth(outlines, labels, examination.grid, FrameOf(examination, study));
    examination.truth = std::move(truth.labels);
    return std::move(truth.findings);
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::kRefused) throw;
    return {{error.code(), error.message()}};
  }
}

}  // namespace parotis::intake
