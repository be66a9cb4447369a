// The best any reader could do: Bayes' rule on the densities from which tumours are drawn, given the true drawn values
// instead of images. A trained model far above its oracle has found a leak in the cohort; one far below is weak.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "phantom/cohort.h"
#include "phantom/priors.h"
#include "phantom/tumour.h"

namespace parotis::phantom {

// What a reader is told of a tumour. Morphology: site, margin, capsule, cysts, necrosis, haemorrhage, infiltration,
// further lesions, enlarged nodes.
struct Features {
  bool adc = false;
  bool t2 = false;
  bool contrast = false;
  bool washout = false;
  bool many_b_values = false;  // perfusion fraction and kurtosis
  bool morphology = false;
};

// ln p(features | class), up to a constant that all classes share.
double LogLikelihood(const TumourPriors& tumour, const TumourDraw& draw, const Features& features);

// The share of pairs in which the value of `high` is the larger; ties count half (Mann and Whitney 1947). 0.5 when
// there are no pairs.
double ShareOfLarger(const std::vector<double>& high, std::vector<double> low);

struct OracleRow {
  std::string name;  // "adc", "structural", "diffusion", …
  Features features;
  double strict_accuracy = 0;
  std::array<double, 2> interval_95 = {0, 0};  // Wilson
  std::vector<double> recall;                  // per class, in the priors' order
};

struct PairAuc {
  std::string higher, lower;  // classes; AUC of "the value of `higher` is the larger"
  double auc = 0;
};

struct Oracle {
  std::int64_t draws = 0;
  std::vector<std::string> classes;
  std::vector<OracleRow> rows;
  std::vector<PairAuc> adc_auc, washout_auc;  // of every pair of classes
};

// `draws` tumours with the classes of `mix`; patients without a tumour are left out. Decides with the same mix as
// prior.
Oracle AskOracle(const Priors& priors, const Mix& mix, std::int64_t draws, std::uint64_t seed);
base::Json ToJson(const Oracle& oracle);

}  // namespace parotis::phantom
