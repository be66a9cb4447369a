// What became of every tensor, for people and for programs.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "model/transfer.h"

namespace parotis::model {
namespace {

const char* NameOf(TransferOutcome outcome) {
  switch (outcome) {
    case TransferOutcome::kCopied: return "copied";
    case TransferOutcome::kAdapted: return "adapted";
    case TransferOutcome::kFresh: return "fresh";
    case TransferOutcome::kNotUsed: return "not used";
  }
  return "";
}

std::string NamesIn(const TransferReport& report) {
  std::string text = report.project.empty()
                         ? "its names are unknown: the encoder was matched by order and shapes, all else is fresh"
                         : "names of " + report.project;
  if (!report.prefix.empty()) text += fmt::format(", behind \"{}\"", report.prefix);
  if (!report.wrapper.empty()) text += fmt::format(", below the key \"{}\"", report.wrapper);
  return text;
}

// "12 tensors: why (a, b, …)".
std::vector<std::string> UnusedByReason(const TransferReport& report) {
  constexpr std::size_t kShown = 3;
  std::map<std::string, std::vector<std::string>> names;
  for (const TransferRow& row : report.rows) {
    if (row.outcome == TransferOutcome::kNotUsed) names[row.what].push_back(row.from);
  }
  std::vector<std::string> lines;
  for (const auto& [reason, all] : names) {
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, all.size()));
    lines.push_back(fmt::format("not used, {} tensor{}: {} ({}{})", all.size(), all.size() == 1 ? "" : "s", reason,
                                fmt::join(all.begin(), end, ", "), all.size() > kShown ? ", …" : ""));
  }
  return lines;
}

}  // namespace

base::Json ToJson(const TransferReport& report) {
  base::Json rows = base::Json::array();
  for (const TransferRow& row : report.rows)
    rows.push_back({{"tensor", row.tensor}, {"from", row.from}, {"outcome", NameOf(row.outcome)}, {"what", row.what}});
  return {{"file", report.file},
          {"format", report.format},
          {"project", report.project},
          {"prefix", report.prefix},
          {"wrapper", report.wrapper},
          {"difference", report.difference},
          {"copied", report.Count(TransferOutcome::kCopied)},
          {"adapted", report.Count(TransferOutcome::kAdapted)},
          {"fresh", report.Count(TransferOutcome::kFresh)},
          {"not_used", report.Count(TransferOutcome::kNotUsed)},
          {"beside", report.beside},
          {"tensors", rows}};
}

std::vector<std::string> TableOf(const TransferReport& report) {
  std::vector<std::string> lines = {fmt::format("from {} ({}): {}", report.file, report.format, NamesIn(report))};
  if (!report.difference.empty()) lines.push_back("not the same function: " + report.difference);
  std::size_t tensor_width = 0, from_width = 0;
  for (const TransferRow& row : report.rows) {
    if (row.outcome == TransferOutcome::kNotUsed) continue;
    tensor_width = std::max(tensor_width, row.tensor.size());
    from_width = std::max(from_width, row.from.size());
  }
  for (const TransferRow& row : report.rows) {
    if (row.outcome == TransferOutcome::kNotUsed) continue;
    const std::string outcome = NameOf(row.outcome);
    const std::string what = row.what.starts_with(outcome) ? row.what : fmt::format("{}: {}", outcome, row.what);
    lines.push_back(fmt::format("  {:<{}}  {:<{}}  {}", row.tensor, tensor_width, row.from.empty() ? "-" : row.from,
                                from_width, what));
  }
  for (const std::string& line : UnusedByReason(report)) lines.push_back(line);
  for (const std::string& beside : report.beside) lines.push_back("not read, beside the weights: " + beside);
  lines.push_back(fmt::format("{} tensors copied, {} adapted, {} fresh; {} of the file not used",
                              report.Count(TransferOutcome::kCopied), report.Count(TransferOutcome::kAdapted),
                              report.Count(TransferOutcome::kFresh), report.Count(TransferOutcome::kNotUsed)));
  return lines;
}

}  // namespace parotis::model
