// Tables as spreadsheets and databases export them: RFC 4180, with commas, semicolons or tabs, in UTF-8 (with or
// without its mark) or Windows-1252, which contains Latin-1.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parotis::base {

struct CsvRow {
  std::size_t line = 0;            // of the file, where the row begins; 1 is the first
  std::vector<std::string> cells;  // as many as the header has; UTF-8, without surrounding spaces
};

struct CsvTable {
  char separator = ',';
  std::string encoding;  // "UTF-8" or "Windows-1252"
  std::vector<std::string> header;
  std::vector<CsvRow> rows;  // empty lines are left out

  std::optional<std::size_t> ColumnNamed(std::string_view name) const;
};

// The separator is that with which every row has the same number of cells, and more than one; a first line "sep=;"
// (Excel) says it outright. Throws kInput naming file, line and fact: no header, names that are empty or repeated,
// ragged rows, a quote that is never closed or stands within a cell, control characters, UTF-16.
CsvTable ParseCsv(std::string_view text, const std::string& name);
CsvTable ReadCsv(const std::filesystem::path& path, std::uint64_t limit_bytes = std::uint64_t{1} << 26);

}  // namespace parotis::base
