// Maximum a-posteriori fit of a conditional logit (McFadden 1974) with a Gaussian prior: the few numbers of a late
// fusion from a few dozen patients.
#pragma once

#include <cstddef>
#include <vector>

namespace parotis::diagnose {

// One patient: the logit of class c is Σ_k design[c][k] · θ_k.
struct LogitSample {
  std::vector<std::vector<double>> design;  // [classes][parameters]
  std::size_t truth = 0;
};

struct LogitPrior {
  std::vector<double> mean;       // per parameter
  std::vector<double> precision;  // per parameter, above 0
};

// θ that minimises −Σ log p(truth) + ½ Σ precision · (θ − mean)²: convex, by Newton's method with halved steps, to a
// gradient below 1e-9. The same result on every machine up to rounding. Throws kInternal when sizes do not fit.
std::vector<double> FitLogit(const std::vector<LogitSample>& samples, const LogitPrior& prior);

// −log of the probability that θ gives to the sample's class.
double LogitLoss(const LogitSample& sample, const std::vector<double>& theta);

}  // namespace parotis::diagnose
