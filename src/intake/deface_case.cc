#include "intake/deface_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "privacy/deface.h"

namespace parotis::intake {
namespace {

bool IsAnatomical(const std::string& channel) { return channel == dataset::kT2 || channel == dataset::kT1c; }

}  // namespace

CaseDefacing DefaceCase(dataset::Case& examination) {
  std::optional<privacy::FaceInImage> best;
  bool best_is_anatomical = false, undecided = false;
  for (std::size_t c = 0; c < examination.channels.size(); ++c) {
    const std::string& channel = examination.channel_names[c];
    if (dataset::IsQuantity(channel)) continue;
    privacy::FaceInImage found = privacy::FindFace(examination.channels[c]);
    undecided = undecided || found.face.undecided;
    if (!found.face.frame) continue;
    if (best && found.face.Rank(IsAnatomical(channel)) <= best->face.Rank(best_is_anatomical)) continue;
    best = std::move(found);
    best_is_anatomical = IsAnatomical(channel);
  }
  if (!best && undecided)
    base::Refuse(base::Found("deface_failed", "whether the images show a face cannot be told from their outline"));
  if (!best) return {{{"removed", false}, {"voxels", 0}}, {}};

  image::LabelVolume removed = privacy::FaceRegion(best->face, best->skin).On(examination.grid);
  CaseDefacing result;
  if (examination.truth) {
    const std::int64_t kept = privacy::Spare(*examination.truth, removed);
    if (kept > 0) {
      result.findings.push_back(base::Found(
          "face_kept", fmt::format("{} voxels of the face lie within {:g} mm of an outline and were not removed", kept,
                                   privacy::kSparedAroundTruth_mm)));
    }
  }
  for (image::Volume& channel : examination.channels) {
    for (std::size_t v = 0; v < removed.voxels.size(); ++v) {
      if (removed.voxels[v] != 0) channel.voxels[v] = 0;
    }
  }
  result.provenance = {{"removed", true}, {"voxels", std::count(removed.voxels.begin(), removed.voxels.end(), 1)}};
  return result;
}

}  // namespace parotis::intake
