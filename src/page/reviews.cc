#include "page/reviews.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "review/edit.h"
#include "service/analysis.h"
#include "service/node_log.h"
#include "view/view_files.h"

namespace parotis::page {
namespace {

using base::Json;
using jobs::Decision;

constexpr std::size_t kMostWords = 2000;  // characters

struct Asked {
  std::string based_on;
  Decision decision = Decision::kAccept;
  std::string words;
  Json edit = Json::object();  // as review::ParseEdit reads it
};

// Line breaks are words' own; other control characters are nobody's.
std::string WordsOf(const std::string& text) {
  std::string words(base::Trimmed(text));
  for (char& c : words) c = c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
  const auto length = base::PlainLength(words);
  if (!length || *length > kMostWords)
    base::Throw(base::ErrorKind::kInput,
                fmt::format("the reason must be plain text of at most {} characters", kMostWords));
  return words;
}

Asked AskedIn(Json body) {
  Asked asked;
  const auto take = [&](const char* key) {
    const auto found = body.find(key);
    if (found == body.end() || found->is_null()) return std::string();
    if (!found->is_string()) base::Throw(base::ErrorKind::kInput, fmt::format("{} must be text", key));
    const std::string text = found->get<std::string>();
    body.erase(found);
    return text;
  };
  asked.based_on = take("based_on");
  const std::string decision = take("decision");
  const auto named = jobs::DecisionNamed(decision);
  if (!named) base::Throw(base::ErrorKind::kInput, "decision must be accept, edit or reject");
  asked.decision = *named;
  asked.words = WordsOf(take("reason"));
  if (asked.words.empty() && asked.decision != Decision::kAccept)
    base::Throw(base::ErrorKind::kInput, "say why: an edit or a rejection needs a reason");
  if (asked.decision == Decision::kEdit) asked.edit = std::move(body);
  return asked;
}

// Throws kInput when the edit does not fit the images that it is of.
void CheckEdit(const Json& edit, const std::filesystem::path& results) {
  const Json view = base::ReadJson(results / service::kViewFolder / view::kManifest);
  if (!view.at("view").is_object())
    base::Throw(base::ErrorKind::kInput, "the study was refused: there are no images here to draw on");
  const Json diagnosis = base::ReadJson(results / "diagnosis.json");
  std::size_t voxels = 1;
  for (const Json& size : view.at("view").at("size")) voxels *= size.get<std::size_t>();
  review::ParseEdit(edit, "the edit", voxels, diagnosis.at("classes").get<std::vector<std::string>>());
}

http::Response Conflict(const jobs::ReviewRecord& other) {
  return Answer({{"error", fmt::format("{} has reviewed this study meanwhile", other.reader_name)},
                 {"by", other.reader_name},
                 {"at", other.at},
                 {"decision", jobs::NameOf(other.decision)},
                 {"version", VersionIdOf(other.id)}},
                409);
}

}  // namespace

http::Response AnswerReview(const Call& call, const Study& study, const service::Layout& layout) {
  const Asked asked = AskedIn(BodyOf(call.request));
  const Versions versions = study.versions();
  const auto basis = versions.BasisOf(asked.based_on);
  const std::string before = versions.ResultsOf(asked.based_on);
  if (!basis || before.empty())
    return Error(409, "the study has been analysed anew meanwhile: load it again and look at the new answer");
  if (asked.decision == Decision::kEdit) {
    try {
      CheckEdit(asked.edit, layout.results / before);
    } catch (const base::Error& error) {
      if (error.kind() != base::ErrorKind::kInput) throw;
      return Error(422, error.message());
    }
  }
  jobs::NewReview review;
  review.folder = study.entry().job.folder;
  review.analysis = basis->analysis;
  review.based_on = basis->review;
  review.decision = asked.decision;
  review.reader = call.user().name;
  review.reader_name = call.reader_name();
  review.words = asked.words;
  if (asked.decision == Decision::kEdit) review.asked = Json({{"before", before}, {"edit", asked.edit}}).dump();
  const jobs::AddedReview added = jobs::AddReview(call.database, review);
  if (added.stale) return Error(409, "the study has been analysed anew meanwhile: load it again");
  if (added.conflict) return Conflict(*added.conflict);
  service::Audit(layout.audit, "review",
                 {{"user", call.user().name},
                  {"address", call.caller.address},
                  {"study_uid", study.entry().job.study_uid},
                  {"detail", fmt::format("{} {}, version {} on {}", jobs::NameOf(asked.decision), added.id,
                                         VersionIdOf(added.id), asked.based_on)}});
  return Answer({{"version", VersionIdOf(added.id)}}, 201);
}

}  // namespace parotis::page
