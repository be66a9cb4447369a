#include "intake/dynamic_maps.h"

#include <fmt/format.h>

#include <map>

#include "dataset/body_mask.h"
#include "dataset/case.h"
#include "dicom/pixels.h"
#include "intake/fitted_maps.h"

namespace parotis::intake {
namespace {

// Series by series, as they are read; in the order of time.
std::vector<image::Volume> LoadFrames(const dicom::Study& study, const DynamicSet& set) {
  std::map<std::size_t, std::vector<std::size_t>> places;  // series → positions among the frames
  for (std::size_t n = 0; n < set.frames.size(); ++n) places[set.frames[n].series].push_back(n);
  std::vector<image::Volume> frames(set.frames.size());
  for (const auto& [s, where] : places) {
    std::vector<std::size_t> which;
    for (const std::size_t n : where) which.push_back(set.frames[n].volume);
    std::vector<image::Volume> loaded = dicom::LoadVolumes(study.series[s], which);
    for (std::size_t n = 0; n < where.size(); ++n) frames[where[n]] = std::move(loaded[n]);
  }
  return frames;
}

image::Volume MeanOf(const std::vector<image::Volume>& frames) {
  image::Volume mean(frames.front().geometry);
  for (std::size_t at = 0; at < mean.voxels.size(); ++at) {
    double sum = 0;
    for (const image::Volume& frame : frames) sum += frame.voxels[at];
    mean.voxels[at] = static_cast<float>(sum / static_cast<double>(frames.size()));
  }
  return mean;
}

}  // namespace

std::vector<std::string> DynamicChannels(const DynamicSet& set) {
  if (!maps::DynamicNeeds(set.times_s).empty() || set.times_s.back() < maps::kSlowAfter_s) return {};
  if (set.times_s.back() < maps::kLeastForWashOut_s) return {dataset::kWashIn, dataset::kTimeToPeak};
  return {dataset::kWashIn, dataset::kTimeToPeak, dataset::kWashOut};
}

DynamicImages LoadDynamic(const dicom::Study& study, const DynamicSet& set) {
  const std::vector<image::Volume> frames = LoadFrames(study, set);
  DynamicImages images{MeanOf(frames), {}};
  const image::LabelVolume body = dataset::BodyMask(images.mean);
  maps::DynamicOptions options;
  options.mask = &body;
  std::vector<const image::Volume*> pointers;
  pointers.reserve(frames.size());
  for (const image::Volume& frame : frames) pointers.push_back(&frame);
  images.maps = maps::FitDynamic(pointers, set.times_s, options);
  return images;
}

MadeChannel MakeDynamicMap(const std::string& channel, const DynamicSet& set, const DynamicImages& images) {
  const maps::DynamicMaps& maps = images.maps;
  if (channel == dataset::kWashOut && !maps.no_wash_out.empty())
    base::Refuse(base::Found("dce_incomplete", maps.no_wash_out));
  MadeChannel made;
  made.volume = channel == dataset::kWashIn       ? maps.wash_in_percent_s
                : channel == dataset::kTimeToPeak ? maps.time_to_peak_s
                                                  : maps.wash_out_percent;
  made.series = set.frames.front().series;
  made.derived = true;
  made.how = fmt::format("from {} frames over {:.0f} s", set.frames.size(), set.times_s.back());
  const FitQuality quality = QualityOf(maps.residual, maps.type);
  made.fit = {{"frames", set.frames.size()},
              {"times_s", set.times_s},
              {"times_from", set.time_source},
              {"arrival_s", maps.arrival_s},
              {"frames_before_arrival", maps.baseline_frames},
              {"voxels", quality.voxels},
              {"residual_median", quality.residual_median}};
  if (channel == dataset::kWashOut) made.fit["read_at_s"] = maps.wash_out_at_s;
  FlagPoorFit(channel, quality, made);
  return made;
}

}  // namespace parotis::intake
