#include "diagnose/logit.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace parotis::diagnose {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr int kMostSteps = 200;
constexpr double kSmallestGradient = 1e-9;

MatrixXd DesignOf(const LogitSample& sample, Eigen::Index parameters) {
  MatrixXd design(static_cast<Eigen::Index>(sample.design.size()), parameters);
  for (Eigen::Index c = 0; c < design.rows(); ++c) {
    const std::vector<double>& row = sample.design[static_cast<std::size_t>(c)];
    if (static_cast<Eigen::Index>(row.size()) != parameters)
      base::Throw(base::ErrorKind::kInternal, "a logit sample has another number of parameters than the prior");
    for (Eigen::Index k = 0; k < parameters; ++k) design(c, k) = row[static_cast<std::size_t>(k)];
  }
  return design;
}

VectorXd Softmax(const VectorXd& logits) {
  const VectorXd weights = (logits.array() - logits.maxCoeff()).exp();
  return weights / weights.sum();
}

struct Problem {
  std::vector<MatrixXd> designs;
  std::vector<Eigen::Index> truths;
  VectorXd mean, precision;

  double Loss(const VectorXd& theta) const {
    double loss = 0.5 * (precision.array() * (theta - mean).array().square()).sum();
    for (std::size_t i = 0; i < designs.size(); ++i) {
      const VectorXd logits = designs[i] * theta;
      const double highest = logits.maxCoeff();
      loss += highest + std::log((logits.array() - highest).exp().sum()) - logits(truths[i]);
    }
    return loss;
  }

  void Derivatives(const VectorXd& theta, VectorXd& gradient, MatrixXd& hessian) const {
    gradient = precision.cwiseProduct(theta - mean);
    hessian = precision.asDiagonal();
    for (std::size_t i = 0; i < designs.size(); ++i) {
      const VectorXd p = Softmax(designs[i] * theta);
      VectorXd residual = p;
      residual(truths[i]) -= 1;
      gradient += designs[i].transpose() * residual;
      const MatrixXd spread = MatrixXd(p.asDiagonal()) - p * p.transpose();
      hessian += designs[i].transpose() * spread * designs[i];
    }
  }
};

}  // namespace

std::vector<double> FitLogit(const std::vector<LogitSample>& samples, const LogitPrior& prior) {
  Problem problem;
  problem.mean = Eigen::Map<const VectorXd>(prior.mean.data(), static_cast<Eigen::Index>(prior.mean.size()));
  problem.precision = Eigen::Map<const VectorXd>(prior.precision.data(), problem.mean.size());
  for (const LogitSample& sample : samples) {
    problem.designs.push_back(DesignOf(sample, problem.mean.size()));
    problem.truths.push_back(static_cast<Eigen::Index>(sample.truth));
  }
  VectorXd theta = problem.mean, gradient;
  MatrixXd hessian;
  double loss = problem.Loss(theta);
  for (int step = 0; step < kMostSteps; ++step) {
    problem.Derivatives(theta, gradient, hessian);
    if (gradient.cwiseAbs().maxCoeff() < kSmallestGradient) break;
    const VectorXd direction = hessian.ldlt().solve(gradient);
    double length = 1;
    while (length > 1e-12 && problem.Loss(theta - length * direction) > loss) length /= 2;
    const VectorXd next = theta - length * direction;
    const double next_loss = problem.Loss(next);
    if (!(next_loss < loss)) break;  // rounding: no step gets any better
    theta = next;
    loss = next_loss;
  }
  return {theta.data(), theta.data() + theta.size()};
}

double LogitLoss(const LogitSample& sample, const std::vector<double>& theta) {
  const VectorXd logits = DesignOf(sample, static_cast<Eigen::Index>(theta.size())) *
                          Eigen::Map<const VectorXd>(theta.data(), static_cast<Eigen::Index>(theta.size()));
  const double highest = logits.maxCoeff();
  return highest + std::log((logits.array() - highest).exp().sum()) - logits(static_cast<Eigen::Index>(sample.truth));
}

}  // namespace parotis::diagnose
