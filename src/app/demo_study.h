// A small contrast study of simulated patients and its page, for `parotis demo`.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "dataset/dataset.h"
#include "lab/lab.h"

namespace parotis::app {

struct DemoStudyOptions {
  std::filesystem::path folder;
  int patients = 36;
  int iterations = 60;            // of every network
  std::filesystem::path weights;  // what they start from; "": fresh ones
};

class DemoStudy {
 public:
  // Throws kIo, kUsage. Does nothing yet.
  explicit DemoStudy(DemoStudyOptions options);
  DemoStudy(const DemoStudy&) = delete;
  DemoStudy& operator=(const DemoStudy&) = delete;

  // The cohort and the study's plan, unless they are there; then the page is served. False: `stop` came first.
  bool Begin(const std::atomic<bool>& stop);
  // Trains and tests what is not yet done.
  bool Finish(const std::atomic<bool>& stop);

  // Of the page, good once.
  std::string address() const { return page_->address(); }

 private:
  bool SimulateCohort(const std::atomic<bool>& stop);
  bool WriteStudy(const std::atomic<bool>& stop);
  std::filesystem::path Of(const char* name) const { return options_.folder / name; }

  const DemoStudyOptions options_;
  std::unique_ptr<dataset::Dataset> dataset_;
  std::unique_ptr<lab::Lab> page_;
};

}  // namespace parotis::app
