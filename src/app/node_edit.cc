#include "app/node_edit.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <ctime>
#include <optional>
#include <system_error>

#include "app/diagnosis_files.h"
#include "base/build_info.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "dicom/index.h"
#include "image/nifti.h"
#include "review/revise.h"
#include "view/view_files.h"
#include "view/view_volumes.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr const char* kDocument = "diagnosis.json";
// What lesions of an edit say besides what those of a diagnosis do, and what the document does.
constexpr const char *kDrawnBy = "drawn_by", *kTrackingUid = "tracking_uid", *kReadersClass = "reader_class";
constexpr const char* kBesides[] = {"model", "provenance", "build_id", "date", "review"};

results::OutlineMaker MakerNamed(const std::string& name) {
  for (const auto maker : {results::OutlineMaker::kProgram, results::OutlineMaker::kProgramAndReader}) {
    if (results::NameOf(maker) == name) return maker;
  }
  return results::OutlineMaker::kReader;
}

// What was on the screen: the program's answer, or an earlier edit of it.
struct ScreenAnswer {
  Json document;
  review::Answer answer;
};

ScreenAnswer ReadScreenAnswer(const fs::path& folder, const std::string& name) {
  ScreenAnswer screen{base::ReadJson(folder / kDocument), {}};
  Json plain = screen.document;
  for (const char* key : kBesides) plain.erase(key);
  for (Json& lesion : plain.at("lesions")) {
    results::LesionOrigin& origin = screen.answer.origins.emplace_back();
    origin.outline = MakerNamed(lesion.value(kDrawnBy, results::NameOf(results::OutlineMaker::kProgram)));
    origin.tracking_uid = lesion.value(kTrackingUid, std::string());
    for (const char* key : {kDrawnBy, kTrackingUid, kReadersClass}) lesion.erase(key);
  }
  screen.answer.diagnosis = dataset::DiagnosisFromJson(plain, name);
  screen.answer.lesion_map = image::ReadNiftiLabels(folder / service::kViewFolder / view::FileOf(view::kLesions));
  return screen;
}

// The report of the version before, by what lies there.
std::optional<dicom::SourceImage> ReportIn(const fs::path& folder) {
  const dicom::Index index = dicom::IndexDicom(folder / "report.dcm");
  for (const dicom::Study& study : index.studies) {
    for (const dicom::Series& series : study.series) {
      for (const dicom::FileReference& file : series.files)
        return dicom::SourceImage{series.uid, file.sop_class_uid, file.sop_instance_uid, 0};
    }
  }
  return std::nullopt;
}

// The document before with the reader's verdict and lesions.
Json DocumentOf(const Json& before, const dataset::Diagnosis& diagnosis, const results::ReaderVersion& version,
                const jobs::ReviewRecord& review, std::time_t made_at) {
  Json document = dataset::ToJson(diagnosis);
  for (std::size_t i = 0; i < version.lesions.size(); ++i) {
    const results::LesionOrigin& origin = version.lesions[i];
    Json& lesion = document["lesions"][i];
    lesion[kDrawnBy] = results::NameOf(origin.outline);
    lesion[kTrackingUid] = origin.tracking_uid;
    lesion[kReadersClass] = origin.class_name ? Json(*origin.class_name) : Json();
  }
  for (const char* key : {"model", "provenance"}) document[key] = before.at(key);
  document["review"] = {{"id", review.id},
                        {"reader", review.reader},
                        {"reader_name", review.reader_name},
                        {"words", review.words},
                        {"based_on", review.based_on}};
  document["build_id"] = base::BuildId();
  document["date"] = fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(made_at));
  return document;
}

// The images are the analysis's; only the outlines are new.
void WriteView(const fs::path& analysis, const fs::path& results, const image::LabelVolume& lesions) {
  const fs::path to = results / service::kViewFolder;
  base::CreateFolder(to);
  for (const auto& entry : fs::directory_iterator(analysis / service::kViewFolder)) {
    if (entry.path().filename() == view::FileOf(view::kLesions)) continue;
    std::error_code code;
    fs::create_hard_link(entry.path(), to / entry.path().filename(), code);
    if (code)
      base::Throw(base::ErrorKind::kIo, fmt::format("cannot link {}: {}", entry.path().string(), code.message()));
  }
  image::WriteNifti(to / view::FileOf(view::kLesions), lesions);
}

}  // namespace

std::vector<jobs::ResultObject> RecordsOf(const std::vector<results::StudyObject>& objects, const fs::path& folder) {
  std::vector<jobs::ResultObject> records;
  records.reserve(objects.size());
  for (const results::StudyObject& object : objects) {
    records.push_back({object.file, object.sop_class_uid, object.sop_instance_uid, object.series_uid,
                       fs::file_size(folder / object.file)});
  }
  return records;
}

service::AnalysisAnswer AnswerEdit(const service::AnalysisRequest& request, const dicom::Study& study,
                                   const plan::BundleInfo& model, const ChainOptions& options) {
  const jobs::ReviewRecord& review = request.edit->review;
  const fs::path& analysis = request.edit->analysis;
  const std::string name = fmt::format("edit {}", review.id);
  const Json asked = base::ParseJson(review.asked, name);
  const fs::path before = analysis.parent_path() / asked.at("before").get<std::string>();

  const dataset::Case examination = LoadExamination(study, model, options);
  ScreenAnswer screen = ReadScreenAnswer(before, "the answer that " + name + " is based on");
  const auto voxels = static_cast<std::size_t>(examination.grid.voxel_count());
  const review::Edit edit = review::ParseEdit(asked.at("edit"), name, voxels, screen.answer.diagnosis.classes);
  const image::Volume probability =
      image::ReadNifti(analysis / service::kViewFolder / view::FileOf(view::kProbability));

  const diagnose::Result shown{screen.answer.diagnosis, screen.answer.lesion_map, {}};
  const std::time_t made_at = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  results::StudyObjectsInput input{study, examination, shown, probability, model, SettingsOf(options), made_at};
  for (std::size_t i = 0; i < screen.answer.origins.size(); ++i) {
    std::string& uid = screen.answer.origins[i].tracking_uid;
    if (uid.empty()) uid = results::TrackingUidOf(input, shown.diagnosis.lesions[i]);
  }
  const review::Revised revised =
      review::Revise(screen.answer, edit, {review.reader_name, review.words}, examination, probability);

  results::ReaderVersion version{std::to_string(review.id), review.reader_name, review.words, revised.lesions,
                                 ReportIn(before)};
  const results::StudyObjectsInput own{study, examination,    revised.result, probability,
                                       model, input.settings, made_at,        &version};
  for (std::size_t i = 0; i < version.lesions.size(); ++i)
    version.lesions[i].tracking_uid = results::TrackingUidOf(own, revised.result.diagnosis.lesions[i]);

  const dataset::Diagnosis& diagnosis = revised.result.diagnosis;
  base::FilesTogether files(request.results);
  const auto objects = results::WriteStudyObjects([&](const std::string& file) { return files.For(file); }, own);
  base::WriteJson(files.For(kDocument), DocumentOf(screen.document, diagnosis, version, review, made_at));
  files.Commit();
  WriteView(analysis, request.results, revised.result.lesion_map);
  const std::string verdict =
      dataset::NameOf(diagnosis.verdict) + (diagnosis.class_name.empty() ? "" : ": " + diagnosis.class_name);
  return {false, diagnosis.reason, verdict, RecordsOf(objects, request.results)};
}

}  // namespace parotis::app
