#include "plan/fingerprint.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "plan/case_facts.h"
#include "plan/names.h"

namespace parotis::plan {
namespace {

using base::Json;

constexpr double kWorthCropping = 0.9;     // of the volume: a crop that keeps more is left alone
constexpr double kZerosFitTheBody = 1.15;  // zeros around the body were put there on purpose (skull stripping)

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

template <class ValueOf>
double MedianOf(const std::vector<CaseFacts>& facts, const ValueOf& value_of) {
  std::vector<double> values;
  for (const CaseFacts& one : facts) values.push_back(value_of(one));
  return Median(std::move(values));
}

double VolumeOf(const std::array<double, 3>& extent) { return extent[0] * extent[1] * extent[2]; }

CropRule ChooseCrop(const std::vector<CaseFacts>& facts) {
  const double body =
      MedianOf(facts, [](const CaseFacts& f) { return VolumeOf(f.body_extent_mm) / VolumeOf(f.full_extent_mm); });
  const double nonzero =
      MedianOf(facts, [](const CaseFacts& f) { return VolumeOf(f.nonzero_extent_mm) / VolumeOf(f.full_extent_mm); });
  if (nonzero > 0 && nonzero <= kWorthCropping && nonzero <= kZerosFitTheBody * body) return CropRule::kNonzero;
  return body <= kWorthCropping ? CropRule::kBody : CropRule::kNone;
}

const std::array<double, 3>& ExtentOf(const CaseFacts& facts, CropRule crop) {
  if (crop == CropRule::kBody) return facts.body_extent_mm;
  return crop == CropRule::kNonzero ? facts.nonzero_extent_mm : facts.full_extent_mm;
}

void SummariseGrids(const std::vector<CaseFacts>& facts, Fingerprint& fingerprint) {
  fingerprint.crop = ChooseCrop(facts);
  fingerprint.median_cut_share = MedianOf(facts, [](const CaseFacts& f) { return f.cut_share; });
  for (std::size_t axis = 0; axis < 3; ++axis) {
    fingerprint.median_spacing_mm[axis] = MedianOf(facts, [&](const CaseFacts& f) { return f.spacing_mm[axis]; });
    fingerprint.median_extent_mm[axis] =
        MedianOf(facts, [&](const CaseFacts& f) { return ExtentOf(f, fingerprint.crop)[axis]; });
    for (const CaseFacts& one : facts) {
      fingerprint.largest_extent_mm[axis] =
          std::max(fingerprint.largest_extent_mm[axis], ExtentOf(one, fingerprint.crop)[axis]);
    }
  }
}

void SummariseIntensities(const std::vector<CaseFacts>& facts, Fingerprint& fingerprint) {
  std::map<std::string, std::array<std::vector<double>, 5>> values;
  for (const CaseFacts& one : facts) {
    for (const auto& [channel, quantiles] : one.intensity) {
      for (std::size_t q = 0; q < quantiles.size(); ++q) values[channel][q].push_back(quantiles[q]);
    }
  }
  for (auto& [channel, lists] : values) {
    for (std::size_t q = 0; q < lists.size(); ++q) fingerprint.intensity[channel][q] = Median(std::move(lists[q]));
  }
}

void SummariseLabels(const std::vector<CaseFacts>& facts, const std::vector<std::string>& labels,
                     Fingerprint& fingerprint) {
  for (std::size_t value = 1; value < labels.size(); ++value) {
    std::vector<double> volumes;
    for (const CaseFacts& one : facts) {
      if (one.label_volume_ml[value] > 0) volumes.push_back(one.label_volume_ml[value]);
    }
    fingerprint.cases_with_label[labels[value]] = static_cast<std::int64_t>(volumes.size());
    if (!volumes.empty()) fingerprint.median_volume_ml[labels[value]] = Median(std::move(volumes));
  }
}

std::vector<std::string> ChannelsPresent(const dataset::Dataset& dataset, const dataset::CaseFiles& files) {
  std::vector<std::string> present;
  for (std::size_t c = 0; c < files.channels.size(); ++c) {
    if (!files.channels[c].empty()) present.push_back(dataset.channel_names[c]);
  }
  return present;
}

}  // namespace

Fingerprint TakeFingerprint(const dataset::Dataset& dataset, int threads) {
  std::vector<const dataset::CaseFiles*> cases;
  for (const dataset::CaseFiles& files : dataset.cases) {
    if (!files.test && !files.label.empty()) cases.push_back(&files);
  }
  if (cases.empty()) {
    base::Throw(base::ErrorKind::kInput,
                fmt::format("{} has no case with a label in labelsTr; a plan is made from labelled cases",
                            dataset.folder.string()));
  }
  std::vector<CaseFacts> facts(cases.size());
  base::Progress progress("reading cases", static_cast<std::int64_t>(cases.size()));
  base::ParallelFor(static_cast<std::int64_t>(cases.size()), threads, [&](std::int64_t c) {
    const dataset::CaseFiles& files = *cases[static_cast<std::size_t>(c)];
    base::WithContext("fingerprint of case " + files.id, [&] {
      const dataset::Case examination = dataset::LoadCase(dataset, files.id, ChannelsPresent(dataset, files));
      facts[static_cast<std::size_t>(c)] = TakeCaseFacts(examination, dataset.label_names.size());
    });
    progress.Advance();
  });
  Fingerprint fingerprint;
  fingerprint.cases = static_cast<std::int64_t>(cases.size());
  SummariseGrids(facts, fingerprint);
  SummariseIntensities(facts, fingerprint);
  SummariseLabels(facts, dataset.label_names, fingerprint);
  return fingerprint;
}

Json ToJson(const Fingerprint& fingerprint) {
  return {{"cases", fingerprint.cases},
          {"median_spacing_mm", fingerprint.median_spacing_mm},
          {"crop", NameOf(fingerprint.crop)},
          {"median_extent_mm", fingerprint.median_extent_mm},
          {"largest_extent_mm", fingerprint.largest_extent_mm},
          {"median_cut_share", fingerprint.median_cut_share},
          {"intensity", fingerprint.intensity},
          {"cases_with_label", fingerprint.cases_with_label},
          {"median_volume_ml", fingerprint.median_volume_ml}};
}

}  // namespace parotis::plan
