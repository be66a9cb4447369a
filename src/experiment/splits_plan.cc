#include "experiment/splits_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"

namespace parotis::experiment {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::Throw;

fs::path FileOf(const fs::path& runs, int repeat) { return runs / "splits" / fmt::format("repeat-{}.json", repeat); }

std::vector<dataset::Split> MakeFor(const Study& study, const dataset::Dataset& dataset, int repeat) {
  if (!study.splits.empty()) return dataset::ReadSplits(study.splits, dataset);
  if (!study.split_by.empty()) return dataset::MakeSplitsByColumn(dataset, study.split_by);
  return dataset::MakeSplits(dataset, study.folds, study.split_seed + static_cast<std::uint64_t>(repeat));
}

// Every patient is tested once at most: pooled results count patients, not tests.
void CheckHeldOutOnce(const std::vector<dataset::Split>& splits, const dataset::Dataset& dataset,
                      const std::string& name) {
  std::map<std::string, std::size_t> held_out_by;  // patient → fold
  for (std::size_t fold = 0; fold < splits.size(); ++fold) {
    if (splits[fold].val.empty()) Throw(ErrorKind::kInput, fmt::format("{}: fold {} tests no case", name, fold));
    for (const std::string& id : splits[fold].val) {
      const auto [place, fresh] = held_out_by.emplace(dataset.PatientOf(id), fold);
      if (fresh || place->second == fold) continue;
      Throw(ErrorKind::kInput,
            fmt::format("{}: the patient {} is tested in fold {} and in fold {}; a study needs folds "
                        "that test every patient once",
                        name, place->first, place->second, fold));
    }
  }
}

Folds WithHash(std::vector<dataset::Split> splits) {
  base::Json json = base::Json::array();
  for (const dataset::Split& split : splits) json.push_back({{"train", split.train}, {"val", split.val}});
  return {std::move(splits), base::HashOf(json.dump())};
}

}  // namespace

std::vector<Folds> MakeFolds(const Study& study, const dataset::Dataset& dataset) {
  std::vector<Folds> repeats;
  for (int repeat = 0; repeat < study.repeats; ++repeat) {
    std::vector<dataset::Split> splits = MakeFor(study, dataset, repeat);
    CheckHeldOutOnce(splits, dataset, study.splits.empty() ? "the folds" : study.splits.string());
    if (study.selection == Selection::kNested && splits.size() < 3) {
      Throw(ErrorKind::kInput,
            fmt::format("there are {} folds; nested selection needs at least 3: choose \"selection\": \"fixed\"",
                        splits.size()));
    }
    repeats.push_back(WithHash(std::move(splits)));
  }
  return repeats;
}

Folds ReadFolds(const fs::path& runs, int repeat, const dataset::Dataset& dataset) {
  return WithHash(dataset::ReadSplits(FileOf(runs, repeat), dataset));
}

void FreezeFolds(const std::vector<Folds>& repeats, const fs::path& runs) {
  for (std::size_t repeat = 0; repeat < repeats.size(); ++repeat) {
    const fs::path file = FileOf(runs, static_cast<int>(repeat));
    if (!fs::exists(file)) {
      dataset::WriteSplits(file, repeats[repeat].splits);
    } else if (WithHash(dataset::ReadSplitLists(file)).sha256 != repeats[repeat].sha256) {
      Throw(ErrorKind::kUsage, fmt::format("{} holds other folds than this study asks for (the dataset, the number of "
                                           "folds or the split seed has changed); give another folder with -o",
                                           file.string()));
    }
  }
}

std::vector<std::string> TrainingCases(const Folds& folds, const std::vector<int>& held_out) {
  std::vector<std::string> cases = folds.splits.at(static_cast<std::size_t>(held_out.at(0))).train;
  for (const int fold : held_out) {
    const std::vector<std::string>& train = folds.splits.at(static_cast<std::size_t>(fold)).train;
    const std::set<std::string> kept(train.begin(), train.end());
    std::erase_if(cases, [&](const std::string& id) { return !kept.contains(id); });
  }
  return cases;
}

const std::vector<std::string>& HeldOutCases(const Folds& folds, int fold) {
  return folds.splits.at(static_cast<std::size_t>(fold)).val;
}

std::vector<std::string> LabelledCases(const dataset::Dataset& others) {
  std::vector<std::string> cases;
  for (const dataset::CaseFiles& files : others.cases)
    if (!files.label.empty()) cases.push_back(files.id);
  return cases;
}

}  // namespace parotis::experiment
