// Batches of augmented samples, made ahead of time on worker threads. A batch is a pure function of the iteration, so
// the number of workers changes nothing but the speed. Needs no LibTorch.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "plan/plan.h"
#include "prepare/cache.h"
#include "train/augment.h"
#include "train/batch_design.h"

namespace parotis::train {

struct Batch {
  std::vector<SliceDraw> draws;
  std::vector<float> images;         // [draws, planes, rows, columns]
  std::vector<std::uint8_t> labels;  // [draws, rows, columns]
};

class BatchMaker {
 public:
  // `cases` must outlive the object. `channels`: names, in the network's order.
  BatchMaker(std::span<const prepare::CachedCase> cases, const plan::Plan& plan,
             const std::vector<std::string>& channels, std::uint64_t seed);

  // Thread-safe. Errors name the case and the stage.
  Batch Make(std::int64_t iteration) const;
  const BatchDesigner& designer() const { return designer_; }
  std::int64_t planes() const { return planes_; }

 private:
  SliceImage ReadSlice(const SliceDraw& draw) const;
  void DropChannels(std::int64_t iteration, std::size_t position, std::span<float> sample) const;

  std::span<const prepare::CachedCase> cases_;
  plan::Plan plan_;
  std::vector<std::string> channels_;
  std::uint64_t seed_;
  BatchDesigner designer_;
  SampleRules rules_;
  std::int64_t planes_;
};

// The batches of iterations first … last − 1 in order, at most `depth` of them waiting.
class BatchQueue {
 public:
  BatchQueue(const BatchMaker& maker, std::int64_t first, std::int64_t last, int workers = 1, int depth = 3);
  ~BatchQueue();
  BatchQueue(const BatchQueue&) = delete;
  BatchQueue& operator=(const BatchQueue&) = delete;

  // The next batch; waits for it. Rethrows what the worker threw.
  Batch Next();

 private:
  struct Result {
    Batch batch;
    std::exception_ptr failure;
  };
  void Work();

  const BatchMaker& maker_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::int64_t to_make_, to_hand_out_, last_;
  int depth_;
  bool stop_ = false;
  std::map<std::int64_t, Result> ready_;
  std::vector<std::jthread> workers_;
};

}  // namespace parotis::train
