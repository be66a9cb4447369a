#include "report/document_pdf.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/build_info.h"
#include "report/pdf_table.h"
#include "report/pdf_text.h"

namespace parotis::report {
namespace {

constexpr double kLeft_pt = 54;
constexpr double kTop_pt = 60;
constexpr double kBottom_pt = kPageHeight_pt - 58;
constexpr double kWidth_pt = kPageWidth_pt - 2 * kLeft_pt;
constexpr double kText_pt = 9.5;
constexpr double kNote_pt = 7.5;
constexpr double kLeading = 1.32;  // of the size of the text

Ink InkOf(Style style) { return {style == Style::kSoft ? Role::kSoft : Role::kText}; }

// Puts one block after the other, from page to page.
class Flow {
 public:
  explicit Flow(const Document& document) : document_(document), canvas_(document.title) {}

  void LayOut() {
    NewPage();
    WriteLines(Text(document_.title, Style::kBold), 17, 0);
    y_ += 3;
    WriteLines(Text(document_.subtitle, Style::kSoft), kText_pt, 0);
    y_ += 6;
    for (next_ = 1; next_ <= document_.blocks.size(); ++next_)
      std::visit([this](const auto& b) { Put(b); }, document_.blocks[next_ - 1]);
    WriteMargins();
  }

  std::string Bytes() { return canvas_.Bytes(); }
  int page_count() const { return canvas_.page_count(); }

 private:
  void Put(const Heading& heading) {
    const double size = heading.level == 2 ? 13 : 10.5, before = heading.level == 2 ? 18 : 11;
    if (y_ + before + size + 5 + LeastOf(next_) > kBottom_pt && y_ > kTop_pt) NewPage();
    if (y_ > kTop_pt) y_ += before;
    canvas_.Bookmark(heading.text, heading.level, y_ - 4);
    WriteLines(Text(heading.text, Style::kBold), size, 0);
    if (heading.level == 2) canvas_.Line(kLeft_pt, y_ + 1, kLeft_pt + kWidth_pt, y_ + 1, {Role::kGrid}, 0.75);
    y_ += 5;
  }

  // How much of the block, and of what it leads to, has to stand on the page of the heading before it.
  double LeastOf(std::size_t index) const {
    if (index >= document_.blocks.size()) return 0;
    const Block& block = document_.blocks[index];
    if (const auto* figure = std::get_if<Figure>(&block)) return std::min(HeightOf(*figure), kBottom_pt - kTop_pt - 60);
    if (const auto* heading = std::get_if<Heading>(&block)) return (heading->level == 2 ? 36 : 26) + LeastOf(index + 1);
    if (const auto* paragraph = std::get_if<Paragraph>(&block)) {
      const double height = HeightOf(paragraph->text, kText_pt, kWidth_pt) + 11;
      return height < 80 ? height + LeastOf(index + 1) * (LeadsToFigure(index + 1) ? 1 : 0) : 56;
    }
    return 84;
  }
  bool LeadsToFigure(std::size_t index) const {
    return index < document_.blocks.size() && std::holds_alternative<Figure>(document_.blocks[index]);
  }

  void Put(const Paragraph& paragraph) {
    if (paragraph.is_warning) return PutWarning(paragraph.text);
    WriteLines(paragraph.text, kText_pt, 0);
    y_ += 5;
  }

  // A bar on the left, beside text that stays together.
  void PutWarning(const Text& text) {
    Keep(HeightOf(text, kText_pt, kWidth_pt - 12) + 6);
    const double top = y_;
    y_ += 2;
    WriteLines(text, kText_pt, 12);
    y_ += 2;
    canvas_.Fill(kLeft_pt, top, 3, y_ - top, {Role::kSeries, 1});
    y_ += 6;
  }

  void Put(const Bullets& bullets) {
    for (const Text& item : bullets.items) {
      Keep(kText_pt * kLeading);
      canvas_.Write(kLeft_pt + 2, y_ + kText_pt, "•", {Role::kSoft}, Style::kPlain, kText_pt);
      WriteLines(item, kText_pt, 12);
      y_ += 2;
    }
    y_ += 3;
  }

  void Put(const Code& code) {
    const double size = 8;
    for (const TextLine& line : BreakLines(Text(code.text, Style::kCode), kWidth_pt - 14, MeasureAt(size))) {
      Keep(size * kLeading);
      canvas_.Fill(kLeft_pt, y_, kWidth_pt, size * kLeading + 0.3, {Role::kGrid, 0, 0.45});
      WriteLine(line, kLeft_pt + 7, size);
    }
    y_ += 7;
  }

  void Put(const Table& table) {
    const TableSetting setting = SetTable(table, kWidth_pt, [this](const std::string& t, Style s, double size_pt) {
      return canvas_.Width(t, s, size_pt);
    });
    Text caption(numbers_.Next(table) + ". ", Style::kBold);
    caption.Add(table.caption);
    y_ += 4;
    Keep(HeightOf(caption, 8.5, kWidth_pt) + 4 + HeightOfStart(table, setting));
    WriteLines(caption, 8.5, 0);
    y_ += 2;
    PutHead(table, setting);
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      // The last row does not go to a new page alone.
      const bool is_before_last = r + 2 == table.rows.size() && r > 0;
      PutRow(table, table.rows[r], setting, is_before_last ? RowHeightOf(table.rows[r + 1], setting) : 0);
    }
    y_ += 3;
    for (const Text& note : table.notes) WriteLines(Soft(note), kNote_pt, 0);
    y_ += 7;
  }

  Row HeadOf(const Table& table) const {
    Row head;
    for (const Column& column : table.columns) head.cells.emplace_back(column.title, Style::kBold);
    return head;
  }
  // The head and the first rows, without which it would stand alone.
  double HeightOfStart(const Table& table, const TableSetting& setting) const {
    double height = RowHeightOf(HeadOf(table), setting);
    for (std::size_t r = 0; r < std::min<std::size_t>(3, table.rows.size()); ++r)
      height += RowHeightOf(table.rows[r], setting);
    return std::min(height, (kBottom_pt - kTop_pt) / 2);
  }

  void PutHead(const Table& table, const TableSetting& setting) {
    PutCells(table, LinesOf(HeadOf(table), setting, MeasureAt(setting.text_pt)), setting, nullptr);
    canvas_.Line(kLeft_pt, y_ - 1, kLeft_pt + TableWidth(setting), y_ - 1, {Role::kAxis}, 0.9);
  }

  double RowHeightOf(const Row& row, const TableSetting& setting) const {
    const auto lines = LineCount(LinesOf(row, setting, MeasureAt(setting.text_pt)));
    return static_cast<double>(lines) * setting.text_pt * kLeading + 3;
  }

  // `with_it`: height of what has to stand on the same page beneath it.
  void PutRow(const Table& table, const Row& row, const TableSetting& setting, double with_it) {
    const auto cells = LinesOf(row, setting, MeasureAt(setting.text_pt));
    const double height = RowHeightOf(row, setting), below = std::max(with_it, row.is_group ? 30.0 : 0.0);
    if (y_ + height + below > kBottom_pt && height + below < (kBottom_pt - kTop_pt) / 2) {
      NewPage();
      PutHead(table, setting);
    }
    if (row.is_group) canvas_.Fill(kLeft_pt, y_ - 1, TableWidth(setting), height, {Role::kGrid, 0, 0.45});
    PutCells(table, cells, setting, &table);
    canvas_.Line(kLeft_pt, y_ - 1, kLeft_pt + TableWidth(setting), y_ - 1, {Role::kGrid}, 0.5);
  }

  // Line by line, so that even a row longer than a page breaks; `headed`: whose head stands on a new page.
  void PutCells(const Table& table, const std::vector<std::vector<TextLine>>& cells, const TableSetting& setting,
                const Table* headed) {
    const Measure measure = MeasureAt(setting.text_pt);
    for (std::size_t l = 0; l < LineCount(cells); ++l) {
      if (y_ + setting.text_pt * kLeading > kBottom_pt) {
        NewPage();
        if (headed != nullptr) PutHead(*headed, setting);
      }
      double x = kLeft_pt;
      for (std::size_t c = 0; c < cells.size(); ++c) {
        if (l < cells[c].size()) {
          const bool is_right = cells.size() > 1 && table.columns[c].align == Align::kRight;
          const double indent = is_right ? setting.widths_pt[c] - WidthOf(cells[c][l], measure) : 0;
          WritePieces(cells[c][l], x + indent, setting.text_pt);
        }
        x += setting.widths_pt[c] + kColumnGap_pt;
      }
      y_ += setting.text_pt * kLeading;
    }
    y_ += 3;
  }

  Text CaptionOf(const Figure& figure, const std::string& number) const {
    Text caption(number + ". ", Style::kBold);
    return caption.Add(figure.caption);
  }
  // Of what stands beneath the panels.
  double HeightBelow(const Figure& figure) const {
    double below = HeightOf(CaptionOf(figure, "Figure 99"), 8.5, kWidth_pt) + 4;
    for (const Text& note : figure.notes) below += HeightOf(note, kNote_pt, kWidth_pt);
    return below;
  }
  double HeightOf(const Figure& figure) const {
    const auto columns = static_cast<std::size_t>(std::max(1, figure.columns));
    double all = HeightBelow(figure) + 4;
    for (std::size_t p = 0; p < figure.panels.size(); p += columns) all += RowHeight(figure, p, columns);
    return all;
  }

  void Put(const Figure& figure) {
    const auto columns = static_cast<std::size_t>(std::max(1, figure.columns));
    const double below = HeightBelow(figure);
    if (HeightOf(figure) <= kBottom_pt - kTop_pt) Keep(HeightOf(figure));
    y_ += 4;
    for (std::size_t p = 0; p < figure.panels.size(); p += columns) {
      const bool is_last = p + columns >= figure.panels.size();
      Keep(RowHeight(figure, p, columns) + (is_last ? below : 0));
      PutPanels(figure, p, columns);
    }
    WriteLines(CaptionOf(figure, numbers_.Next(figure)), 8.5, 0);
    for (const Text& note : figure.notes) WriteLines(Soft(note), kNote_pt, 0);
    y_ += 9;
  }

  static double ColumnWidth(std::size_t columns) {
    return (kWidth_pt - 12 * static_cast<double>(columns - 1)) / static_cast<double>(columns);
  }
  static double ScaleOf(const Drawing& drawing, std::size_t columns) {
    return std::min({1.0, ColumnWidth(columns) / drawing.width_pt, (kBottom_pt - kTop_pt - 60) / drawing.height_pt});
  }
  static double RowHeight(const Figure& figure, std::size_t first, std::size_t columns) {
    double height = 0;
    for (std::size_t p = first; p < std::min(first + columns, figure.panels.size()); ++p) {
      const Panel& panel = figure.panels[p];
      height =
          std::max(height, panel.drawing.height_pt * ScaleOf(panel.drawing, columns) + (panel.title.empty() ? 0 : 13));
    }
    return height + 6;
  }
  void PutPanels(const Figure& figure, std::size_t first, std::size_t columns) {
    for (std::size_t p = first; p < std::min(first + columns, figure.panels.size()); ++p) {
      const Panel& panel = figure.panels[p];
      const double x = kLeft_pt + static_cast<double>(p - first) * (ColumnWidth(columns) + 12);
      if (!panel.title.empty()) {
        const auto lines = BreakLines(Text(panel.title, Style::kBold), ColumnWidth(columns), MeasureAt(8));
        WritePiecesAt(lines[0], x, y_ + 8, 8);
      }
      canvas_.Draw(panel.drawing, x, y_ + (panel.title.empty() ? 0 : 13), ScaleOf(panel.drawing, columns));
    }
    y_ += RowHeight(figure, first, columns);
  }

  void NewPage() {
    canvas_.NewPage();
    y_ = kTop_pt;
  }
  void Keep(double height) {
    if (y_ + height > kBottom_pt && y_ > kTop_pt) NewPage();
  }
  Measure MeasureAt(double size_pt) const {
    return [this, size_pt](const std::string& text, Style style) { return canvas_.Width(text, style, size_pt); };
  }
  double HeightOf(const Text& text, double size_pt, double width_pt) const {
    return static_cast<double>(BreakLines(text, width_pt, MeasureAt(size_pt)).size()) * size_pt * kLeading;
  }
  void WriteLines(const Text& text, double size_pt, double indent_pt) {
    for (const TextLine& line : BreakLines(text, kWidth_pt - indent_pt, MeasureAt(size_pt))) {
      Keep(size_pt * kLeading);
      WriteLine(line, kLeft_pt + indent_pt, size_pt);
    }
  }
  void WriteLine(const TextLine& line, double x, double size_pt) {
    WritePieces(line, x, size_pt);
    y_ += size_pt * kLeading;
  }
  void WritePieces(const TextLine& line, double x, double size_pt) { WritePiecesAt(line, x, y_ + size_pt, size_pt); }
  void WritePiecesAt(const TextLine& line, double x, double base_y, double size_pt) {
    for (const Span& piece : line) {
      canvas_.Write(x, base_y, piece.text, InkOf(piece.style), piece.style, size_pt);
      x += canvas_.Width(piece.text, piece.style, size_pt);
    }
  }
  static Text Soft(Text text) {
    for (Span& span : text.spans) span.style = span.style == Style::kBold ? Style::kBold : Style::kSoft;
    return text;
  }
  static std::size_t LineCount(const std::vector<std::vector<TextLine>>& cells) {
    std::size_t lines = 0;
    for (const auto& cell : cells) lines = std::max(lines, cell.size());
    return lines;
  }
  static double TableWidth(const TableSetting& setting) {
    double width = kColumnGap_pt * static_cast<double>(setting.widths_pt.size() - 1);
    for (const double column : setting.widths_pt) width += column;
    return width;
  }

  void WriteMargins() {
    for (int page = 0; page < canvas_.page_count(); ++page) {
      canvas_.GoToPage(page);
      const std::string number = fmt::format("{} of {}", page + 1, canvas_.page_count());
      const Ink soft{Role::kSoft};
      canvas_.Write(kLeft_pt, 40, document_.running_title, soft, Style::kPlain, 8);
      canvas_.Line(kLeft_pt, 45, kLeft_pt + kWidth_pt, 45, {Role::kGrid}, 0.5);
      canvas_.Write(kLeft_pt, kPageHeight_pt - 34, base::kResearchUseOnly, soft, Style::kPlain, 8);
      canvas_.Write(kLeft_pt + kWidth_pt - canvas_.Width(number, Style::kPlain, 8), kPageHeight_pt - 34, number, soft,
                    Style::kPlain, 8);
    }
  }

  const Document& document_;
  PdfCanvas canvas_;
  Numbering numbers_;
  std::size_t next_ = 0;  // the block after the one that is put
  double y_ = kTop_pt;
};

}  // namespace

PdfFile PdfFileOf(const Document& document) {
  Flow flow(document);
  flow.LayOut();
  return {flow.Bytes(), flow.page_count()};
}

std::string PdfOf(const Document& document) { return PdfFileOf(document).bytes; }

}  // namespace parotis::report
