// What readers say about a study: that they accept the program's answer, reject it, or another answer. A review is kept
// for good beside what it is about, and never changed. An edit has work to it, its DICOM objects: that is a job like an
// analysis, claimed, tried again and delivered as they are.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "jobs/database.h"

namespace parotis::jobs {

enum class Decision { kAccept, kEdit, kReject };
std::string NameOf(Decision decision);  // "accept", "edit", "reject"
std::optional<Decision> DecisionNamed(const std::string& name);

struct NewReview {
  std::string folder;         // of the study
  std::string analysis;       // the results that were on the screen
  std::int64_t based_on = 0;  // the last review that the reader had seen of them; 0: none
  Decision decision = Decision::kAccept;
  std::string reader, reader_name;
  std::string words;  // why
  std::string asked;  // of an edit: what is to be made of it, for who makes it
};

struct ReviewRecord {
  std::int64_t id = 0;
  std::string study_folder, analysis;
  std::int64_t based_on = 0;
  Decision decision = Decision::kAccept;
  std::string reader, reader_name, words, asked;
  double at = 0;
  // Of an edit's job: "ready", "running", "sending", "done", "refused", "failed", its reason and its results' folder.
  // Of others "done".
  std::string state, reason, verdict, results;
  std::int64_t job = 0;     // 0: none
  bool superseded = false;  // the analysis has since been made anew
};

struct AddedReview {
  std::int64_t id = 0;                                  // 0: was not added, because
  std::optional<ReviewRecord> conflict = std::nullopt;  // somebody has reviewed since
  bool stale = false;                                   // or the analysis has been made anew
};

// A later review conflicts when it is another reader's or an edit. Throws kUsage when there is no such study or it has
// no answer yet.
AddedReview AddReview(Database& database, const NewReview& review);

// Within a transaction.
std::optional<ReviewRecord> FindReview(Database& database, std::int64_t id);
// In their order.
std::vector<ReviewRecord> ReviewsOf(Database& database, const std::string& study_folder);
// The last one of every study's present analysis, by the study's folder.
std::map<std::string, ReviewRecord> LatestReviews(Database& database);

}  // namespace parotis::jobs
