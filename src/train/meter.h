// What training says about itself between two lines of the log.
#pragma once

#include <chrono>
#include <cstdint>

#include "train/learner.h"

namespace parotis::train {

class Meter {
 public:
  void Add(const LearnedStep& step, std::int64_t images) {
    ++steps_;
    loss_ += step.loss;
    soft_dice_ += step.soft_dice;
    gradient_norm_ += step.gradient_norm;
    patient_loss_ += step.patient_loss;
    images_ += images;
  }
  void Reset() { *this = Meter(); }

  std::int64_t steps() const { return steps_; }
  double loss() const { return loss_ / static_cast<double>(steps_); }                    // mean
  double soft_dice() const { return soft_dice_ / static_cast<double>(steps_); }          // mean
  double gradient_norm() const { return gradient_norm_ / static_cast<double>(steps_); }  // mean
  double patient_loss() const { return patient_loss_ / static_cast<double>(steps_); }    // mean
  std::int64_t images() const { return images_; }
  double Seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }
  double ImagesPerSecond() const { return static_cast<double>(images_) / Seconds(); }

 private:
  std::int64_t steps_ = 0;
  double loss_ = 0, soft_dice_ = 0, gradient_norm_ = 0, patient_loss_ = 0;
  std::int64_t images_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace parotis::train
