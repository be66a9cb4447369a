#include "page/worklist.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"

namespace parotis::page {
namespace {

using base::Json;

constexpr int kFewest = 1, kMost = 500, kUsual = 50;

struct Row {
  const jobs::WorklistEntry* entry = nullptr;
  const jobs::ReviewRecord* review = nullptr;
  PatientFacts patient;
  AnswerFacts answer;
};

struct Wanted {
  std::vector<std::string> words;
  std::set<std::string> states, classes, reviews;
  double least = 0, greatest = 1;
  bool has_probability = false;
  std::string sort;
  bool is_descending = false;
  std::size_t limit = kUsual, offset = 0;
};

double NumberIn(const http::Request& request, const char* key, double otherwise) {
  const std::string text = request.Query(key);
  if (text.empty()) return otherwise;
  const auto number = base::FiniteNumberFrom(text);
  if (!number) base::Throw(base::ErrorKind::kInput, fmt::format("{} must be a number", key));
  return *number;
}

std::set<std::string> ListIn(const http::Request& request, const char* key) {
  std::set<std::string> list;
  const std::string text = request.Query(key);
  for (const std::string_view part : base::PartsOf(text, ',')) {
    if (!part.empty()) list.emplace(part);
  }
  return list;
}

Wanted WantedIn(const http::Request& request) {
  Wanted wanted;
  const std::string search = base::AsciiLower(request.Query("search"));
  for (const std::string_view word : base::PartsOf(search, ' ')) {
    if (!word.empty()) wanted.words.emplace_back(word);
  }
  wanted.states = ListIn(request, "state");
  wanted.classes = ListIn(request, "class");
  wanted.reviews = ListIn(request, "review");
  wanted.has_probability = !request.Query("probability_min").empty() || !request.Query("probability_max").empty();
  wanted.least = NumberIn(request, "probability_min", 0);
  wanted.greatest = NumberIn(request, "probability_max", 1);
  wanted.sort = request.Query("sort");
  wanted.is_descending = request.Query("descending") == "1";
  wanted.limit = static_cast<std::size_t>(std::clamp<double>(NumberIn(request, "limit", kUsual), kFewest, kMost));
  wanted.offset = static_cast<std::size_t>(std::clamp<double>(NumberIn(request, "offset", 0), 0, 1e9));
  return wanted;
}

// "accepted": what is filtered by.
std::string StandingOf(const jobs::ReviewRecord* review) {
  if (review == nullptr) return "open";
  switch (review->decision) {
    case jobs::Decision::kAccept: return "accepted";
    case jobs::Decision::kEdit: return "edited";
    case jobs::Decision::kReject: return "rejected";
  }
  return "open";
}

bool Fits(const Row& row, const Wanted& wanted) {
  const auto among = [](const std::set<std::string>& list, const std::string& value) {
    return list.empty() || list.contains(value);
  };
  const std::string& verdict = row.answer.verdict;
  if (!among(wanted.states, row.entry->job.state) || !among(wanted.reviews, StandingOf(row.review))) return false;
  if (!among(wanted.classes, verdict == "class" ? row.answer.class_name : verdict)) return false;
  if (wanted.has_probability) {
    const double probability = row.answer.probability.value_or(-1);
    if (probability < wanted.least || probability > wanted.greatest) return false;
  }
  if (wanted.words.empty()) return true;
  const PatientFacts& patient = row.patient;
  const std::string text = base::AsciiLower(
      fmt::format("{}\n{}\n{}\n{}", patient.name, patient.id, patient.accession_number, patient.description));
  return std::all_of(wanted.words.begin(), wanted.words.end(),
                     [&](const std::string& word) { return text.find(word) != std::string::npos; });
}

void Sort(std::vector<Row>& rows, const Wanted& wanted) {
  const auto by = [&](const auto& value) {
    std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
      return wanted.is_descending ? value(b) < value(a) : value(a) < value(b);
    });
  };
  if (wanted.sort == "name") by([](const Row& row) { return base::AsciiLower(row.patient.name); });
  if (wanted.sort == "date") by([](const Row& row) { return row.patient.date; });
  if (wanted.sort == "state") by([](const Row& row) { return row.entry->job.state; });
  if (wanted.sort == "probability") by([](const Row& row) { return row.answer.probability.value_or(-1); });
  if (wanted.sort == "arrived" && !wanted.is_descending) std::reverse(rows.begin(), rows.end());
}

PatientFacts PatientOf(const jobs::WorklistEntry& entry, const service::Layout& layout, Facts& facts) {
  return entry.image.empty() ? PatientFacts() : facts.OfImage(layout.studies / entry.job.folder / entry.image);
}

AnswerFacts AnswerOf(const jobs::WorklistEntry& entry, const service::Layout& layout, Facts& facts) {
  if (entry.job.results.empty()) return {};
  return facts.OfResults(layout.results / entry.job.results).value_or(AnswerFacts());
}

Json ToJson(const Row& row, double now) {
  const jobs::JobRecord& job = row.entry->job;
  const PatientFacts& patient = row.patient;
  const AnswerFacts& answer = row.answer;
  Json json = {{"id", job.folder},
               {"patient",
                {{"name", patient.name}, {"id", patient.id}, {"birth_date", patient.birth_date}, {"sex", patient.sex}}},
               {"date", patient.date},
               {"description", patient.description},
               {"accession_number", patient.accession_number},
               {"state", job.state},
               {"reason", job.reason},
               {"instances", job.instances},
               {"arrived", job.last_arrival},
               {"ended", job.ended},
               {"running_s", job.state == "running" ? std::max(0.0, now - job.started) : 0},
               {"verdict", answer.verdict.empty() && job.state == "refused" ? "refused" : answer.verdict},
               {"class", answer.class_name},
               {"probability", answer.probability ? Json(*answer.probability) : Json()},
               {"class_probabilities", answer.class_probabilities},
               {"tumour_probability", answer.tumour_probability},
               {"lesions", answer.lesions},
               {"flags", answer.flags},
               {"model", job.model},
               {"review", nullptr}};
  if (row.review != nullptr)
    json["review"] = {
        {"decision", jobs::NameOf(row.review->decision)}, {"reader", row.review->reader_name}, {"at", row.review->at}};
  return json;
}

}  // namespace

Json RowOf(const jobs::WorklistEntry& entry, const jobs::ReviewRecord* review, const service::Layout& layout,
           Facts& facts, double now) {
  return ToJson({&entry, review, PatientOf(entry, layout, facts), AnswerOf(entry, layout, facts)}, now);
}

http::Response AnswerWorklist(const Call& call, const service::Layout& layout, Facts& facts) {
  const Wanted wanted = WantedIn(call.request);
  const std::vector<jobs::WorklistEntry> entries = jobs::Worklist(call.database);
  const std::map<std::string, jobs::ReviewRecord> reviews = jobs::LatestReviews(call.database);
  const double now = jobs::Transact(call.database, [&] { return call.database.Now(); });
  std::vector<Row> rows;
  for (const jobs::WorklistEntry& entry : entries) {
    const auto review = reviews.find(entry.job.folder);
    Row row{&entry, review == reviews.end() ? nullptr : &review->second, PatientOf(entry, layout, facts),
            AnswerOf(entry, layout, facts)};
    if (Fits(row, wanted)) rows.push_back(std::move(row));
  }
  Sort(rows, wanted);
  Json studies = Json::array();
  for (std::size_t i = wanted.offset; i < std::min(rows.size(), wanted.offset + wanted.limit); ++i)
    studies.push_back(ToJson(rows[i], now));
  return AnswerOnce(
      call.request,
      {{"total", rows.size()}, {"counts", jobs::CountJobs(call.database)}, {"studies", std::move(studies)}});
}

}  // namespace parotis::page
