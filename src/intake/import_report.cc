#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "intake/import.h"

namespace parotis::intake {

std::string NameOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kImported: return "imported";
    case Outcome::kRefused: return "refused";
    case Outcome::kSkipped: return "skipped";
    case Outcome::kFailed: return "failed";
  }
  return {};
}

base::Json ReportOf(const std::vector<ImportedStudy>& studies, const ImportOptions& options) {
  base::Json counts = base::Json::object();
  for (const Outcome outcome : {Outcome::kImported, Outcome::kRefused, Outcome::kSkipped, Outcome::kFailed}) {
    counts[NameOf(outcome)] = std::count_if(studies.begin(), studies.end(),
                                            [&](const ImportedStudy& each) { return each.outcome == outcome; });
  }
  base::Json list = base::Json::array();
  for (const ImportedStudy& study : studies) {
    list.push_back({{"case", study.case_id},
                    {"patient", study.patient},
                    {"outcome", NameOf(study.outcome)},
                    {"code", study.code.empty() ? base::Json(nullptr) : base::Json(study.code)},
                    {"sentence", study.sentence.empty() ? base::Json(nullptr) : base::Json(study.sentence)},
                    {"channels", study.channels},
                    {"flags", study.flags}});
    if (!study.alignment.empty()) list.back()["alignment"] = study.alignment;
    if (!study.face.empty()) list.back()["face"] = study.face;
  }
  return {{"dataset", options.name},
          {"identity", options.keep_identity ? "kept" : "pseudonyms"},
          {"counts", std::move(counts)},
          {"studies", std::move(list)}};
}

}  // namespace parotis::intake
