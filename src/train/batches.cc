#include "train/batches.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "infer/slices.h"

namespace parotis::train {
namespace {

constexpr std::uint64_t kAugmentationStream = 3;
constexpr std::uint64_t kDropoutStream = 5;

SampleRules RulesOf(const plan::Plan& plan, const std::vector<std::string>& channels) {
  SampleRules rules;
  rules.augmentation = plan.augmentation;
  rules.rows = plan.batch.patch[0];
  rules.columns = plan.batch.patch[1];
  rules.column_spacing_mm = plan.preparation.spacing_mm[0];
  rules.row_spacing_mm = plan.preparation.spacing_mm[1];
  rules.columns_run_left_right = infer::ColumnsRunLeftRight(plan.preparation);
  for (const std::string& channel : channels) {
    rules.is_physical.push_back(plan.Channel(channel).normalisation == plan::Normalisation::kPhysical);
  }
  return rules;
}

std::size_t ChannelIndex(const prepare::CachedCase& examination, const std::string& channel) {
  const auto found = std::find(examination.channel_names.begin(), examination.channel_names.end(), channel);
  if (found == examination.channel_names.end()) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("the prepared case {} has no channel {}", examination.id, channel));
  }
  return static_cast<std::size_t>(found - examination.channel_names.begin());
}

// Channels that are left out of a sample, each with the plan's probability; one that was drawn stays when none would.
std::vector<bool> DrawDropped(std::size_t channels, double probability, base::Random& random) {
  std::vector<bool> dropped(channels, false);
  for (std::size_t channel = 0; channel < channels; ++channel) dropped[channel] = random.Chance(probability);
  const auto kept = static_cast<std::size_t>(random.Integer(static_cast<std::int64_t>(channels)));
  if (std::find(dropped.begin(), dropped.end(), false) == dropped.end()) dropped[kept] = false;
  return dropped;
}

}  // namespace

BatchMaker::BatchMaker(std::span<const prepare::CachedCase> cases, const plan::Plan& plan,
                       const std::vector<std::string>& channels, std::uint64_t seed)
    : cases_(cases),
      plan_(plan),
      channels_(channels),
      seed_(seed),
      designer_(plan.batch, plan.labels, SliceIndex::FromCases(cases), seed),
      rules_(RulesOf(plan, channels)),
      planes_(static_cast<std::int64_t>(channels.size()) * (2 * plan.network.neighbour_slices + 1)) {}

SliceImage BatchMaker::ReadSlice(const SliceDraw& draw) const {
  const prepare::CachedCase& examination = cases_[draw.case_index];
  SliceImage slice;
  slice.rows = examination.image.shape.at(2);
  slice.columns = examination.image.shape.at(3);
  const auto pixels = static_cast<std::size_t>(slice.rows * slice.columns);
  const auto stored = static_cast<std::size_t>(examination.image.shape.at(1));
  const auto halves = examination.image.As<std::uint16_t>();
  slice.planes.reserve(static_cast<std::size_t>(planes_) * pixels);
  for (const std::int64_t shown :
       infer::SlicesShown(draw.slice, examination.image.shape.at(0), plan_.network.neighbour_slices)) {
    for (const std::string& channel : channels_) {
      const auto plane = halves.subspan(
          (static_cast<std::size_t>(shown) * stored + ChannelIndex(examination, channel)) * pixels, pixels);
      for (const std::uint16_t half : plane) slice.planes.push_back(base::FloatFromHalf(half));
    }
  }
  slice.labels = examination.label.As<std::uint8_t>().subspan(static_cast<std::size_t>(draw.slice) * pixels, pixels);
  return slice;
}

Batch BatchMaker::Make(std::int64_t iteration) const {
  Batch batch;
  batch.draws = designer_.Draw(iteration);
  const auto pixels = static_cast<std::size_t>(rules_.rows * rules_.columns),
             sample = static_cast<std::size_t>(planes_) * pixels;
  batch.images.resize(batch.draws.size() * sample);
  batch.labels.resize(batch.draws.size() * pixels);
  for (std::size_t i = 0; i < batch.draws.size(); ++i) {
    const SliceDraw& draw = batch.draws[i];
    base::WithContext(fmt::format("case {}, slice {}, augmentation", cases_[draw.case_index].id, draw.slice), [&] {
      base::Random random(seed_, {kAugmentationStream, static_cast<std::uint64_t>(iteration), i});
      MakeSample(ReadSlice(draw), rules_, draw.wanted, random, std::span(batch.images).subspan(i * sample, sample),
                 std::span(batch.labels).subspan(i * pixels, pixels));
      DropChannels(iteration, i, std::span(batch.images).subspan(i * sample, sample));
    });
  }
  return batch;
}

// `sample` [planes, rows, columns]
void BatchMaker::DropChannels(std::int64_t iteration, std::size_t position, std::span<float> sample) const {
  const double probability = plan_.augmentation.channel_dropout;
  if (probability == 0) return;
  base::Random random(seed_, {kDropoutStream, static_cast<std::uint64_t>(iteration), position});
  const std::vector<bool> dropped = DrawDropped(channels_.size(), probability, random);
  const std::size_t pixels = sample.size() / static_cast<std::size_t>(planes_);
  for (std::size_t plane = 0; plane < static_cast<std::size_t>(planes_); ++plane) {
    if (dropped[plane % channels_.size()]) std::ranges::fill(sample.subspan(plane * pixels, pixels), 0.0F);
  }
}

BatchQueue::BatchQueue(const BatchMaker& maker, std::int64_t first, std::int64_t last, int workers, int depth)
    : maker_(maker), to_make_(first), to_hand_out_(first), last_(last), depth_(depth) {
  for (int i = 0; i < workers; ++i) workers_.emplace_back([this] { Work(); });
}

BatchQueue::~BatchQueue() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
}

void BatchQueue::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return stop_ || to_make_ >= last_ || to_make_ < to_hand_out_ + depth_; });
    if (stop_ || to_make_ >= last_) return;
    const std::int64_t iteration = to_make_++;
    lock.unlock();
    Result result;
    try {
      result.batch = maker_.Make(iteration);
    } catch (...) {
      result.failure = std::current_exception();
    }
    lock.lock();
    ready_.emplace(iteration, std::move(result));
    changed_.notify_all();
  }
}

Batch BatchQueue::Next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return ready_.contains(to_hand_out_); });
  Result result = std::move(ready_.extract(to_hand_out_++).mapped());
  lock.unlock();
  changed_.notify_all();
  if (result.failure) std::rethrow_exception(result.failure);
  return std::move(result.batch);
}

}  // namespace parotis::train
