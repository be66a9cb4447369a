// The same known motions found by ITK 5: mutual information after Mattes, rigid, three resolutions, regular-step
// gradient descent, as in its own registration examples. What ITK finds is compared with what this project's search
// proposes: neither is judged before it counts.
//   parotis_bench_align_itk COUNT SEED
#include <fmt/format.h>
#include <itkImageRegistrationMethodv4.h>
#include <itkMattesMutualInformationImageToImageMetricv4.h>
#include <itkRegistrationParameterScalesFromPhysicalShift.h>
#include <itkRegularStepGradientDescentOptimizerv4.h>
#include <itkVersorRigid3DTransform.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "align/register.h"
#include "bench/align_cases.h"
#include "tests/itk/images.h"

namespace parotis {
namespace {

using FloatImage = itk::Image<float, 3>;
using Rigid = itk::VersorRigid3DTransform<double>;
using Metric = itk::MattesMutualInformationImageToImageMetricv4<FloatImage, FloatImage>;
using Optimizer = itk::RegularStepGradientDescentOptimizerv4<double>;
using Registration = itk::ImageRegistrationMethodv4<FloatImage, FloatImage, Rigid>;

image::AffineMap FromItk(const Rigid& transform) {
  image::AffineMap map;
  for (unsigned r = 0; r < 3; ++r) {
    for (unsigned c = 0; c < 3; ++c) map.matrix[r][c] = transform.GetMatrix()[r][c];
    map.shift_mm[r] = transform.GetOffset()[r];
  }
  return map;
}

image::AffineMap RegisterWithItk(const image::Volume& reference, const image::Volume& moving) {
  const auto metric = Metric::New();
  metric->SetNumberOfHistogramBins(32);
  const auto transform = Rigid::New();
  const image::Vector3 centre = bench::CentreOf(reference.geometry);
  transform->SetCenter(Rigid::InputPointType(centre.data()));
  const auto scales = itk::RegistrationParameterScalesFromPhysicalShift<Metric>::New();
  scales->SetMetric(metric);
  const auto optimizer = Optimizer::New();
  optimizer->SetScalesEstimator(scales);
  optimizer->SetLearningRate(1);
  optimizer->SetMinimumStepLength(1e-4);
  optimizer->SetRelaxationFactor(0.5);
  optimizer->SetNumberOfIterations(200);
  const auto registration = Registration::New();
  registration->SetFixedImage(test::ToItk(reference));
  registration->SetMovingImage(test::ToItk(moving));
  registration->SetMetric(metric);
  registration->SetOptimizer(optimizer);
  registration->SetInitialTransform(transform);
  registration->InPlaceOn();
  registration->SetMetricSamplingStrategy(Registration::MetricSamplingStrategyEnum::RANDOM);
  registration->SetMetricSamplingPercentage(0.2);
  registration->MetricSamplingReinitializeSeed(1);
  registration->SetNumberOfLevels(3);
  Registration::ShrinkFactorsArrayType shrink(3);
  Registration::SmoothingSigmasArrayType smooth(3);
  for (unsigned level = 0; level < 3; ++level) {
    shrink[level] = 4U >> level;
    smooth[level] = 2 - level;
  }
  registration->SetShrinkFactorsPerLevel(shrink);
  registration->SetSmoothingSigmasPerLevel(smooth);
  registration->Update();
  return FromItk(*transform);
}

template <class Find>
std::pair<double, double> ErrorAndSeconds(const bench::KnownMotion& known, const Find& find) {
  const auto start = std::chrono::steady_clock::now();
  const image::AffineMap found = find(known.reference, known.moving);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return {bench::MeanDistanceMm(bench::HeadPoints(known.reference), known.truth, found), seconds};
}

void Compare(int count, std::uint64_t seed) {
  fmt::print("pair\theader mm\tITK mm\tITK s\tparotis mm\tparotis s\n");
  std::vector<double> itk_mm, itk_s, ours_mm, ours_s;
  for (int n = 0; n < count; ++n) {
    const bench::KnownMotion known = bench::MakeKnownMotion(n, seed, true);
    const auto [theirs_mm, theirs_s] = ErrorAndSeconds(known, RegisterWithItk);
    const auto [own_mm, own_s] = ErrorAndSeconds(known, [](const image::Volume& a, const image::Volume& b) {
      return align::Register(a, b, align::Motion::kRigid, 1);
    });
    fmt::print("{}\t{:.2f}\t{:.2f}\t{:.1f}\t{:.2f}\t{:.1f}\n", known.pair,
               bench::MeanDistanceMm(bench::HeadPoints(known.reference), known.truth, image::AffineMap{}), theirs_mm,
               theirs_s, own_mm, own_s);
    std::fflush(stdout);
    itk_mm.push_back(theirs_mm), itk_s.push_back(theirs_s), ours_mm.push_back(own_mm), ours_s.push_back(own_s);
  }
  fmt::print(
      "median: ITK {:.2f} mm in {:.1f} s, parotis {:.2f} mm in {:.1f} s; largest: ITK {:.2f} mm, parotis {:.2f} mm\n",
      bench::Median(itk_mm), bench::Median(itk_s), bench::Median(ours_mm), bench::Median(ours_s),
      *std::max_element(itk_mm.begin(), itk_mm.end()), *std::max_element(ours_mm.begin(), ours_mm.end()));
}

}  // namespace
}  // namespace parotis

int main(int argc, char** argv) {
  const int count = argc == 3 ? std::atoi(argv[1]) : 0;
  if (count < 1) {
    fmt::print(stderr, "usage: parotis_bench_align_itk COUNT SEED\n");
    return 2;
  }
  parotis::Compare(count, static_cast<std::uint64_t>(std::atoll(argv[2])));
}
