#include "dataset/case.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.h"

namespace parotis::dataset {
namespace {

using base::ErrorKind;
using base::Throw;

template <class T>
void CheckOnGrid(const image::Image<T>& image, const image::Geometry& grid, const std::string& what) {
  if (image.voxels.size() != static_cast<std::size_t>(image.geometry.voxel_count())) {
    Throw(ErrorKind::kInput, fmt::format("{} holds {} values but its grid has {} voxels; it must be made anew", what,
                                         image.voxels.size(), image.geometry.voxel_count()));
  }
  if (!image::SameGrid(image.geometry, grid)) {
    Throw(ErrorKind::kInput,
          fmt::format("{} is not on the grid of its case; resample it to the reference first", what));
  }
}

}  // namespace

bool IsQuantity(const std::string& channel) {
  static const std::set<std::string> quantities = {kAdc,      kDiffusivity, kPerfusionFraction, kPseudoDiffusion,
                                                   kKurtosis, kWashIn,      kTimeToPeak,        kWashOut};
  return quantities.contains(channel);
}

const image::Volume* Case::Find(const std::string& channel) const {
  const auto found = std::find(channel_names.begin(), channel_names.end(), channel);
  return found == channel_names.end() ? nullptr : &channels[static_cast<std::size_t>(found - channel_names.begin())];
}

void CheckCaseId(const std::string& id) {
  const auto is_unsafe = [](unsigned char c) { return c < 0x20 || c == 0x7f || c == '/' || c == '\\'; };
  if (id.empty() || id.front() == '.' || std::any_of(id.begin(), id.end(), is_unsafe)) {
    Throw(ErrorKind::kInput,
          fmt::format("\"{}\" cannot be a case id, because it becomes a file name: use letters, digits, '-' and '_'",
                      id));
  }
}

void CheckCase(const Case& examination) {
  const std::string name = "case " + examination.id;
  if (examination.channels.empty()) Throw(ErrorKind::kInput, name + " has no channel; at least one image is needed");
  if (examination.channels.size() != examination.channel_names.size()) {
    Throw(ErrorKind::kInput, fmt::format("{} has {} channels but {} channel names; give each channel one name", name,
                                         examination.channels.size(), examination.channel_names.size()));
  }
  image::CheckGeometry(examination.grid, name);
  for (std::size_t c = 0; c < examination.channels.size(); ++c) {
    const std::string& channel_name = examination.channel_names[c];
    const std::string what = fmt::format("{}: channel {}", name, channel_name);
    if (std::count(examination.channel_names.begin(), examination.channel_names.end(), channel_name) > 1) {
      Throw(ErrorKind::kInput, what + " occurs more than once; keep one");
    }
    CheckOnGrid(examination.channels[c], examination.grid, what);
    const auto& voxels = examination.channels[c].voxels;
    if (!std::all_of(voxels.begin(), voxels.end(), [](float value) { return std::isfinite(value); })) {
      Throw(ErrorKind::kInput, what + " holds values that are not finite; replace them or leave the case out");
    }
  }
  if (examination.truth) CheckOnGrid(*examination.truth, examination.grid, name + ": the truth");
}

}  // namespace parotis::dataset
