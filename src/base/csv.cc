#include "base/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"

namespace parotis::base {
namespace {

constexpr std::size_t kMostCells = std::size_t{1} << 23;  // an empty cell takes far more memory than its byte
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

// Code points of the bytes 0x80 to 0x9F in Windows-1252 (unicode.org, MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT);
// 0: none. Above them the code point is the byte.
constexpr std::array<char16_t, 32> kWindows1252 = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                   0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

[[noreturn]] void Refuse(const std::string& name, std::size_t line, const std::string& fact) {
  Throw(ErrorKind::kInput, fmt::format("{}, line {}: {}; correct the table", name, line, fact));
}

// How many bytes the UTF-8 character at the start of `text` has; 0 when it is none (RFC 3629).
std::size_t Utf8Length(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const std::size_t length = byte(0) < 0x80                      ? 1
                             : byte(0) >= 0xC2 && byte(0) < 0xE0 ? 2
                             : byte(0) >= 0xE0 && byte(0) < 0xF0 ? 3
                             : byte(0) >= 0xF0 && byte(0) < 0xF5 ? 4
                                                                 : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xC0U) != 0x80) return 0;
  }
  const bool overlong = (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xF0 && byte(1) < 0x90);
  const bool beyond = (byte(0) == 0xED && byte(1) >= 0xA0) || (byte(0) == 0xF4 && byte(1) >= 0x90);
  return overlong || beyond ? 0 : length;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string Utf8FromWindows1252(std::string_view text, const std::string& name) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const char16_t point = byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80U] : char16_t{byte};
    if (point == 0 && byte != 0)
      Throw(ErrorKind::kInput, fmt::format("{} is neither UTF-8 nor Windows-1252; save the table as UTF-8", name));
    if (point < 0x80) {
      out += static_cast<char>(point);
    } else if (point < 0x800) {
      out += static_cast<char>(0xC0U | point >> 6U);
      out += static_cast<char>(0x80U | (point & 0x3FU));
    } else {
      out += static_cast<char>(0xE0U | point >> 12U);
      out += static_cast<char>(0x80U | (point >> 6U & 0x3FU));
      out += static_cast<char>(0x80U | (point & 0x3FU));
    }
  }
  return out;
}

class RowReader {
 public:
  RowReader(std::string_view text, std::size_t first_line, char separator, const std::string& name)
      : text_(text), line_(first_line), separator_(separator), name_(name) {}

  std::vector<CsvRow> ReadAll() {
    std::vector<CsvRow> rows;
    while (at_ < text_.size()) {
      CsvRow row = ReadRow();
      if (row.cells.size() > 1 || !row.cells.front().empty()) rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  bool AtEnd() const { return at_ >= text_.size(); }
  bool AtLineEnd() const { return AtEnd() || text_[at_] == '\n' || text_[at_] == '\r'; }

  CsvRow ReadRow() {
    CsvRow row{line_, {}};
    row.cells.push_back(ReadCell());
    while (!AtEnd() && text_[at_] == separator_) {
      ++at_;
      row.cells.push_back(ReadCell());
    }
    SkipLineEnd();
    return row;
  }

  void SkipLineEnd() {
    if (AtEnd()) return;
    at_ += text_.substr(at_).starts_with("\r\n") ? 2 : 1;
    ++line_;
  }

  std::string ReadCell() {
    if (++cells_ > kMostCells) Refuse(name_, line_, fmt::format("more than {} cells", kMostCells));
    std::size_t quote = at_;
    while (quote < text_.size() && text_[quote] == ' ') ++quote;
    if (quote < text_.size() && text_[quote] == '"') {
      at_ = quote + 1;
      return ReadQuoted();
    }
    const std::size_t start = at_;
    while (!AtLineEnd() && text_[at_] != separator_) {
      if (text_[at_] == '"') Refuse(name_, line_, "a quote stands within a cell that does not begin with one");
      CheckCharacter(text_[at_]);
      ++at_;
    }
    return std::string(Trimmed(text_.substr(start, at_ - start), " "));
  }

  std::string ReadQuoted() {
    const std::size_t opened = line_;
    std::string cell;
    while (true) {
      if (AtEnd()) Refuse(name_, opened, "a quote is never closed");
      const char c = text_[at_++];
      if (c == '"') {
        if (AtEnd() || text_[at_] != '"') break;
        ++at_;
      }
      if (c == '\n') ++line_;
      if (c != '\n' && c != '\r') CheckCharacter(c);
      cell += c;
    }
    while (!AtEnd() && text_[at_] == ' ') ++at_;
    if (!AtLineEnd() && text_[at_] != separator_) Refuse(name_, line_, "text follows a closing quote");
    return std::string(Trimmed(cell, " "));
  }

  void CheckCharacter(char c) const {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t') || byte == 0x7F)
      Refuse(name_, line_, fmt::format("a control character (0x{:02x})", byte));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_;
  std::size_t cells_ = 0;
  char separator_;
  const std::string& name_;
};

std::string DecodedText(std::string_view text, CsvTable& table, const std::string& name) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    Throw(ErrorKind::kInput, fmt::format("{} is written in UTF-16; save the table as UTF-8", name));
  if (text.starts_with(kUtf8Mark)) text.remove_prefix(kUtf8Mark.size());
  const bool utf8 = IsUtf8(text);
  table.encoding = utf8 ? "UTF-8" : "Windows-1252";
  return utf8 ? std::string(text) : Utf8FromWindows1252(text, name);
}

bool IsRegular(const std::vector<CsvRow>& rows) {
  return std::all_of(rows.begin(), rows.end(),
                     [&](const CsvRow& row) { return row.cells.size() == rows.front().cells.size(); });
}

// Rows cut at the separator that makes the most regular columns; when none makes the rows regular, at that which cuts
// the header most, so that the error names the row that differs.
std::vector<CsvRow> ReadWithLikeliestSeparator(std::string_view text, char& separator, const std::string& name) {
  std::vector<CsvRow> best;
  std::pair<bool, std::size_t> best_score;
  std::optional<Error> first_error;
  for (const char candidate : {',', ';', '\t'}) {
    try {
      std::vector<CsvRow> rows = RowReader(text, 1, candidate, name).ReadAll();
      if (rows.empty()) continue;
      const std::size_t columns = rows.front().cells.size();
      const std::pair<bool, std::size_t> score{columns > 1 && IsRegular(rows), columns};
      if (!best.empty() && score <= best_score) continue;
      best = std::move(rows);
      best_score = score;
      separator = candidate;
    } catch (const Error& error) {
      if (!first_error) first_error = error;
    }
  }
  if (best.empty() && first_error) throw Error(*first_error);
  return best;
}

void CheckTable(const CsvTable& table, std::size_t header_line, const std::string& name) {
  std::set<std::string> names;
  for (const std::string& column : table.header) {
    if (column.empty()) Refuse(name, header_line, "a column has no name");
    if (!names.insert(column).second) Refuse(name, header_line, fmt::format("the column {} stands twice", column));
  }
  for (const CsvRow& row : table.rows) {
    if (row.cells.size() != table.header.size())
      Refuse(name, row.line, fmt::format("{} cells where the header has {}", row.cells.size(), table.header.size()));
  }
}

}  // namespace

std::optional<std::size_t> CsvTable::ColumnNamed(std::string_view name) const {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header.begin());
}

CsvTable ParseCsv(std::string_view text, const std::string& name) {
  CsvTable table;
  const std::string decoded = DecodedText(text, table, name);
  std::string_view rest = decoded;
  std::vector<CsvRow> rows;
  if (rest.starts_with("sep=") && rest.size() > 4) {
    table.separator = rest[4];
    const std::size_t end = rest.find('\n');
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    rows = RowReader(rest, 2, table.separator, name).ReadAll();
  } else {
    rows = ReadWithLikeliestSeparator(rest, table.separator, name);
  }
  if (rows.empty()) Refuse(name, 1, "the table is empty; a header is needed");
  table.header = std::move(rows.front().cells);
  const std::size_t header_line = rows.front().line;
  table.rows.assign(std::make_move_iterator(rows.begin() + 1), std::make_move_iterator(rows.end()));
  CheckTable(table, header_line, name);
  return table;
}

CsvTable ReadCsv(const std::filesystem::path& path, std::uint64_t limit_bytes) {
  return ParseCsv(ReadFile(path, limit_bytes), path.string());
}

}  // namespace parotis::base
