#include "dicom/deidentify.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "base/resumable.h"
#include "dicom/deidentify_file.h"
#include "dicom/identity_in_pixels.h"
#include "dicom/pseudonyms.h"

namespace parotis::dicom {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr const char* kSettings = ".deidentify.json";
constexpr const char* kLock = ".deidentify.lock";

// Short enough for a path, long enough to be one's own.
std::string NameFor(const std::string& uid, const std::string& key) { return UidPseudonym(uid, key).substr(5, 20); }

Json SettingsOf(const DeidentifyOptions& options) {
  return {{"key", KeyFingerprint(options.key)},
          {"drop_dates", options.drop_dates},
          {"drop_characteristics", options.drop_characteristics},
          {"allow_burned_in", options.allow_burned_in},
          {"deface", options.deface}};
}

void RefuseForeignFolder(const fs::path& output) {
  if (!fs::exists(output) || fs::exists(output / kSettings) || fs::exists(output / kLock)) return;
  const bool foreign = std::any_of(fs::directory_iterator(output), fs::directory_iterator(),
                                   [](const auto& entry) { return !base::IsHalfWritten(entry.path()); });
  if (foreign) {
    base::Throw(base::ErrorKind::kUsage,
                fmt::format("{} is not empty and was not begun by deidentify; choose another folder", output.string()));
  }
}

void CheckSettings(const fs::path& output, const DeidentifyOptions& options) {
  const Json settings = SettingsOf(options);
  if (!fs::exists(output / kSettings)) {
    base::WriteJson(output / kSettings, settings);
  } else if (base::ReadJson(output / kSettings) != settings) {
    base::Throw(base::ErrorKind::kUsage,
                fmt::format("{} was begun with another key or other settings; use the same again, or choose another "
                            "folder",
                            output.string()));
  }
}

class StudyWriter {
 public:
  StudyWriter(const Study& study, const fs::path& output, const DeidentifyOptions& options)
      : study_(study), output_(output), options_(options) {
    cleaning_.key = options.key;
    cleaning_.patient_pseudonym = PatientPseudonym(study.patient, study.uid, options.key);
    cleaning_.date_shift_days = DateShiftDays(cleaning_.patient_pseudonym, options.key);
    cleaning_.drop_dates = options.drop_dates;
    cleaning_.drop_characteristics = options.drop_characteristics;
  }

  std::vector<DeidentifiedFile> Write() {
    base::Finding refused;
    for (const base::Finding& finding : study_.findings) {
      if (finding.refuses() && refused.empty()) refused = finding;
    }
    if (refused.empty()) refused = LookAtAll();
    std::vector<DeidentifiedFile> files = WriteAll(refused);
    const auto failed = std::find_if(files.begin(), files.end(),
                                     [](const DeidentifiedFile& file) { return file.code == "deface_failed"; });
    if (failed != files.end()) Withdraw(DeidentifiedFile(*failed), files);
    return files;
  }

 private:
  DeidentifiedFile Named(const Series& series, const FileReference& file) const {
    DeidentifiedFile named;
    named.patient = cleaning_.patient_pseudonym;
    named.study = "study-" + NameFor(study_.uid, options_.key);
    // The number is there to sort by; one of six digits and more may be the patient's.
    const int number = series.number.value_or(0);
    named.series = fmt::format("{:03}-{}", number < 100000 ? number : 0, NameFor(series.uid, options_.key));
    named.file =
        NameFor(file.sop_instance_uid.empty() ? file.path.string() : file.sop_instance_uid, options_.key) + ".dcm";
    named.sop_class_uid = file.sop_class_uid;
    return named;
  }

  static void Refuse(DeidentifiedFile& file, const base::Finding& finding) {
    // Findings of this module's own, whose messages quote nothing.
    static const std::set<std::string> own = {"identity_left", "burned_in_text", "text_in_pixels", "deface_failed"};
    file.code = finding.code;
    file.sentence = finding.empty() ? std::string() : std::string(base::ConditionNamed(finding.code).meaning);
    if (own.contains(finding.code)) file.sentence = finding.message;
  }

  // What identifies somebody in any file, and faces in any series. Why nothing can be let out.
  base::Finding LookAtAll() {
    for (const Series& series : study_.series) {
      for (const FileReference& file : series.files) identifiers_.Add(IdentifiersOfFile(file.path));
    }
    faces_ = FindFacesIn(study_);
    if (!options_.deface) return {};
    removal_.emplace(study_, faces_);
    return removal_->failure();
  }

  std::vector<DeidentifiedFile> WriteAll(const base::Finding& refused) const {
    std::vector<DeidentifiedFile> files;
    for (std::size_t s = 0; s < study_.series.size(); ++s) {
      const Series& series = study_.series[s];
      const base::Finding text = refused.empty() ? TextIn(series) : base::Finding();
      for (std::size_t f = 0; f < series.files.size(); ++f) {
        DeidentifiedFile result = Named(series, series.files[f]);
        AddFlags(s, text, result);
        base::Finding finding = refused;
        if (finding.empty() && !options_.allow_burned_in) finding = text;
        if (finding.empty()) finding = WriteFile(s, f, result);
        Refuse(result, finding);
        result.face_removed = result.written() && RemovesFaces();
        files.push_back(std::move(result));
      }
    }
    return files;
  }

  // One image that keeps the face is enough to keep all of them back.
  void Withdraw(const DeidentifiedFile& failed, std::vector<DeidentifiedFile>& files) const {
    fs::remove_all(output_ / failed.patient / failed.study);
    for (DeidentifiedFile& file : files) {
      if (file.written()) Refuse(file, {failed.code, failed.sentence});
      file.face_removed = false;
    }
  }

  bool RemovesFaces() const { return removal_ && removal_->wanted(); }

  base::Finding TextIn(const Series& series) const {
    const std::optional<TextInFile> text = FindTextIn(series);
    if (!text) return {};
    return base::Found(
        "text_in_pixels",
        fmt::format("what looks like text is in the pixels of its series: in {}, frame {}, {}",
                    Named(series, series.files[text->file]).file, text->frame + 1, privacy::Describe(text->line)));
  }

  bool ShowsFace(std::size_t series) const {
    return std::any_of(faces_.begin(), faces_.end(), [&](const FaceInSeries& face) {
      return face.series == series && face.image.face.recognisable();
    });
  }

  void AddFlags(std::size_t series, const base::Finding& text, DeidentifiedFile& file) const {
    if (!text.empty()) file.flags.push_back(text);
    if (!ShowsFace(series) || RemovesFaces()) return;
    const FaceInSeries* best = MostRecognisable(faces_);
    file.flags.push_back(
        base::Found("face_recognisable", "a face can be recognised: " + privacy::Describe(best->image.face)));
  }

  base::Finding WriteFile(std::size_t index, std::size_t file, const DeidentifiedFile& named) const {
    const fs::path target = output_ / named.patient / named.study / named.series / named.file;
    if (fs::exists(target)) return {};
    FileTreatment treatment;
    treatment.allow_burned_in = options_.allow_burned_in;
    treatment.face_recognisable = ShowsFace(index) && !RemovesFaces();
    if (RemovesFaces()) treatment.removal = &*removal_;
    treatment.series = index;
    treatment.file = file;
    try {
      return DeidentifyFile(study_.series[index].files[file].path, target, cleaning_, identifiers_, treatment);
    } catch (const base::Error& error) {
      if (error.code() != "deface_failed") throw;
      return base::Found("deface_failed", error.message());
    }
  }

  const Study& study_;
  const fs::path& output_;
  const DeidentifyOptions& options_;
  ItemCleaning cleaning_;
  Identifiers identifiers_;
  std::vector<FaceInSeries> faces_;
  std::optional<FaceRemoval> removal_;
};

DeidentifiedFile NotRead(const SkippedFile& skipped, const std::string& key) {
  DeidentifiedFile file;
  file.file = "file-" + NameFor(skipped.path.string(), key);
  file.code = skipped.code;
  file.sentence = base::ConditionNamed(skipped.code).meaning;
  return file;
}

}  // namespace

std::vector<DeidentifiedFile> Deidentify(const Index& index, const fs::path& output, const DeidentifyOptions& options) {
  if (index.studies.empty())
    base::Throw(base::ErrorKind::kInput, "there is no DICOM study to de-identify; name another folder");
  RefuseForeignFolder(output);
  const base::OutputLock lock(
      output / kLock,
      fmt::format("another deidentify is writing to {}; wait for it, or choose another folder", output.string()));
  base::RemoveHalfWritten(output);
  CheckSettings(output, options);
  std::vector<std::vector<DeidentifiedFile>> by_study(index.studies.size());
  {
    base::Progress progress("deidentify", static_cast<std::int64_t>(index.studies.size()));
    base::ParallelFor(static_cast<std::int64_t>(index.studies.size()), options.threads, [&](std::int64_t i) {
      const auto at = static_cast<std::size_t>(i);
      by_study[at] = StudyWriter(index.studies[at], output, options).Write();
      progress.Advance();
    });
  }
  std::vector<DeidentifiedFile> files;
  for (const auto& of_study : by_study) files.insert(files.end(), of_study.begin(), of_study.end());
  for (const SkippedFile& skipped : index.skipped) files.push_back(NotRead(skipped, options.key));
  base::WriteJson(output / "deidentify-report.json", ReportOf(files));
  base::WriteFile(output / "deidentify-report.tsv", TableOf(files));
  return files;
}

bool DeidentifiedFile::refused() const {
  return !written() && code != "not_an_image" && code != "not_dicom" && code != "duplicate_file";
}

std::string TableOf(const std::vector<DeidentifiedFile>& files) {
  const auto cell = [](const std::string& text) { return text.empty() ? std::string("n/a") : text; };
  std::string table = "path\tpatient\tstudy\tsop_class\toutcome\tcode\n";
  for (const DeidentifiedFile& file : files) {
    const fs::path path = fs::path(file.patient) / file.study / file.series / file.file;
    table += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\n", path.string(), cell(file.patient), cell(file.study),
                         cell(file.sop_class_uid), file.written() ? "written" : "left_out", cell(file.code));
  }
  return table;
}

Json ReportOf(const std::vector<DeidentifiedFile>& files) {
  std::int64_t written = 0, faces_removed = 0;
  std::map<std::string, std::int64_t> codes;
  Json left_out = Json::array();
  std::set<std::string> patients;
  std::map<std::array<std::string, 4>, std::int64_t> flags;
  for (const DeidentifiedFile& file : files) {
    if (!file.patient.empty()) patients.insert(file.patient);
    faces_removed += file.face_removed ? 1 : 0;
    for (const base::Finding& flag : file.flags) ++flags[{file.patient, file.study, flag.code, flag.message}];
    if (file.written()) {
      ++written;
      continue;
    }
    ++codes[file.code];
    left_out.push_back({{"patient", file.patient},
                        {"study", file.study},
                        {"file", file.file},
                        {"code", file.code},
                        {"sentence", file.sentence}});
  }
  Json flagged = Json::array();
  for (const auto& [what, count] : flags) {
    flagged.push_back(
        {{"patient", what[0]}, {"study", what[1]}, {"code", what[2]}, {"sentence", what[3]}, {"files", count}});
  }
  return {{"patients", patients.size()}, {"written", written},         {"faces_removed", faces_removed},
          {"left_out", codes},           {"files_left_out", left_out}, {"flags", flagged}};
}

}  // namespace parotis::dicom
