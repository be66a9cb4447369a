// The process that analyses: several studies at a time, one model in memory for all of them. What an analysis is, is
// told by who starts it.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "jobs/analyses.h"
#include "jobs/reviews.h"
#include "service/node_config.h"

namespace parotis::service {

inline constexpr const char* kViewFolder = "view";

// What a reader wants of a study instead of the program's answer.
struct RequestedEdit {
  jobs::ReviewRecord review;
  std::filesystem::path analysis;  // the results of the analysis that it is about
};

struct AnalysisRequest {
  std::filesystem::path study;    // a folder with the study's instances as they were when it was claimed
  std::filesystem::path results;  // to be made and filled
  std::string study_uid, sender;
  ModelEntry model;
  bool is_shown = true;               // people look at it: `results`/kViewFolder is to be filled for the page
  std::optional<RequestedEdit> edit;  // then its objects are wanted, and the model is that of the analysis
};

struct AnalysisAnswer {
  bool refused = false;
  std::string reason, verdict;
  std::vector<jobs::ResultObject> objects;  // DICOM files within `results`
};

// Called from several threads. Throws base::Error: of kind kInput or kRefused, the study is refused with the message;
// of any other kind, or another exception, the attempt has failed and is made again.
using Analyse = std::function<AnalysisAnswer(const AnalysisRequest&)>;

// Until `stop`: no new study is begun then, those under way are ended. Returns the process's exit code.
int RunAnalysis(const NodeConfig& config, const Analyse& analyse, const std::atomic<bool>& stop);

}  // namespace parotis::service
