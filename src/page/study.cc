#include "page/study.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/files.h"
#include "page/downloads.h"
#include "page/worklist.h"
#include "service/analysis.h"
#include "view/view_files.h"
#include "view/view_volumes.h"

namespace parotis::page {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr const char* kNoVersion = "this version of the study is not kept here";

Json DocumentIn(const fs::path& file) {
  try {
    return base::ReadJson(file);
  } catch (const base::Error&) {
    return nullptr;
  }
}

Json DeliveriesOf(const Call& call, const Study& study) {
  Json list = Json::array();
  const auto add = [&](std::int64_t job, const std::string& version) {
    for (const jobs::DeliveryRecord& delivery : jobs::DeliveriesOf(call.database, job))
      list.push_back(
          {{"peer", delivery.peer}, {"state", delivery.state}, {"reason", delivery.reason}, {"version", version}});
  };
  add(study.entry().job.id, study.versions().IdOfAnalysis());
  for (const jobs::ReviewRecord& review : study.reviews()) {
    if (review.job != 0) add(review.job, VersionIdOf(review.id));
  }
  return list;
}

// Every volume that a view names.
bool Names(const Json& view, const std::string& name) {
  if (view.value("lesions", std::string()) == name || view.value("probability", std::string()) == name) return true;
  return std::any_of(view.at("channels").begin(), view.at("channels").end(), [&](const Json& channel) {
    return channel.at("volume") == name || (channel.at("before").is_string() && channel.at("before") == name);
  });
}

}  // namespace

std::optional<Study> Study::Find(jobs::Database& database, const std::string& id) {
  Study study;
  bool found = false;
  for (jobs::WorklistEntry& entry : jobs::Worklist(database, id)) study.entry_ = std::move(entry), found = true;
  if (!found) return std::nullopt;
  study.reviews_ = jobs::ReviewsOf(database, id);
  return study;
}

std::string VersionIn(const http::Request& request, const Study& study) {
  const std::string version = request.Query("version");
  return version.empty() ? study.versions().Current() : version;
}

http::Response AnswerStudy(const Call& call, const Study& study, const service::Layout& layout, Facts& facts) {
  const Versions versions = study.versions();
  const std::string version = VersionIn(call.request, study);
  if (!versions.Exists(version)) return Error(404, kNoVersion);
  const double now = jobs::Transact(call.database, [&] { return call.database.Now(); });
  Json json = RowOf(study.entry(), versions.Latest(), layout, facts, now);
  json["versions"] = versions.ToJson(study.entry().job.model);
  json["version"] = version;
  const std::string results = versions.ResultsOf(version);
  const fs::path folder = layout.results / results;
  json["diagnosis"] = results.empty() ? Json() : DocumentIn(folder / "diagnosis.json");
  Json view = results.empty() ? Json() : DocumentIn(folder / service::kViewFolder / view::kManifest);
  for (const char* key : {"view", "series", "model"}) {
    const bool there = view.is_object() && view.contains(key);
    if (std::string_view(key) == "model" && !there) continue;  // the row's: its name
    json[key] = there ? view[key] : std::string_view(key) == "series" ? Json::array() : Json();
  }
  json["deliveries"] = DeliveriesOf(call, study);
  json["downloads"] = results.empty() ? Json::array() : DownloadsIn(folder);
  return AnswerOnce(call.request, json);
}

http::Response AnswerVolume(const Call& call, const Study& study, const std::string& name,
                            const service::Layout& layout) {
  const std::string results = study.versions().ResultsOf(VersionIn(call.request, study));
  if (results.empty()) return Error(404, kNoVersion);
  const fs::path folder = layout.results / results / service::kViewFolder;
  const Json manifest = DocumentIn(folder / view::kManifest);
  if (!manifest.is_object() || !manifest.at("view").is_object() || !Names(manifest.at("view"), name))
    return Error(404, "the study has no such volume");
  const fs::path file = folder / view::FileOf(name);
  return {.status = 200, .headers = {{"content-type", "application/octet-stream"}}, .body = {file}};
}

http::Response AnswerFile(const Call& call, const Study& study, const std::string& name,
                          const service::Layout& layout) {
  const std::string results = study.versions().ResultsOf(VersionIn(call.request, study));
  if (results.empty()) return Error(404, kNoVersion);
  std::optional<Download> download = DownloadNamed(layout.results / results, name);
  if (!download) return Error(404, "this version of the study has no such file");
  http::Response response{.status = 200, .headers = {{"content-type", download->type}}, .body = {}};
  response.body.push_back(std::move(download->content));
  // A name of ours and a hash: nothing of the patient, and nothing that a header could not hold.
  response.headers["content-disposition"] =
      fmt::format("attachment; filename=\"parotis-{}-{}\"", study.entry().job.folder.substr(0, 8), name);
  return response;
}

}  // namespace parotis::page
