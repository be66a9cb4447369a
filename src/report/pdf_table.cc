#include "report/pdf_table.h"

#include <algorithm>
#include <numeric>

namespace parotis::report {
namespace {

struct Needs {
  std::vector<double> least, natural;  // per column: the widest word, the widest cell on one line
  double LeastSum() const { return std::accumulate(least.begin(), least.end(), 0.0); }
  double NaturalSum() const { return std::accumulate(natural.begin(), natural.end(), 0.0); }
};

void Need(Needs& needs, std::size_t column, const Text& text, const Measure& measure) {
  double natural = 0;
  for (const TextLine& line : BreakLines(text, 1e9, measure)) natural = std::max(natural, WidthOf(line, measure));
  needs.natural[column] = std::max(needs.natural[column], natural);
  needs.least[column] = std::max(needs.least[column], WidestWord(text, measure));
}

Needs NeedsOf(const Table& table, const Measure& measure) {
  Needs needs{std::vector<double>(table.columns.size()), std::vector<double>(table.columns.size())};
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    Need(needs, c, Text(table.columns[c].title, Style::kBold), measure);
    for (const Row& row : table.rows) {
      if (!row.is_group) Need(needs, c, row.cells.at(c), measure);
    }
  }
  return needs;
}

// The widths at most `cap` wide: where no room is left, the widest columns give way first, whose words are broken.
double CapOf(const std::vector<double>& least, double available) {
  double low = 0, high = available;
  for (int step = 0; step < 50; ++step) {
    const double cap = (low + high) / 2;
    const double sum = std::accumulate(least.begin(), least.end(), 0.0,
                                       [&](double all, double one) { return all + std::min(one, cap); });
    (sum > available ? high : low) = cap;
  }
  return low;
}

std::vector<double> Share(const Needs& needs, double available) {
  const double least = needs.LeastSum(), natural = needs.NaturalSum();
  if (natural <= available) return needs.natural;
  const double cap = least > available ? CapOf(needs.least, available) : available;
  std::vector<double> widths;
  for (std::size_t c = 0; c < needs.least.size(); ++c) {
    widths.push_back(least > available ? std::min(needs.least[c], cap)
                                       : needs.least[c] + (available - least) * (needs.natural[c] - needs.least[c]) /
                                                              (natural - least));
  }
  return widths;
}

}  // namespace

TableSetting SetTable(const Table& table, double width_pt,
                      const std::function<double(const std::string&, Style, double)>& measure) {
  const double available = width_pt - kColumnGap_pt * static_cast<double>(table.columns.size() - 1);
  TableSetting setting;
  for (setting.text_pt = 8;; setting.text_pt -= 0.5) {
    const auto at_size = [&](const std::string& text, Style style) { return measure(text, style, setting.text_pt); };
    const Needs needs = NeedsOf(table, at_size);
    if (needs.LeastSum() > available && setting.text_pt > 5.6) continue;
    setting.widths_pt = Share(needs, available);
    return setting;
  }
}

std::vector<std::vector<TextLine>> LinesOf(const Row& row, const TableSetting& setting, const Measure& measure) {
  if (row.is_group) {
    const double all = std::accumulate(setting.widths_pt.begin(), setting.widths_pt.end(), 0.0) +
                       kColumnGap_pt * static_cast<double>(setting.widths_pt.size() - 1);
    return {BreakLines(Text(row.cells.at(0).plain(), Style::kBold), all, measure)};
  }
  std::vector<std::vector<TextLine>> cells;
  for (std::size_t c = 0; c < setting.widths_pt.size(); ++c)
    cells.push_back(BreakLines(row.cells.at(c), setting.widths_pt[c] + 0.01, measure));
  return cells;
}

}  // namespace parotis::report
