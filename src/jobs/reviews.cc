#include "jobs/reviews.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "jobs/claims.h"

namespace parotis::jobs {
namespace {

constexpr std::array kDecisions = {"accept", "edit", "reject"};

// What an edit asked for may be megabytes: only who carries it out reads it.
enum class With { kAll, kAllButAsked };

const std::string kFirstColumns =
    "r.id, s.folder, r.analysis, r.based_on, r.decision, r.reader, r.reader_name, r.words, ";
const std::string kOtherColumns =
    ", r.at, "
    "COALESCE(j.state, 'done'), COALESCE(j.reason, ''), COALESCE(j.verdict, ''), COALESCE(j.results, ''), "
    "COALESCE(j.id, 0), CASE WHEN a.results = r.analysis THEN 0 ELSE 1 END "
    "FROM reviews r JOIN studies s ON s.id = r.study LEFT JOIN jobs j ON j.study = r.study AND j.shadow = '" +
    std::string(kReviewJob) +
    "' || r.id "
    "LEFT JOIN jobs a ON a.study = r.study AND a.shadow = ''";

ReviewRecord RecordOf(const Row& row) {
  ReviewRecord review;
  review.id = Integer(row[0]);
  review.study_folder = row[1], review.analysis = row[2];
  review.based_on = Integer(row[3]);
  review.decision = DecisionNamed(row[4]).value_or(Decision::kAccept);
  review.reader = row[5], review.reader_name = row[6], review.words = row[7], review.asked = row[8];
  review.at = Real(row[9]);
  review.state = row[10], review.reason = row[11], review.verdict = row[12], review.results = row[13];
  review.job = Integer(row[14]);
  review.superseded = row[15] == "1";
  return review;
}

std::vector<ReviewRecord> Select(Database& database, const std::string& where, const std::vector<std::string>& values,
                                 With with = With::kAllButAsked) {
  std::vector<ReviewRecord> reviews;
  const std::string asked = with == With::kAll ? "r.asked" : "''";
  for (const Row& row : database.Run(
           fmt::format("SELECT {}{}{} WHERE {} ORDER BY r.id", kFirstColumns, asked, kOtherColumns, where), values))
    reviews.push_back(RecordOf(row));
  return reviews;
}

std::optional<ReviewRecord> ConflictOf(Database& database, const NewReview& review, const std::string& study) {
  const std::vector<ReviewRecord> later = Select(database, "r.study = $1 AND r.analysis = $2 AND r.id > $3",
                                                 {study, review.analysis, std::to_string(review.based_on)});
  for (const ReviewRecord& each : later) {
    // One that was made and could not be delivered is there.
    const bool came_to_nothing = (each.state == "failed" || each.state == "refused") && each.results.empty();
    if (!came_to_nothing && (each.reader != review.reader || each.decision == Decision::kEdit)) return each;
  }
  return std::nullopt;
}

void AddJob(Database& database, const std::string& study, const std::string& review) {
  database.Run(
      "INSERT INTO jobs (study, shadow, model, state, ready) SELECT study, $2, model, 'ready', $3 FROM jobs "
      "WHERE study = $1 AND shadow = ''",
      {study, kReviewJob + review, SqlText(database.Now())});
}

}  // namespace

std::string NameOf(Decision decision) { return kDecisions.at(static_cast<std::size_t>(decision)); }

std::optional<Decision> DecisionNamed(const std::string& name) {
  const auto* const found = std::find(kDecisions.begin(), kDecisions.end(), name);
  if (found == kDecisions.end()) return std::nullopt;
  return static_cast<Decision>(found - kDecisions.begin());
}

AddedReview AddReview(Database& database, const NewReview& review) {
  return Transact(database, [&]() -> AddedReview {
    // The row is written first, so that of two readers at once one sees the other's review.
    const std::vector<Row> rows = database.Run(
        "UPDATE jobs SET model = model WHERE shadow = '' AND study = (SELECT id FROM studies WHERE folder = $1 AND "
        "removed = 0) RETURNING study, state, results",
        {review.folder});
    if (rows.empty()) base::Throw(base::ErrorKind::kUsage, "there is no such study here");
    const std::string &study = rows[0][0], &results = rows[0][2];
    if (results.empty())
      base::Throw(base::ErrorKind::kUsage,
                  fmt::format("the study is {} and has no answer that could be reviewed", rows[0][1]));
    if (results != review.analysis) return {.stale = true};
    if (auto conflict = ConflictOf(database, review, study)) return {.conflict = std::move(conflict)};
    const std::string id =
        database
            .Run(
                "INSERT INTO reviews (study, analysis, based_on, decision, reader, reader_name, words, asked, at) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
                {study, review.analysis, std::to_string(review.based_on), NameOf(review.decision), review.reader,
                 review.reader_name, review.words, review.asked, SqlText(database.Now())})
            .at(0)
            .at(0);
    if (review.decision == Decision::kEdit) AddJob(database, study, id);
    return {.id = Integer(id)};
  });
}

std::optional<ReviewRecord> FindReview(Database& database, std::int64_t id) {
  std::vector<ReviewRecord> found = Select(database, "r.id = $1", {std::to_string(id)}, With::kAll);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<ReviewRecord> ReviewsOf(Database& database, const std::string& study_folder) {
  return Transact(database, [&] { return Select(database, "s.folder = $1", {study_folder}); });
}

std::map<std::string, ReviewRecord> LatestReviews(Database& database) {
  return Transact(database, [&] {
    std::map<std::string, ReviewRecord> latest;
    for (ReviewRecord& review : Select(
             database, "r.id IN (SELECT MAX(id) FROM reviews GROUP BY study, analysis) AND a.results = r.analysis", {}))
      latest[review.study_folder] = std::move(review);
    return latest;
  });
}

}  // namespace parotis::jobs
