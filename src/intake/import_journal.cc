#include "intake/import_journal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/files.h"
#include "base/hmac.h"
#include "base/resumable.h"
#include "dicom/pseudonyms.h"

namespace parotis::intake {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::Json;

constexpr const char* kFolder = ".import";
constexpr Outcome kOutcomes[] = {Outcome::kImported, Outcome::kRefused, Outcome::kSkipped, Outcome::kFailed};

Json ToJson(const ImportedStudy& study) {
  return {{"case", study.case_id},
          {"patient", study.patient},
          {"fingerprint", study.fingerprint},
          {"outcome", NameOf(study.outcome)},
          {"code", study.code},
          {"sentence", study.sentence},
          {"channels", study.channels},
          {"flags", study.flags},
          {"columns", study.columns},
          {"alignment", study.alignment},
          {"face", study.face}};
}

ImportedStudy FromJson(const Json& json, const std::string& path) {
  base::JsonObject object(json, path);
  ImportedStudy study;
  object.ReadRequired("case", study.case_id);
  object.ReadRequired("patient", study.patient);
  object.ReadRequired("fingerprint", study.fingerprint);
  const auto outcome = object.Get<std::string>("outcome");
  const auto* const found =
      std::find_if(std::begin(kOutcomes), std::end(kOutcomes), [&](Outcome each) { return NameOf(each) == outcome; });
  if (found == std::end(kOutcomes))
    base::Throw(ErrorKind::kInput, fmt::format("{}: \"{}\" is no outcome; remove the file", path, outcome));
  study.outcome = *found;
  object.ReadRequired("code", study.code);
  object.ReadRequired("sentence", study.sentence);
  object.ReadRequired("channels", study.channels);
  object.ReadRequired("flags", study.flags);
  object.ReadRequired("columns", study.columns);
  object.ReadRequired("alignment", study.alignment);
  object.Read("face", study.face);
  object.Finish();
  study.done_before = true;
  return study;
}

// Names of structures may name persons: only a digest is written.
std::string DescriptionOf(const TruthLabels& labels) {
  std::string text = labels.later_on_top ? "later on top" : "refuse";
  for (const auto& [structure, label] : labels.of_structure) text += fmt::format("\n{}={}", structure, label);
  return text;
}

// What must not change between the runs of one import.
Json SettingsOf(const ImportOptions& options) {
  std::string pins;  // may name UIDs: only a digest is written
  for (const Pin& pin : options.pins) pins += fmt::format("{}={}\n", NameOf(pin.role), pin.series);
  return {{"key", options.keep_identity ? std::string("none") : dicom::KeyFingerprint(options.key)},
          {"keep_identity", options.keep_identity},
          {"channels", options.channels},
          {"site", options.site.sha256},
          {"pins", pins.empty() ? pins : base::HmacSha256(options.key, pins)},
          {"maps", options.maps},
          {"accept_other_frames", options.accept_other_frames},
          {"labels", options.truth_labels.names},
          {"deface", options.deface},
          {"structures", base::HmacSha256(options.key, DescriptionOf(options.truth_labels))},
          {"alignment", NameOf(options.alignment.motion)},
          {"distortion_correction", options.alignment.correct_distortion}};
}

void RefuseForeignDataset(const fs::path& output) {
  if (fs::exists(output / kFolder)) return;
  for (const char* taken : {"dataset.json", "imagesTr", "labelsTr", "imagesTs", "participants.tsv"}) {
    if (!fs::exists(output / taken)) continue;
    base::Throw(ErrorKind::kUsage,
                fmt::format("{} already holds a dataset or a part of one ({}); choose another folder or remove it",
                            output.string(), taken));
  }
}

}  // namespace

ImportJournal::ImportJournal(const fs::path& output, const ImportOptions& options,
                             const std::vector<std::string>& channels)
    : output_(output), folder_(output / kFolder) {
  RefuseForeignDataset(output);
  lock_.emplace(folder_ / "lock",
                fmt::format("another import is writing to {}; wait for it, or choose another folder", output.string()));
  base::RemoveHalfWritten(output);
  base::CreateFolder(folder_ / "studies");
  const fs::path file = folder_ / "import.json";
  const Json settings = SettingsOf(options);
  if (fs::exists(file)) {
    const Json before = base::ReadJson(file);
    for (const auto& [name, value] : settings.items()) {
      if (before.at("settings").contains(name) && before.at("settings").at(name) == value) continue;
      base::Throw(ErrorKind::kUsage,
                  fmt::format("{} was begun with another {} ({}); use the same again, or choose another folder",
                              output.string(), name == "key" ? "key" : "setting", name));
    }
    channels_ = before.at("channels").get<std::vector<std::string>>();
  }
  for (const std::string& channel : channels) {
    if (std::find(channels_.begin(), channels_.end(), channel) == channels_.end()) channels_.push_back(channel);
  }
  base::WriteJson(file, {{"settings", settings}, {"channels", channels_}});
  for (const auto& entry : fs::directory_iterator(folder_ / "studies")) {
    if (entry.path().extension() != ".json") continue;
    ImportedStudy study = FromJson(base::ReadJson(entry.path()), entry.path().string());
    known_[study.case_id] = std::move(study);
  }
}

const ImportedStudy* ImportJournal::Find(const std::string& case_id, const std::string& fingerprint) const {
  const auto found = known_.find(case_id);
  if (found == known_.end() || found->second.fingerprint != fingerprint) return nullptr;
  return found->second.outcome == Outcome::kFailed ? nullptr : &found->second;
}

void ImportJournal::Forget(const std::string& case_id) const {
  fs::remove(folder_ / "studies" / (case_id + ".json"));
  for (const char* images : {"imagesTr", "imagesTs"}) {
    for (std::size_t c = 0; c < channels_.size(); ++c)
      fs::remove(output_ / images / fmt::format("{}_{:04}.nii.gz", case_id, c));
  }
  fs::remove(output_ / "labelsTr" / (case_id + ".nii.gz"));
}

void ImportJournal::Write(const ImportedStudy& study) const {
  base::WriteJson(folder_ / "studies" / (study.case_id + ".json"), ToJson(study));
}

}  // namespace parotis::intake
