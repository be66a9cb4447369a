#include "report/document_html.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/html.h"

namespace parotis::report {
namespace {

std::string HtmlOf(const Text& text) {
  std::string html;
  for (const Span& span : text.spans) {
    const std::string escaped = Escape(span.text);
    switch (span.style) {
      case Style::kBold: html += "<b>" + escaped + "</b>"; break;
      case Style::kSoft: html += "<span class=\"soft\">" + escaped + "</span>"; break;
      case Style::kCode: html += "<code>" + escaped + "</code>"; break;
      case Style::kPlain: html += escaped; break;
    }
  }
  return html;
}

const char* StyleOf(Align align) { return align == Align::kRight ? " class=\"n\"" : ""; }

std::string HtmlOf(const Row& row, const std::vector<Column>& columns) {
  if (row.is_group) {
    return fmt::format("<tr class=\"group\"><td colspan=\"{}\">{}</td></tr>\n", columns.size(),
                       HtmlOf(row.cells.at(0)));
  }
  std::string html = "<tr>";
  for (std::size_t c = 0; c < columns.size(); ++c)
    html += fmt::format("<td{}>{}</td>", StyleOf(columns[c].align), HtmlOf(row.cells.at(c)));
  return html + "</tr>\n";
}

std::string Notes(const std::vector<Text>& notes) {
  std::string html;
  for (const Text& note : notes) html += fmt::format("<p class=\"note\">{}</p>\n", HtmlOf(note));
  return html;
}

class Writer {
 public:
  std::string operator()(const Heading& heading) {
    if (heading.level != 2) return fmt::format("<h3>{}</h3>\n", Escape(heading.text));
    return fmt::format("<h2 id=\"s{}\">{}</h2>\n", ++sections_, Escape(heading.text));
  }
  std::string operator()(const Paragraph& paragraph) {
    const std::string text = HtmlOf(paragraph.text);
    return paragraph.is_warning ? "<ul class=\"flags\"><li>" + text + "</li></ul>\n" : "<p>" + text + "</p>\n";
  }
  std::string operator()(const Bullets& bullets) {
    std::string html = "<ul>\n";
    for (const Text& item : bullets.items) html += "<li>" + HtmlOf(item) + "</li>\n";
    return html + "</ul>\n";
  }
  std::string operator()(const Table& table) {
    std::string html = fmt::format("<div class=\"table\"><p class=\"caption\"><b>{}.</b> {}</p>\n",
                                   numbers_.Next(table), Escape(table.caption));
    html += "<div class=\"scroll\"><table><thead><tr>";
    for (const Column& column : table.columns)
      html += fmt::format("<th{}>{}</th>", StyleOf(column.align), Escape(column.title));
    html += "</tr></thead><tbody>\n";
    for (const Row& row : table.rows) html += HtmlOf(row, table.columns);
    return html + "</tbody></table></div>\n" + Notes(table.notes) + "</div>\n";
  }
  std::string operator()(const Figure& figure) {
    std::string html = fmt::format(
        "<figure class=\"plate\"><div class=\"panels\" style=\"grid-template-columns:repeat({},minmax(0,1fr))\">\n",
        figure.columns);
    for (const Panel& panel : figure.panels) {
      const std::string title =
          panel.title.empty() ? "" : fmt::format("<p class=\"panel-title\">{}</p>\n", Escape(panel.title));
      html += "<div>" + title + SvgOf(panel.drawing) + "</div>\n";
    }
    return html +
           fmt::format("</div>\n<figcaption><b>{}.</b> {}</figcaption>\n<div class=\"table\">{}</div></figure>\n",
                       numbers_.Next(figure), Escape(figure.caption), Notes(figure.notes));
  }
  std::string operator()(const Code& code) { return "<pre>" + Escape(code.text) + "</pre>\n"; }

 private:
  int sections_ = 0;
  Numbering numbers_;
};

std::string Contents(const Document& document) {
  std::string html;
  int sections = 0;
  for (const Block& block : document.blocks) {
    const auto* heading = std::get_if<Heading>(&block);
    if (heading != nullptr && heading->level == 2)
      html += fmt::format("<li><a href=\"#s{}\">{}</a></li>\n", ++sections, Escape(heading->text));
  }
  return sections < 3 ? "" : "<nav><ul class=\"contents\">\n" + html + "</ul></nav>\n";
}

}  // namespace

std::string HtmlOf(const Document& document) {
  Writer writer;
  std::string body =
      fmt::format("<h1>{}</h1>\n<p class=\"soft\">{}</p>\n", Escape(document.title), Escape(document.subtitle));
  bool has_contents = false;
  for (const Block& block : document.blocks) {
    if (!has_contents && std::holds_alternative<Heading>(block)) {
      body += Contents(document);
      has_contents = true;
    }
    body += std::visit(writer, block);
  }
  return Page(document.title, body);
}

}  // namespace parotis::report
