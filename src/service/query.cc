#include "service/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "service/match.h"

namespace parotis::service {
namespace {

using base::Json;

constexpr int kMostStudies = 10'000;
constexpr int kMostAnswers = 5000;

struct Asked {
  std::vector<std::pair<std::string, std::string>> matches;  // tag, pattern
  int limit = kMostAnswers, offset = 0;
};

int NumberIn(const std::string& key, const std::string& value) {
  const std::optional<int> number = base::NumberFrom<int>(value);
  if (!number || *number < 0) base::Throw(base::ErrorKind::kInput, fmt::format("{} must be a whole number", key));
  return *number;
}

Asked AskedIn(const http::Request& request) {
  Asked asked;
  for (const auto& [key, value] : request.query) {
    if (key == "limit") {
      asked.limit = std::min(NumberIn(key, value), kMostAnswers);
    } else if (key == "offset") {
      asked.offset = NumberIn(key, value);
    } else if (key != "includefield" && key != "fuzzymatching") {
      const std::optional<std::string> tag = TagOfKey(key);
      if (!tag)
        base::Throw(base::ErrorKind::kInput, fmt::format("\"{}\" is no attribute that can be asked for here", key));
      if (!value.empty()) asked.matches.emplace_back(*tag, value);
    }
  }
  return asked;
}

// What one answer is made of: the header of one of its files, and what is counted.
struct Group {
  std::vector<const jobs::InstanceRecord*> instances;
  std::set<std::string> series;
};

std::string KeyOf(const jobs::InstanceRecord& instance, const std::string& level) {
  std::string key = instance.study_uid;
  if (level != "studies") key += "\n" + instance.series_uid;
  if (level == "instances") key += "\n" + instance.sop_instance_uid;
  return key;
}

std::string UrlOf(const http::Request& request, const jobs::InstanceRecord& instance, const std::string& level) {
  const std::string host = request.Header("host");
  std::string url = fmt::format("{}/dicom-web/studies/{}", host.empty() ? "" : "//" + host, instance.study_uid);
  if (level != "studies") url += "/series/" + instance.series_uid;
  if (level == "instances") url += "/instances/" + instance.sop_instance_uid;
  return url;
}

Json ModalitiesOf(const Group& group, const Layout& layout, HeadersCache& headers) {
  std::set<std::string> seen, modalities;
  for (const jobs::InstanceRecord* instance : group.instances) {
    if (!seen.insert(instance->series_uid).second) continue;
    const Json header = headers.Of(PathOf(layout, *instance));
    for (const std::string& value : ValuesOf(header, "00080060")) modalities.insert(value);
  }
  return {{"vr", "CS"}, {"Value", std::vector<std::string>(modalities.begin(), modalities.end())}};
}

void Keep(Json& answer, const std::string& level) {
  static const std::set<std::string> kOfStudy = {
      "00080005", "00080020", "00080030", "00080050", "00080061", "00080090", "00080201", "00081030", "00100010",
      "00100020", "00100030", "00100040", "0020000D", "00200010", "00201206", "00201208", "00080056", "00081190"};
  static const std::set<std::string> kOfInstance = {"00080016", "00080018", "00200013", "00280008",
                                                    "00280010", "00280011", "00280100"};
  std::vector<std::string> dropped;
  for (const auto& [tag, value] : answer.items()) {
    const bool keep = level == "studies" ? kOfStudy.contains(tag) : level == "instances" || !kOfInstance.contains(tag);
    if (!keep) dropped.push_back(tag);
  }
  for (const std::string& tag : dropped) answer.erase(tag);
}

Json AnswerFor(const http::Request& request, const Group& group, const std::string& level, const Layout& layout,
               HeadersCache& headers) {
  const jobs::InstanceRecord& first = *group.instances[0];
  Json answer = headers.Of(PathOf(layout, first));
  answer["00080056"] = Attribute("CS", "ONLINE");
  answer["00081190"] = Attribute("UR", UrlOf(request, first, level));
  if (level == "studies") {
    answer["00080061"] = ModalitiesOf(group, layout, headers);
    answer["00201206"] = Attribute("IS", group.series.size());
    answer["00201208"] = Attribute("IS", group.instances.size());
  } else if (level == "series") {
    answer["00201209"] = Attribute("IS", group.instances.size());
  }
  Keep(answer, level);
  // In the order of the tags (PS3.18 F.2.2).
  std::map<std::string, Json> ordered;
  for (const auto& [tag, value] : answer.items()) ordered[tag] = value;
  return Json(ordered);
}

std::vector<std::string> StudiesToLookAt(jobs::Database& database, const QueryTarget& target, const Asked& asked) {
  if (!target.within.study_uid.empty()) return {target.within.study_uid};
  for (const auto& [tag, pattern] : asked.matches) {
    if (tag == "0020000D") return SplitUids(pattern);
  }
  return jobs::ListStudies(database, kMostStudies, 0);
}

}  // namespace

http::Response AnswerQuery(const http::Request& request, jobs::Database& database, const Layout& layout,
                           HeadersCache& headers, const QueryTarget& target) {
  const Asked asked = AskedIn(request);
  Json answers = Json::array();
  int matched = 0;
  for (const std::string& study : StudiesToLookAt(database, target, asked)) {
    if (static_cast<int>(answers.size()) >= asked.limit) break;
    const std::vector<jobs::InstanceRecord> instances =
        jobs::ListInstances(database, {study, target.within.series_uid, ""});
    std::map<std::string, Group> groups;
    for (const jobs::InstanceRecord& instance : instances) {
      Group& group = groups[KeyOf(instance, target.level)];
      group.instances.push_back(&instance);
      group.series.insert(instance.series_uid);
    }
    for (const auto& [key, group] : groups) {
      const Json answer = AnswerFor(request, group, target.level, layout, headers);
      const bool fits = std::all_of(asked.matches.begin(), asked.matches.end(),
                                    [&](const auto& match) { return Matches(answer, match.first, match.second); });
      if (!fits || matched++ < asked.offset || static_cast<int>(answers.size()) >= asked.limit) continue;
      answers.push_back(answer);
    }
  }
  if (answers.empty()) return {.status = 204, .headers = {}, .body = {}};
  return http::JsonText(200, answers.dump(-1, ' ', false, Json::error_handler_t::replace), "application/dicom+json");
}

}  // namespace parotis::service
