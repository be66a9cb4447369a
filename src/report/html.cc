#include "report/html.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>

#include "base/build_info.h"

namespace parotis::report {
namespace {

constexpr const char* kReplacement = "\xEF\xBF\xBD";  // U+FFFD

constexpr const char* kStyle = R"(
:root{--ink:#1b1f24;--soft:#57606a;--paper:#fff;--panel:#f5f7f9;--line:#d5dbe1;--accent:#0a6aa6;--warn:#8a4b00;--warn-paper:#fff3df;--s0:#0a6aa6;--s1:#c2410c;--s2:#15803d;--s3:#7e22ce;--s4:#a16207;--s5:#be185d;--s6:#0f766e;--s7:#525252}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ec;--soft:#9aa4ae;--paper:#14181c;--panel:#1d2329;--line:#343c44;--accent:#6db7e8;--warn:#ffc57a;--warn-paper:#33270f;--s0:#6db7e8;--s1:#ff9e64;--s2:#7fd18a;--s3:#c9a0ff;--s4:#e3c35a;--s5:#ff8fc0;--s6:#5fd0c5;--s7:#b0b0b0}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:1180px;margin:0 auto;padding:1rem 1.5rem 2rem}
h1{font-size:1.7rem;line-height:1.25;margin:.6rem 0 .3rem}
h2{font-size:1.2rem;margin:2rem 0 .6rem;padding-bottom:.2rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1.4rem 0 .5rem}
p{margin:.4rem 0;max-width:75ch}
.notice{background:var(--warn-paper);color:var(--warn);text-align:center;font-weight:600;padding:.5rem 1rem}
.soft{color:var(--soft)}
.flags{list-style:none;margin:1rem 0;padding:0}
.flags li{background:var(--warn-paper);color:var(--warn);border-left:4px solid currentColor;padding:.5rem .8rem;margin:.4rem 0}
.flags b{font-weight:600;display:inline-block}.flags b::first-letter,h1::first-letter,p.reason::first-letter{text-transform:uppercase}
table{border-collapse:collapse;margin:.5rem 0;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:.3rem .9rem .3rem 0;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--soft)}
td.n,th.n{text-align:right}
.nowrap{white-space:nowrap}
td.hit{background:var(--panel);font-weight:600}
.scroll{overflow-x:auto}
.bars{display:grid;grid-template-columns:max-content minmax(8rem,28rem) max-content;gap:.35rem .8rem;align-items:center;margin:.8rem 0}
.bar{background:var(--panel);border:1px solid var(--line);height:1.1rem}
.bar i{display:block;height:100%;background:var(--accent)}
.row{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:.8rem;margin:.6rem 0}
.panel{background:var(--panel);padding:.2rem .8rem .6rem;border-left:4px solid var(--line);break-inside:avoid}
.panel.used{border-left-color:var(--accent)}
.panel dl{font-size:.85rem}
figure{margin:0;break-inside:avoid}
figure svg{display:block;width:100%;height:auto;background:#000}
figcaption{font-size:.85rem;color:var(--soft);padding:.2rem 0}
svg.chart{max-width:100%;height:auto;display:block}
svg.chart text{fill:var(--ink);font-size:12px}
svg.chart .axis{stroke:var(--soft);fill:none}
svg.chart .grid{stroke:var(--line);fill:none}
svg.chart .mark{fill:var(--accent)}
svg.chart .line{stroke:var(--accent);fill:none;stroke-width:1.5}
svg.drawing{display:block;max-width:100%;height:auto;font-family:inherit;background:none}
figure.plate{margin:1rem 0;max-width:1000px}.plate .panels{display:grid;gap:1rem 1.2rem;align-items:start}
.plate .panels>div{min-width:0}.plate .panel-title{font-size:.85rem;font-weight:600;margin:0 0 .3rem}
.plate svg.drawing{background:none;width:auto}
.table{margin:1rem 0}.table table{font-size:.88rem}.caption{font-size:.9rem;margin:.2rem 0;max-width:90ch}.table .note{font-size:.82rem;color:var(--soft);max-width:95ch}
tr.group td{font-weight:600;background:var(--panel);padding-left:.3rem}
pre{background:var(--panel);padding:.6rem .8rem;overflow-x:auto;font-size:.82rem;white-space:pre-wrap;overflow-wrap:anywhere}
.contents{columns:18rem;font-size:.92rem;padding:0;margin:1rem 0;list-style:none}.contents a{color:var(--accent)}
@media(max-width:700px){main{padding:.5rem .8rem 1.5rem}.plate .panels{grid-template-columns:1fr!important}}
details{margin:.6rem 0}summary{cursor:pointer;color:var(--accent)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.5rem 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
@media print{
:root{--ink:#000;--soft:#444;--paper:#fff;--panel:#eee;--line:#bbb;--accent:#0a5a8c;--warn:#000;--warn-paper:#fff;--s0:#0a6aa6;--s1:#c2410c;--s2:#15803d;--s3:#7e22ce;--s4:#a16207;--s5:#be185d;--s6:#0f766e;--s7:#525252}
body{font-size:10.5pt}main{max-width:none;padding:0}.notice,.flags li{border:1px solid #000}
.bar,.bar i,figure svg,.nowrap{white-space:nowrap}
td.hit{print-color-adjust:exact;-webkit-print-color-adjust:exact}
h2,h3{break-after:avoid}.row{grid-template-columns:repeat(3,1fr)}}
)";

// Length of the well-formed UTF-8 sequence at the start of `text` (RFC 3629), or 0.
std::size_t SequenceLength(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto follows = [&](std::size_t i, std::uint8_t low = 0x80, std::uint8_t high = 0xBF) {
    return i < text.size() && at(i) >= low && at(i) <= high;
  };
  const std::uint8_t lead = at(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool second = follows(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF);
    return second && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool second = follows(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF);
    return second && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

const char* EntityOf(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return nullptr;
  }
}

}  // namespace

std::string CleanUtf8(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const std::size_t length = SequenceLength(text);
    const char first = text[0];
    const bool is_control = (first >= 0 && first < 0x20 && first != '\t' && first != '\n') || first == 0x7F;
    clean += length == 0 || is_control ? kReplacement : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return clean;
}

std::string Escape(std::string_view text) {
  std::string html;
  for (const std::string clean = CleanUtf8(text); const char c : clean) {
    const char* entity = EntityOf(c);
    entity != nullptr ? html += entity : html += c;
  }
  return html;
}

std::string Spaced(std::string_view name) {
  std::string text(name);
  for (char& c : text) c = c == '_' ? ' ' : c;
  return text;
}

std::string Readable(std::string_view name) { return Escape(Spaced(name)); }

std::string Number(double value, int digits) {
  if (std::isnan(value)) return "n/a";
  std::string text = fmt::format("{:.{}f}", value, digits);
  if (text.starts_with('-')) text.replace(0, 1, "\u2212");
  return text;
}

std::string Page(std::string_view title, std::string_view body) {
  const std::string notice =
      fmt::format("<div class=\"notice\" role=\"note\">{}</div>\n", Escape(base::kResearchUseOnly));
  // The policy makes the promise of the header hold even if something slipped past Escape.
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src "
      "'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" "
      "content=\"light dark\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n{}<main>\n{}</main>\n{}</body>\n</html>\n",
      Escape(title), kStyle, notice, body, notice);
}

}  // namespace parotis::report
