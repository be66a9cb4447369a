#include "dataset/participants.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "base/error.h"
#include "base/files.h"

namespace parotis::dataset {
namespace {

using base::ErrorKind;
using base::Throw;

constexpr std::string_view kMissing = "n/a";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 28;
constexpr const char* kPatientColumn = "participant_id";
constexpr const char* kCaseColumn = "case_id";
constexpr const char* kDiagnosisColumn = "diagnosis";

bool HasControlCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::vector<std::string> SplitAt(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// Cells of one line; `where` names file and line.
std::vector<std::string> ReadCells(std::string_view line, const std::string& where) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string> cells = SplitAt(line, '\t');
  for (std::string& cell : cells) {
    if (HasControlCharacter(cell))
      Throw(ErrorKind::kInput, where + ": a control character; save the table as plain text");
    if (cell == kMissing) cell.clear();
  }
  return cells;
}

void CheckHeader(const std::vector<std::string>& header, const std::string& where) {
  for (const char* required : {kPatientColumn, kCaseColumn, kDiagnosisColumn}) {
    if (std::find(header.begin(), header.end(), required) == header.end()) {
      Throw(ErrorKind::kInput,
            fmt::format("{}: the column {} is missing; columns are separated by tabs", where, required));
    }
  }
  const std::set<std::string> distinct(header.begin(), header.end());
  if (distinct.size() != header.size() || distinct.contains("")) {
    Throw(ErrorKind::kInput,
          where + ": every column needs a name of its own; rename or remove the repeated or empty ones");
  }
}

Participant ReadRow(const std::vector<std::string>& header, const std::vector<std::string>& cells,
                    const std::string& where) {
  if (cells.size() != header.size()) {
    Throw(ErrorKind::kInput, fmt::format("{}: {} cells where the header has {}; write n/a for a missing value", where,
                                         cells.size(), header.size()));
  }
  Participant participant;
  for (std::size_t column = 0; column < header.size(); ++column) {
    if (header[column] == kPatientColumn)
      participant.patient_id = cells[column];
    else if (header[column] == kCaseColumn)
      participant.case_id = cells[column];
    else if (header[column] == kDiagnosisColumn)
      participant.diagnosis = cells[column];
    else
      participant.columns[header[column]] = cells[column];
  }
  if (participant.patient_id.empty() || participant.case_id.empty()) {
    Throw(ErrorKind::kInput, where + ": participant_id and case_id must not be missing; fill them in");
  }
  return participant;
}

std::string CellOf(const std::string& value, const std::string& column, const std::string& case_id) {
  if (HasControlCharacter(value)) {
    Throw(ErrorKind::kInput,
          fmt::format("case {}: the value of {} holds a tab, a line break or another control character; remove it",
                      case_id, column));
  }
  return value.empty() ? std::string(kMissing) : value;
}

std::string ValueOf(const Participant& participant, const std::string& column) {
  if (column == kPatientColumn) return participant.patient_id;
  if (column == kCaseColumn) return participant.case_id;
  if (column == kDiagnosisColumn) return participant.diagnosis;
  const auto found = participant.columns.find(column);
  return found == participant.columns.end() ? "" : found->second;
}

}  // namespace

std::vector<Participant> ReadParticipants(const std::filesystem::path& path) {
  const std::string content = base::ReadFile(path, kMaxBytes);
  std::string_view text = content;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const std::vector<std::string> lines = SplitAt(text, '\n');
  const auto where = [&](std::size_t line) { return fmt::format("{}, line {}", path.string(), line + 1); };
  const std::vector<std::string> header = ReadCells(lines[0], where(0));
  CheckHeader(header, where(0));
  std::vector<Participant> participants;
  std::set<std::string> case_ids;
  for (std::size_t line = 1; line < lines.size(); ++line) {
    const bool is_blank = lines[line].empty() || lines[line] == "\r";
    if (is_blank && line + 1 == lines.size()) break;
    participants.push_back(ReadRow(header, ReadCells(lines[line], where(line)), where(line)));
    if (!case_ids.insert(participants.back().case_id).second) {
      Throw(ErrorKind::kInput, fmt::format("{}: the case {} stands twice; keep one row per case", where(line),
                                           participants.back().case_id));
    }
  }
  return participants;
}

void WriteParticipants(const std::filesystem::path& path, const std::vector<Participant>& participants) {
  std::set<std::string> others;
  for (const Participant& participant : participants) {
    for (const auto& [column, value] : participant.columns) others.insert(column);
  }
  std::vector<std::string> header = {kPatientColumn, kCaseColumn, kDiagnosisColumn};
  for (const std::string& column : others) {
    if (column.empty() || HasControlCharacter(column) || column == kPatientColumn || column == kCaseColumn ||
        column == kDiagnosisColumn) {
      Throw(ErrorKind::kInput, fmt::format("{}: \"{}\" cannot be the name of a further column", path.string(), column));
    }
    header.push_back(column);
  }
  std::string text = fmt::format("{}\n", fmt::join(header, "\t"));
  for (const Participant& participant : participants) {
    std::vector<std::string> cells;
    for (const std::string& column : header)
      cells.push_back(CellOf(ValueOf(participant, column), column, participant.case_id));
    text += fmt::format("{}\n", fmt::join(cells, "\t"));
  }
  base::WriteFile(path, text);
}

}  // namespace parotis::dataset
