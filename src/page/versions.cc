#include "page/versions.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/number.h"

namespace parotis::page {
namespace {

constexpr std::string_view kAnalysis = "analysis";

bool IsDone(const jobs::ReviewRecord& review) {
  return review.decision == jobs::Decision::kEdit && !review.results.empty();
}

// Of the work that an edit is: delivered or not, its objects are there.
std::string StateOf(const jobs::ReviewRecord& review) {
  if (review.state == "sending" || review.state == "done") return "done";
  if (review.state == "ready") return "waiting";
  if (review.state == "refused" || review.state == "failed") return review.results.empty() ? "failed" : "done";
  return review.state;
}

}  // namespace

std::string VersionIdOf(std::int64_t review) { return std::to_string(review); }

std::string Versions::IdOfAnalysis() const {
  // The results' folder is named STUDY-JOB-CLAIM.
  const std::size_t dash = analysis_.results.find('-');
  return dash == std::string::npos ? std::string(kAnalysis) : std::string(kAnalysis) + analysis_.results.substr(dash);
}

const jobs::ReviewRecord* Versions::Find(const std::string& id) const {
  const auto number = base::NumberFrom<std::int64_t>(id);
  if (!number) return nullptr;
  const auto found = std::find_if(reviews_.begin(), reviews_.end(),
                                  [&](const jobs::ReviewRecord& review) { return review.id == *number; });
  return found == reviews_.end() ? nullptr : &*found;
}

bool Versions::Exists(const std::string& id) const { return id == IdOfAnalysis() || Find(id) != nullptr; }

std::string Versions::Current() const {
  for (auto review = reviews_.rbegin(); review != reviews_.rend(); ++review) {
    if (!review->superseded && IsDone(*review)) return VersionIdOf(review->id);
  }
  return IdOfAnalysis();
}

std::string Versions::ResultsOf(const std::string& id) const {
  const jobs::ReviewRecord* review = Find(id);
  if (review == nullptr) return id == IdOfAnalysis() ? analysis_.results : "";
  if (review->decision == jobs::Decision::kEdit) return review->results;
  return review->based_on == 0 ? review->analysis : ResultsOf(VersionIdOf(review->based_on));
}

std::optional<Versions::Basis> Versions::BasisOf(const std::string& id) const {
  if (analysis_.results.empty()) return std::nullopt;
  if (id == IdOfAnalysis()) return Basis{analysis_.results, 0};
  const jobs::ReviewRecord* review = Find(id);
  if (review == nullptr || review->superseded) return std::nullopt;
  return Basis{review->analysis, review->id};
}

const jobs::ReviewRecord* Versions::Latest() const {
  for (auto review = reviews_.rbegin(); review != reviews_.rend(); ++review) {
    if (!review->superseded) return &*review;
  }
  return nullptr;
}

base::Json Versions::ToJson(const std::string& model) const {
  base::Json versions = base::Json::array();
  versions.push_back({{"id", IdOfAnalysis()},
                      {"kind", "analysis"},
                      {"at", analysis_.analysed},
                      {"by", model},
                      {"reason", ""},
                      {"state", analysis_.results.empty() ? "waiting" : "done"},
                      {"problem", ""},
                      {"superseded", false}});
  for (const jobs::ReviewRecord& review : reviews_) {
    versions.push_back({{"id", VersionIdOf(review.id)},
                        {"kind", jobs::NameOf(review.decision)},
                        {"at", review.at},
                        {"by", review.reader_name},
                        {"reason", review.words},
                        {"based_on", review.based_on == 0 ? IdOfAnalysis() : VersionIdOf(review.based_on)},
                        {"state", StateOf(review)},
                        {"problem", StateOf(review) == "failed" ? review.reason : ""},
                        {"superseded", review.superseded}});
  }
  return versions;
}

}  // namespace parotis::page
