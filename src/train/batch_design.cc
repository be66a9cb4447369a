#include "train/batch_design.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/random.h"

namespace parotis::train {
namespace {

using base::Random;

constexpr int kAny = -1;
constexpr int kTumourFreeSlices = 0;
constexpr std::uint64_t kPatientStream = 1;
constexpr std::uint64_t kSliceStream = 2;

bool Shows(std::uint64_t labels, int label) { return (labels >> label & 1) != 0; }

bool IsWanted(std::uint64_t labels, int wanted) {
  return wanted == kTumourFreeSlices ? labels == 0 : Shows(labels, wanted);
}

template <class T>
const T& OneOf(const std::vector<T>& values, Random& random) {
  return values[static_cast<std::size_t>(random.Integer(static_cast<std::int64_t>(values.size())))];
}

std::string NameOf(int wanted, const std::vector<std::string>& labels) {
  if (wanted == kAny) return "any";
  return wanted == kTumourFreeSlices ? dataset::kTumourFree : labels[static_cast<std::size_t>(wanted)];
}

std::vector<int> WantedOfPositions(const plan::BatchPlan& plan, const std::vector<std::string>& labels) {
  std::vector<int> wanted;
  for (const auto& [name, count] : plan.quota) {
    const auto found = std::find(labels.begin(), labels.end(), name);
    const bool tumour_free = name == dataset::kTumourFree;
    if (!tumour_free && (found == labels.end() || found == labels.begin())) {
      base::Throw(base::ErrorKind::kInput, fmt::format("batch.quota.{} is no label of the plan", name));
    }
    wanted.insert(wanted.end(), static_cast<std::size_t>(count),
                  tumour_free ? kTumourFreeSlices : static_cast<int>(found - labels.begin()));
  }
  std::sort(wanted.begin(), wanted.end());
  return wanted;
}

}  // namespace

SliceIndex::SliceIndex(std::vector<CaseSlices> cases) : cases_(std::move(cases)) {}

SliceIndex SliceIndex::FromCases(std::span<const prepare::CachedCase> cases) {
  std::vector<CaseSlices> index;
  for (const prepare::CachedCase& examination : cases) {
    CaseSlices entry{examination.patient_id,
                     std::vector<std::uint64_t>(static_cast<std::size_t>(examination.label.shape.at(0)), 0)};
    const auto labels = examination.label.As<std::uint8_t>();
    const std::size_t pixels = labels.size() / std::max<std::size_t>(1, entry.labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] != 0) entry.labels[i / pixels] |= std::uint64_t{1} << (labels[i] & 63);
    }
    index.push_back(std::move(entry));
  }
  return SliceIndex(std::move(index));
}

std::vector<std::int64_t> SliceIndex::PatientsPerLabel(std::size_t label_count) const {
  std::map<std::string, std::uint64_t> shown;
  for (const CaseSlices& examination : cases_) {
    std::uint64_t& labels = shown[examination.patient_id];
    for (const std::uint64_t slice : examination.labels) labels |= slice;
  }
  std::vector<std::int64_t> patients(label_count, 0);
  for (const auto& [patient, labels] : shown) {
    if (labels == 0) ++patients[0];
    for (std::size_t label = 1; label < label_count; ++label) patients[label] += Shows(labels, static_cast<int>(label));
  }
  return patients;
}

BatchDesigner::BatchDesigner(const plan::BatchPlan& plan, const std::vector<std::string>& labels, SliceIndex index,
                             std::uint64_t seed)
    : plan_(plan), seed_(seed), index_(std::move(index)) {
  const auto& cases = index_.cases();
  for (std::size_t c = 0; c < cases.size(); ++c) {
    for (std::size_t s = 0; s < cases[c].labels.size(); ++s)
      all_slices_.push_back({c, static_cast<std::int64_t>(s), kAny});
    const bool has_foreground =
        std::any_of(cases[c].labels.begin(), cases[c].labels.end(), [](std::uint64_t l) { return l != 0; });
    if (has_foreground) foreground_cases_.push_back(c);
  }
  if (all_slices_.empty()) base::Throw(base::ErrorKind::kInput, "there is no training case to draw slices from");
  if (plan.design == plan::BatchDesign::kForeground && foreground_cases_.empty()) {
    base::Throw(base::ErrorKind::kInput, "batch.design \"foreground\" needs labels, but no training case shows any");
  }
  if (plan.design != plan::BatchDesign::kQuota) return;
  wanted_ = WantedOfPositions(plan, labels);
  for (const int wanted : wanted_) {
    if (patients_.contains(wanted)) continue;
    std::map<std::string, Patient> by_patient;
    for (SliceDraw draw : all_slices_) {
      if (!IsWanted(cases[draw.case_index].labels[static_cast<std::size_t>(draw.slice)], wanted)) continue;
      draw.wanted = wanted;
      by_patient[cases[draw.case_index].patient_id].slices.push_back(draw);
    }
    if (by_patient.empty()) {
      base::Throw(
          base::ErrorKind::kInput,
          fmt::format("batch.quota asks for {} slices, but no training case shows one; set it to 0 or change the split",
                      NameOf(wanted, labels)));
    }
    for (auto& [id, patient] : by_patient) patients_[wanted].push_back(std::move(patient));
  }
}

std::vector<SliceDraw> BatchDesigner::Draw(std::int64_t iteration) const {
  std::vector<SliceDraw> batch;
  const int size = plan_.design == plan::BatchDesign::kQuota ? static_cast<int>(wanted_.size()) : plan_.size;
  for (int position = 0; position < size; ++position) {
    if (plan_.design == plan::BatchDesign::kQuota) {
      batch.push_back(DrawQuota(iteration, position));
    } else if (plan_.design == plan::BatchDesign::kForeground) {
      batch.push_back(DrawForeground(iteration, position));
    } else {
      Random random(seed_, {kSliceStream, static_cast<std::uint64_t>(iteration), static_cast<std::uint64_t>(position)});
      batch.push_back(OneOf(all_slices_, random));
    }
  }
  return batch;
}

SliceDraw BatchDesigner::DrawQuota(std::int64_t iteration, int position) const {
  const int wanted = wanted_[static_cast<std::size_t>(position)];
  const auto [first, last] = std::equal_range(wanted_.begin(), wanted_.end(), wanted);
  const auto& patients = patients_.at(wanted);
  // The how-manieth group of slices for this label this is decides the deal and the card.
  const auto count = static_cast<std::int64_t>(patients.size());
  const std::int64_t in_batch = position - (first - wanted_.begin());
  const std::int64_t group = plan_.slices_per_patient;
  const std::int64_t nth = (iteration * (last - first) + in_batch) / group;
  std::vector<std::size_t> deal(patients.size());
  std::iota(deal.begin(), deal.end(), std::size_t{0});
  Random(seed_, {kPatientStream, static_cast<std::uint64_t>(wanted), static_cast<std::uint64_t>(nth / count)})
      .Shuffle(deal);
  // Of a group the slices are the first of one shuffle, begun anew when they run out.
  const std::int64_t in_group = in_batch % group;
  std::vector<SliceDraw> slices = patients[deal[static_cast<std::size_t>(nth % count)]].slices;
  Random(seed_, {kSliceStream, static_cast<std::uint64_t>(iteration), static_cast<std::uint64_t>(position - in_group)})
      .Shuffle(slices);
  return slices[static_cast<std::size_t>(in_group) % slices.size()];
}

SliceDraw BatchDesigner::DrawForeground(std::int64_t iteration, int position) const {
  Random random(seed_, {kSliceStream, static_cast<std::uint64_t>(iteration), static_cast<std::uint64_t>(position)});
  const auto& cases = index_.cases();
  SliceDraw draw;
  if (position < std::lround(plan_.size * (1 - plan_.foreground_fraction))) {
    draw.case_index = static_cast<std::size_t>(random.Integer(static_cast<std::int64_t>(cases.size())));
    draw.slice = random.Integer(static_cast<std::int64_t>(cases[draw.case_index].labels.size()));
    return draw;
  }
  draw.case_index = OneOf(foreground_cases_, random);
  const auto& slices = cases[draw.case_index].labels;
  const std::uint64_t shown = std::accumulate(slices.begin(), slices.end(), std::uint64_t{0}, std::bit_or<>());
  std::vector<int> labels;
  for (int label = 1; label < 64; ++label) {
    if (Shows(shown, label)) labels.push_back(label);
  }
  draw.wanted = OneOf(labels, random);
  std::vector<std::int64_t> candidates;
  for (std::size_t s = 0; s < slices.size(); ++s) {
    if (Shows(slices[s], draw.wanted)) candidates.push_back(static_cast<std::int64_t>(s));
  }
  draw.slice = OneOf(candidates, random);
  return draw;
}

DrawHistogram::DrawHistogram(const SliceIndex& index, std::vector<std::string> labels)
    : index_(&index), labels_(std::move(labels)), showing_(labels_.size(), 0) {}

void DrawHistogram::Add(std::span<const SliceDraw> batch) {
  for (const SliceDraw& draw : batch) {
    const auto& examination = index_->cases()[draw.case_index];
    ++drawn_for_[draw.wanted];
    ++patients_[draw.wanted][examination.patient_id];
    const std::uint64_t shown = examination.labels[static_cast<std::size_t>(draw.slice)];
    for (std::size_t label = 1; label < labels_.size(); ++label)
      showing_[label] += Shows(shown, static_cast<int>(label)) ? 1 : 0;
    showing_[0] += shown == 0 ? 1 : 0;
  }
}

base::Json DrawHistogram::ToJson() const {
  base::Json json = {
      {"drawn_for", base::Json::object()}, {"showing", base::Json::object()}, {"patients", base::Json::object()}};
  for (const auto& [wanted, count] : drawn_for_) {
    const std::string name = NameOf(wanted, labels_);
    json["drawn_for"][name] = count;
    std::int64_t fewest = count, most = 0;
    for (const auto& [patient, slices] : patients_.at(wanted)) {
      fewest = std::min(fewest, slices);
      most = std::max(most, slices);
    }
    json["patients"][name] = {{"count", patients_.at(wanted).size()}, {"fewest", fewest}, {"most", most}};
  }
  for (std::size_t label = 0; label < labels_.size(); ++label)
    json["showing"][NameOf(static_cast<int>(label), labels_)] = showing_[label];
  return json;
}

}  // namespace parotis::train
