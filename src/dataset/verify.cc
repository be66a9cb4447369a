#include "dataset/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>

#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "dataset/case_files.h"
#include "dataset/dataset.h"
#include "dataset/duplicates.h"
#include "dataset/layout.h"
#include "dataset/splits.h"
#include "image/nifti.h"

namespace parotis::dataset {
namespace {

namespace fs = std::filesystem;

using Problems = std::vector<Problem>;

// Runs `check`; what it throws becomes a problem. Returns whether nothing was thrown.
template <class Check>
bool Passes(Problems& problems, const std::string& code, const std::string& case_id, Check&& check) {
  try {
    check();
    return true;
  } catch (const base::Error& error) {
    problems.push_back({code, case_id, error.message()});
    return false;
  }
}

struct CaseFindings {
  Problems problems;
  std::vector<std::string> image_hashes;   // [channel]; empty when there is no image
  std::vector<ImageSignature> signatures;  // [channel]
  bool has_mask = false;                   // one that could be read
  std::set<std::string> labels_present;    // without the background
};

struct Reference {
  image::Geometry grid;
  fs::path file;
};

void VerifyChannel(const CaseFiles& files, std::size_t channel, const std::string& channel_name,
                   std::optional<Reference>& reference, CaseFindings& findings) {
  const fs::path& file = files.channels[channel];
  Problems& problems = findings.problems;
  if (file.empty()) {
    problems.push_back(
        {"missing", files.id, fmt::format("case {} has no file for the channel {}", files.id, channel_name)});
    return;
  }
  image::Volume volume;
  if (!Passes(problems, "unreadable", files.id, [&] { volume = image::ReadNifti(file); })) return;
  if (!Passes(problems, "not_finite", files.id, [&] { CheckFinite(volume, file); })) return;
  Passes(problems, "spacing", files.id, [&] { CheckSpacing(volume.geometry, file); });
  if (reference) {
    Passes(problems, "grid", files.id, [&] { CheckSameGrid(volume.geometry, file, reference->grid, reference->file); });
  } else {
    reference = Reference{volume.geometry, file};
  }
  const auto [smallest, largest] = std::minmax_element(volume.voxels.begin(), volume.voxels.end());
  if (smallest == volume.voxels.end() || *smallest == *largest) {
    problems.push_back(
        {"constant", files.id, fmt::format("{} holds one value everywhere; it is no image", file.string())});
    return;
  }
  findings.image_hashes[channel] = base::HashOf(std::as_bytes(std::span(volume.voxels)));
  findings.signatures[channel] = SignatureOf(volume);
}

void VerifyLabel(const CaseFiles& files, const Dataset& dataset, const std::optional<Reference>& reference,
                 CaseFindings& findings) {
  Problems& problems = findings.problems;
  if (files.label.empty()) {
    if (!files.test)
      problems.push_back({"missing", files.id, fmt::format("case {} has no label file in labelsTr", files.id)});
    return;
  }
  image::LabelVolume truth;
  if (!Passes(problems, "unreadable", files.id, [&] { truth = ReadTruth(files.label); })) return;
  if (reference) {
    Passes(problems, "grid", files.id,
           [&] { CheckSameGrid(truth.geometry, files.label, reference->grid, reference->file); });
  }
  if (!Passes(problems, "labels", files.id, [&] { CheckLabelValues(truth, files.label, dataset.label_names.size()); }))
    return;
  findings.has_mask = true;
  for (const std::uint8_t value : std::set<std::uint8_t>(truth.voxels.begin(), truth.voxels.end())) {
    if (value > 0) findings.labels_present.insert(dataset.label_names[value]);
  }
}

CaseFindings VerifyCase(const CaseFiles& files, const Dataset& dataset) {
  CaseFindings findings;
  findings.image_hashes.resize(files.channels.size());
  findings.signatures.resize(files.channels.size());
  std::optional<Reference> reference;
  for (std::size_t c = 0; c < files.channels.size(); ++c)
    VerifyChannel(files, c, dataset.channel_names[c], reference, findings);
  VerifyLabel(files, dataset, reference, findings);
  return findings;
}

struct Place {
  std::size_t case_index;
  std::size_t channel;
};

std::string NameOf(const Place& place, const Dataset& dataset) {
  return fmt::format("{} of case {}", dataset.channel_names[place.channel], dataset.cases[place.case_index].id);
}

std::vector<Place> ImagesOf(const std::vector<CaseFindings>& findings) {
  std::vector<Place> images;
  for (std::size_t c = 0; c < findings.size(); ++c) {
    for (std::size_t channel = 0; channel < findings[c].image_hashes.size(); ++channel) {
      if (!findings[c].image_hashes[channel].empty()) images.push_back({c, channel});
    }
  }
  return images;
}

void FindDuplicates(const Dataset& dataset, const std::vector<CaseFindings>& findings, Problems& problems) {
  std::map<std::string, Place> first_with;
  for (const Place& place : ImagesOf(findings)) {
    const auto [first, is_new] = first_with.emplace(findings[place.case_index].image_hashes[place.channel], place);
    if (is_new) continue;
    problems.push_back(
        {"duplicate", dataset.cases[place.case_index].id,
         fmt::format("{} and {} are the same image; remove one, or they may end up on both sides of a split",
                     NameOf(first->second, dataset), NameOf(place, dataset))});
  }
}

// Images of different cases that are one another turned over or rescaled; the few that may be are read again.
void FindChangedCopies(const Dataset& dataset, const std::vector<CaseFindings>& findings, Problems& problems) {
  const auto hash = [&](const Place& p) -> const std::string& {
    return findings[p.case_index].image_hashes[p.channel];
  };
  const auto file = [&](const Place& p) { return dataset.cases[p.case_index].channels[p.channel]; };
  const std::vector<Place> images = ImagesOf(findings);
  std::vector<const ImageSignature*> signatures;
  for (const Place& place : images) signatures.push_back(&findings[place.case_index].signatures[place.channel]);
  for (const auto& [a, b] : PossibleCopies(signatures)) {
    if (images[a].case_index == images[b].case_index || hash(images[a]) == hash(images[b])) continue;
    if (!AreCopies(image::ReadNifti(file(images[a])), image::ReadNifti(file(images[b])))) continue;
    problems.push_back({"copy", dataset.cases[images[b].case_index].id,
                        fmt::format("{} and {} are one image, turned over or with other intensities; remove one, or "
                                    "they may end up on both sides of a split",
                                    NameOf(images[a], dataset), NameOf(images[b], dataset))});
  }
}

void VerifyCount(const Dataset& dataset, std::int64_t training_cases, Problems& problems) {
  const base::Json json = base::ReadJson(dataset.folder / "dataset.json");
  const auto stated = json.find("numTraining");
  if (stated == json.end() || *stated == training_cases) return;
  problems.push_back(
      {"count", "",
       fmt::format("dataset.json says numTraining {}, but imagesTr holds {} cases", stated->dump(), training_cases)});
}

void FindOrphanLabels(const Dataset& dataset, const std::string& folder, Problems& problems) {
  std::set<fs::path> known;
  for (const CaseFiles& files : dataset.cases) known.insert(files.label);
  std::set<fs::path> orphans;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(dataset.folder / folder, ignored)) {
    const std::string file = entry.path().filename().string();
    if (!file.starts_with('.') && file.ends_with(dataset.file_ending) && !known.contains(entry.path()))
      orphans.insert(entry.path());
  }
  for (const fs::path& orphan : orphans)
    problems.push_back({"missing", "", fmt::format("{} belongs to no image", orphan.string())});
}

void VerifyParticipant(const Participant& participant, const Dataset& dataset,
                       const std::map<std::string, const CaseFindings*>& by_id, Problems& problems) {
  const std::string& id = participant.case_id;
  const auto found = by_id.find(id);
  if (found == by_id.end()) {
    problems.push_back({"participants", id, fmt::format("participants.tsv lists the case {}, which has no image", id)});
    return;
  }
  const std::string& diagnosis = participant.diagnosis;
  const auto& labels = dataset.label_names;
  const bool is_label = std::find(labels.begin() + 1, labels.end(), diagnosis) != labels.end();
  if (!diagnosis.empty() && diagnosis != kTumourFree && !is_label) {
    problems.push_back(
        {"participants", id,
         fmt::format("case {} has the diagnosis \"{}\", which is no label and not {}", id, diagnosis, kTumourFree)});
    return;
  }
  const std::set<std::string>& present = found->second->labels_present;
  if (is_label && found->second->has_mask && present.empty()) {
    problems.push_back(
        {"no_tumour", id, fmt::format("case {} has the diagnosis {}, but its mask is empty", id, diagnosis)});
    return;
  }
  const bool contradicts =
      diagnosis == kTumourFree ? !present.empty() : is_label && !present.empty() && !present.contains(diagnosis);
  if (contradicts) {
    problems.push_back(
        {"participants", id,
         fmt::format("case {} has the diagnosis {}, but its mask shows {}", id, diagnosis, fmt::join(present, ", "))});
  }
}

void VerifyPatients(const Dataset& dataset, const std::vector<CaseFindings>& findings, Verification& verification) {
  std::map<std::string, const CaseFindings*> by_id;
  for (std::size_t c = 0; c < findings.size(); ++c) by_id[dataset.cases[c].id] = &findings[c];
  for (const Participant& participant : dataset.participants)
    VerifyParticipant(participant, dataset, by_id, verification.problems);
  std::map<std::string, std::string> trained;  // patient → one training case
  std::map<std::string, std::string> tested;
  for (const CaseFiles& files : dataset.cases) (files.test ? tested : trained)[dataset.PatientOf(files.id)] = files.id;
  for (const auto& [patient, case_id] : tested) {
    const auto leak = trained.find(patient);
    if (leak == trained.end()) continue;
    verification.problems.push_back({"leak", case_id,
                                     fmt::format("the patient {} is in imagesTr (case {}) and in imagesTs (case {})",
                                                 patient, leak->second, case_id)});
  }
  trained.merge(tested);
  verification.patients = static_cast<std::int64_t>(trained.size());
}

void VerifySplits(const Dataset& dataset, Problems& problems) {
  const fs::path path = dataset.folder / "splits_final.json";
  if (!fs::exists(path)) return;
  std::vector<Split> splits;
  if (!Passes(problems, "splits", "", [&] { splits = ReadSplitLists(path); })) return;
  for (const std::string& message : FindSplitProblems(splits, dataset)) {
    problems.push_back({"splits", "", fmt::format("splits_final.json: {}", message)});
  }
}

std::vector<CaseFindings> VerifyCases(const Dataset& dataset, int threads) {
  std::vector<CaseFindings> findings(dataset.cases.size());
  base::Progress progress("verifying cases", static_cast<std::int64_t>(dataset.cases.size()));
  base::ParallelFor(static_cast<std::int64_t>(dataset.cases.size()), threads, [&](std::int64_t c) {
    const auto index = static_cast<std::size_t>(c);
    findings[index] = VerifyCase(dataset.cases[index], dataset);
    progress.Advance();
  });
  return findings;
}

}  // namespace

Verification VerifyDataset(const fs::path& folder, int threads) {
  Verification verification;
  verification.dataset = folder.string();
  if (!fs::exists(folder / "dataset.json")) ListDataset(folder);  // throws, naming the remedy
  Problems& problems = verification.problems;
  Dataset dataset;
  if (!Passes(problems, "layout", "", [&] { dataset = ListDataset(folder); })) return verification;
  verification.dataset = dataset.name;
  const fs::path table = folder / "participants.tsv";
  if (fs::exists(table)) Passes(problems, "participants", "", [&] { dataset.participants = ReadParticipants(table); });
  for (const std::string& message : FindCaseListProblems(dataset)) problems.push_back({"layout", "", message});
  for (const CaseFiles& files : dataset.cases) {
    ++(files.test ? verification.test_cases : verification.training_cases);
    if (!files.label.empty()) ++verification.labelled_cases;
  }
  VerifyCount(dataset, verification.training_cases, problems);
  FindOrphanLabels(dataset, "labelsTr", problems);
  FindOrphanLabels(dataset, "labelsTs", problems);
  const std::vector<CaseFindings> findings = VerifyCases(dataset, threads);
  for (const CaseFindings& one : findings) problems.insert(problems.end(), one.problems.begin(), one.problems.end());
  FindDuplicates(dataset, findings, problems);
  FindChangedCopies(dataset, findings, problems);
  VerifyPatients(dataset, findings, verification);
  VerifySplits(dataset, problems);
  return verification;
}

}  // namespace parotis::dataset
