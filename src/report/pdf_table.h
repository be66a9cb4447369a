// How a table is set on paper: the size of its text and the width of its columns.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "report/document.h"
#include "report/pdf_text.h"

namespace parotis::report {

inline constexpr double kColumnGap_pt = 8;

struct TableSetting {
  double text_pt = 8;
  std::vector<double> widths_pt;
};

// The largest text with which no word has to be broken, from 8 pt down to 5.5 pt.
TableSetting SetTable(const Table& table, double width_pt,
                      const std::function<double(const std::string&, Style, double size_pt)>& measure);

// The lines of a row's cells; a group's title runs across.
std::vector<std::vector<TextLine>> LinesOf(const Row& row, const TableSetting& setting, const Measure& measure);

}  // namespace parotis::report
