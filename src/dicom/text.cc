#include "dicom/text.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcspchrs.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "dicom/code_extensions.h"

namespace parotis::dicom {
namespace {

constexpr std::string_view kLayout = "\t\n\f\r";
constexpr std::string_view kPadding(" \0\t\r\n", 5);  // NUL: PS3.5 section 6.2 allows it behind a UID

// Bytes of the well-formed UTF-8 character at the front (Unicode 15, table 3-7); 0 when there is none.
std::size_t CharacterLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (!continues(1) || !continues(2)) return 0;
    if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F)) return 0;
    return 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    if ((first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F)) return 0;
    return 4;
  }
  return 0;
}

std::string Utf8FromLatin1(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xC0U | (byte >> 6U));
      out += static_cast<char>(0x80U | (byte & 0x3FU));
    }
  }
  return out;
}

bool IsAscii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80 || c == '\x1b') return false;
  }
  return true;
}

// Valid UTF-8 without control characters; as long as it was.
std::string Sanitised(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = CharacterLength(text);
    const auto first = static_cast<unsigned char>(text.front());
    if (length == 0) {
      out += '?';
    } else if (length > 1) {
      // C1 controls (U+0080 … U+009F) steer terminals as the C0 ones do.
      const bool control = first == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0;
      out += control ? std::string_view(" ") : text.substr(0, length);
    } else {
      out += first < 0x20 || first == 0x7F ? ' ' : text.front();
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

// As UTF-8 where it can be converted, else as it was.
std::string Converted(std::string_view text, const std::string& character_set) {
  if (IsAscii(text) || character_set == "ISO_IR 192") return std::string(text);
  if (character_set == "ISO_IR 100") return Utf8FromLatin1(text);
  // DCMTK with the C library's iconv knows none of these sets.
  if (auto extended = Utf8FromCodeExtensions(text, character_set)) return *std::move(extended);
  DcmSpecificCharacterSet converter;
  OFString converted;
  if (!character_set.empty() &&
      converter.selectCharacterSet(OFString(character_set.data(), character_set.size()), "ISO_IR 192").good() &&
      converter.convertString(OFString(text.data(), text.size()), converted, "\\^=").good()) {
    return {converted.data(), converted.size()};
  }
  return std::string(text);
}

}  // namespace

std::string CleanText(std::string_view text) {
  const std::string clean = Sanitised(base::Trimmed(text, kPadding));
  return std::string(base::Trimmed(clean, kPadding));
}

std::string Utf8FromDicom(std::string_view text, const std::string& character_set) {
  return CleanText(Converted(text, character_set));
}

std::string Utf8LinesFromDicom(std::string_view text, const std::string& character_set) {
  std::string lines;
  // Code extensions end with the line (PS3.5 6.1.2.5.3).
  while (true) {
    const std::size_t end = std::min(text.find_first_of(kLayout), text.size());
    lines += Sanitised(Converted(text.substr(0, end), character_set));
    if (end == text.size()) break;
    lines += text[end];
    text.remove_prefix(end + 1);
  }
  lines.resize(lines.find_last_not_of(' ') + 1);
  return lines;
}

std::vector<std::string> SplitValues(std::string_view text) {
  std::vector<std::string> values;
  if (base::Trimmed(text, kPadding).empty()) return values;
  while (true) {
    const auto end = text.find('\\');
    values.emplace_back(base::Trimmed(text.substr(0, end), kPadding));
    if (end == std::string_view::npos) return values;
    text.remove_prefix(end + 1);
  }
}

std::optional<double> ParseNumber(std::string_view text) {
  text = base::Trimmed(text, kPadding);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace parotis::dicom
