// A report as a list of blocks, from which a page (report/document_html.h) and a PDF (report/document_pdf.h) are
// written. All text is plain UTF-8: whatever comes from outside is safe to put in, and each writer makes it so.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "report/drawing.h"

namespace parotis::report {

enum class Style { kPlain, kBold, kSoft, kCode };

struct Span {
  std::string text;
  Style style = Style::kPlain;
};

// A run of text with emphasis. U+00A0 holds words together.
struct Text {
  std::vector<Span> spans;

  Text() = default;
  Text(std::string text) : spans{{std::move(text)}} {}  // NOLINT(google-explicit-constructor)
  Text(const char* text) : Text(std::string(text)) {}   // NOLINT(google-explicit-constructor)
  Text(std::string text, Style style) : spans{{std::move(text), style}} {}
  Text& Add(std::string text, Style style = Style::kPlain);
  Text& Bold(std::string text) { return Add(std::move(text), Style::kBold); }
  Text& Soft(std::string text) { return Add(std::move(text), Style::kSoft); }
  std::string plain() const;  // without emphasis
};

struct Heading {
  int level = 2;  // 2 or 3; the document's title is 1
  std::string text;
};

struct Paragraph {
  Text text;
  bool is_warning = false;
};

struct Bullets {
  std::vector<Text> items;
};

enum class Align { kLeft, kRight };
struct Column {
  std::string title;
  Align align = Align::kRight;
};
struct Row {
  std::vector<Text> cells;  // one for each column; a group's title is one cell
  bool is_group = false;
};
struct Table {
  std::string caption;
  std::vector<Column> columns;
  std::vector<Row> rows = {};
  std::vector<Text> notes = {};

  void Add(std::vector<Text> cells) { rows.push_back({std::move(cells), false}); }
  void AddGroup(std::string title) { rows.push_back({{Text(std::move(title))}, true}); }
};

struct Panel {
  Drawing drawing;
  std::string title = {};
};
struct Figure {
  std::string caption;
  std::vector<Panel> panels;
  int columns = 1;  // panels side by side
  std::vector<Text> notes = {};
};

struct Code {
  std::string text;
};

using Block = std::variant<Heading, Paragraph, Bullets, Table, Figure, Code>;

struct Document {
  std::string title;
  std::string subtitle;       // beneath the title
  std::string running_title;  // on every page of paper
  std::vector<Block> blocks;

  void Section(std::string text) { blocks.emplace_back(Heading{2, std::move(text)}); }
  void Subsection(std::string text) { blocks.emplace_back(Heading{3, std::move(text)}); }
  void Say(Text text) { blocks.emplace_back(Paragraph{std::move(text), false}); }
  void Warn(Text text) { blocks.emplace_back(Paragraph{std::move(text), true}); }
  void Add(Block block) { blocks.push_back(std::move(block)); }
};

// Tables and figures are counted in the order in which they stand: "Table 3", "Figure 1".
class Numbering {
 public:
  std::string Next(const Table&) { return "Table " + std::to_string(++tables_); }
  std::string Next(const Figure&) { return "Figure " + std::to_string(++figures_); }

 private:
  int tables_ = 0, figures_ = 0;
};

}  // namespace parotis::report
