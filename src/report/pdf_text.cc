#include "report/pdf_text.h"

#include <algorithm>
#include <cstdint>
#include <map>

#include "report/html.h"

namespace parotis::report {
namespace {

// The sign at the start of well-formed UTF-8, removed from it.
char32_t TakeSign(std::string_view& text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t sign = length == 1 ? lead : lead & (0xFF >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) sign = (sign << 6) | (static_cast<std::uint8_t>(text[i]) & 0x3F);
  text.remove_prefix(length);
  return sign;
}

// Windows-1252 where it is not Latin-1, and words for what it lacks.
const std::map<char32_t, std::string>& Spellings() {
  static const std::map<char32_t, std::string> kSpellings = {
      {U'\u00A0', " "},     {U'\u2212', "-"},    {U'\u2011', "-"},     {U'\u2013', "\x96"}, {U'\u2014', "\x97"},
      {U'\u2018', "\x91"},  {U'\u2019', "\x92"}, {U'\u201C', "\x93"},  {U'\u201D', "\x94"}, {U'\u2022', "\x95"},
      {U'\u2026', "\x85"},  {U'\u2265', ">="},   {U'\u2264', "<="},    {U'\u2192', "->"},   {U'\u2193', "v"},
      {U'\u03BA', "kappa"}, {U'\u03BC', "\xB5"}, {U'\u0394', "Delta"}, {U'\u2717', "x"},    {U'\u20AC', "\x80"}};
  return kSpellings;
}

struct Word {
  TextLine pieces;
  double width = 0;
  bool ends_line = false;
};

// Words with the space in front of them left out; styles may change within a word.
std::vector<Word> WordsOf(const Text& text) {
  std::vector<Word> words(1);
  const auto piece = [&](Style style) -> std::string& {
    TextLine& pieces = words.back().pieces;
    if (pieces.empty() || pieces.back().style != style) pieces.push_back({"", style});
    return pieces.back().text;
  };
  for (const Span& span : text.spans) {
    for (const char c : span.text) {
      if (c == '\n') words.back().ends_line = true;
      if (c == ' ' || c == '\n') {
        if (!words.back().pieces.empty() || c == '\n') words.emplace_back();
      } else {
        piece(span.style) += c;
      }
    }
  }
  if (words.size() > 1 && words.back().pieces.empty()) words.pop_back();
  return words;
}

bool StartsGlyph(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// As many signs from the start of `text` as fit, at least one.
std::size_t FittingBytes(const std::string& text, Style style, double width_pt, const Measure& measure) {
  std::size_t fits = 0;
  for (std::size_t end = 1; end <= text.size(); ++end) {
    if (end < text.size() && !StartsGlyph(text[end])) continue;
    if (fits > 0 && measure(text.substr(0, end), style) > width_pt) break;
    fits = end;
  }
  return fits;
}

class Breaker {
 public:
  Breaker(double width_pt, const Measure& measure) : width_(width_pt), measure_(measure) {}

  void Add(const Word& word) {
    const double width = WidthOf(word.pieces, measure_);
    const double gap = line_.empty() ? 0 : measure_(" ", Style::kPlain);
    if (!line_.empty() && used_ + gap + width > width_) EndLine();
    if (!line_.empty()) Append({" ", word.pieces.empty() ? Style::kPlain : word.pieces[0].style});
    for (const Span& piece : word.pieces) AddPiece(piece);
    if (word.ends_line) EndLine();
  }
  std::vector<TextLine> Lines() {
    if (!line_.empty() || lines_.empty()) EndLine();
    return lines_;
  }

 private:
  void AddPiece(Span piece) {
    while (used_ + measure_(piece.text, piece.style) > width_ + 1e-6 && StartsGlyph(piece.text[0])) {
      const std::size_t bytes = FittingBytes(piece.text, piece.style, std::max(1.0, width_ - used_), measure_);
      if (bytes == piece.text.size()) break;
      Append({piece.text.substr(0, bytes), piece.style});
      piece.text.erase(0, bytes);
      EndLine();
    }
    Append(std::move(piece));
  }
  void Append(Span piece) {
    used_ += measure_(piece.text, piece.style);
    if (!line_.empty() && line_.back().style == piece.style) {
      line_.back().text += piece.text;
    } else {
      line_.push_back(std::move(piece));
    }
  }
  void EndLine() {
    lines_.push_back(std::move(line_));
    line_.clear();
    used_ = 0;
  }

  double width_, used_ = 0;
  const Measure& measure_;
  TextLine line_;
  std::vector<TextLine> lines_;
};

}  // namespace

std::string ShownText(std::string_view text) {
  std::string shown;
  for (std::string clean = CleanUtf8(text); const char c : clean) {
    if (c == '\xA0' && shown.ends_with('\xC2')) {
      shown.back() = ' ';
    } else {
      shown += c == '\t' || c == '\n' ? ' ' : c;
    }
  }
  return shown;
}

std::string WinAnsiOf(std::string_view text) {
  const std::string clean = CleanUtf8(text);
  std::string bytes;
  for (std::string_view rest = clean; !rest.empty();) {
    const char32_t sign = TakeSign(rest);
    const auto spelling = Spellings().find(sign);
    if (spelling != Spellings().end()) {
      bytes += spelling->second;
    } else if (sign == U'\t' || sign == U'\n') {
      bytes += ' ';
    } else {
      bytes += (sign < 0x80 || (sign >= 0xA0 && sign <= 0xFF)) ? static_cast<char>(sign) : '?';
    }
  }
  return bytes;
}

std::vector<TextLine> BreakLines(const Text& text, double width_pt, const Measure& measure) {
  Breaker breaker(width_pt, measure);
  for (const Word& word : WordsOf(text)) breaker.Add(word);
  return breaker.Lines();
}

double WidthOf(const TextLine& line, const Measure& measure) {
  double width = 0;
  for (const Span& piece : line) width += measure(piece.text, piece.style);
  return width;
}

double WidestWord(const Text& text, const Measure& measure) {
  double widest = 0;
  for (const Word& word : WordsOf(text)) widest = std::max(widest, WidthOf(word.pieces, measure));
  return widest;
}

}  // namespace parotis::report
