#include "dicom/identifiers.h"
#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace parotis::dicom {
namespace {

constexpr std::size_t kLeastBytes = 3;

bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Code points of UTF-8; bytes that are none stand for themselves, as in Latin-1.
std::u32string CodePoints(std::string_view text) {
  std::u32string points;
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1;
    char32_t point = length == 1 ? first : first & (0xFFU >> (length + 1));
    bool good = i + length <= text.size();
    for (std::size_t b = 1; good && b < length; ++b) {
      const auto next = static_cast<unsigned char>(text[i + b]);
      good = (next & 0xC0U) == 0x80U;
      point = point << 6U | (next & 0x3FU);
    }
    points += good ? point : first;
    i += good ? length : 1;
  }
  return points;
}

std::string Utf8(const std::u32string& points) {
  std::string out;
  for (const char32_t p : points) {
    if (p < 0x80) {
      out += static_cast<char>(p);
    } else if (p < 0x800) {
      out += {static_cast<char>(0xC0U | p >> 6U), static_cast<char>(0x80U | (p & 0x3FU))};
    } else if (p < 0x10000) {
      out += {static_cast<char>(0xE0U | p >> 12U), static_cast<char>(0x80U | (p >> 6U & 0x3FU)),
              static_cast<char>(0x80U | (p & 0x3FU))};
    } else {
      out += {static_cast<char>(0xF0U | p >> 18U), static_cast<char>(0x80U | (p >> 12U & 0x3FU)),
              static_cast<char>(0x80U | (p >> 6U & 0x3FU)), static_cast<char>(0x80U | (p & 0x3FU))};
    }
  }
  return out;
}

// Empty when a character is outside Latin-1.
std::string Latin1(const std::u32string& points) {
  std::string out;
  for (const char32_t p : points) {
    if (p > 0xFF) return {};
    out += static_cast<char>(p);
  }
  return out;
}

std::string Utf16(const std::u32string& points, bool big_endian) {
  std::string out;
  const auto add = [&](char32_t unit) {
    const char low = static_cast<char>(unit & 0xFFU), high = static_cast<char>(unit >> 8U);
    out += big_endian ? std::string{high, low} : std::string{low, high};
  };
  for (const char32_t p : points) {
    if (p < 0x10000) {
      add(p);
    } else {
      add(0xD800 + ((p - 0x10000) >> 10U));
      add(0xDC00 + ((p - 0x10000) & 0x3FFU));
    }
  }
  return out;
}

// Letters of Latin-1 beyond ASCII, Greek and Cyrillic: the regular distances between their cases.
char32_t OtherCase(char32_t p, bool upper) {
  const auto in = [&](char32_t first, char32_t last) { return p >= first && p <= last; };
  if (upper) {
    if ((in(0xE0, 0xFE) && p != 0xF7) || in(0x3B1, 0x3C9) || in(0x430, 0x44F)) return p - 0x20;
    return p;
  }
  if ((in(0xC0, 0xDE) && p != 0xD7) || in(0x391, 0x3A9) || in(0x410, 0x42F)) return p + 0x20;
  return p;
}

std::u32string InCase(std::u32string text, bool upper) {
  for (char32_t& p : text) p = OtherCase(p, upper);
  return text;
}

// How accented letters are written where only ASCII is to be had: `long_form` ü → ue, else ü → u.
std::u32string Plain(const std::u32string& text, bool long_form) {
  static constexpr std::u32string_view kFrom = U"äöüßåæøœÄÖÜÅÆØ";
  static constexpr std::array<const char*, 14> kLong = {"ae", "oe", "ue", "ss", "aa", "ae", "oe",
                                                        "oe", "ae", "oe", "ue", "aa", "ae", "oe"};
  static constexpr std::u32string_view kAccented = U"àáâãäåçèéêëìíîïñòóôõöøùúûüýÿÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝ";
  static constexpr std::string_view kBase = "aaaaaaceeeeiiiinoooooouuuuyyAAAAAACEEEEIIIINOOOOOOUUUUY";
  std::u32string plain;
  for (const char32_t p : text) {
    const std::size_t digraph = kFrom.find(p), accented = kAccented.find(p);
    if (long_form && digraph != std::u32string_view::npos) {
      for (const char* c = kLong[digraph]; *c != '\0'; ++c) plain += static_cast<char32_t>(*c);
    } else if (accented != std::u32string_view::npos) {
      plain += static_cast<char32_t>(kBase[accented]);
    } else {
      plain += p;
    }
  }
  return plain;
}

std::string_view TrimSpace(std::string_view text) {
  constexpr std::string_view kSpace(" \t\r\n\0", 5);
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string> SplitAtAny(std::string_view text, std::string_view separators) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (separators.find(c) == std::string_view::npos)
      parts.back() += c;
    else
      parts.emplace_back();
  }
  return parts;
}

// Found in every second name and in ordinary text: they tell nobody apart.
bool IsParticle(const std::string& word) {
  static const std::set<std::string> kParticles = {"von", "van",  "der",  "den", "del", "des",  "dos",  "med", "prof",
                                                   "mrs", "herr", "frau", "the", "and", "priv", "dipl", "phd"};
  return kParticles.contains(base::AsciiLower(word));
}

// What a match of `pattern` among chance bytes is worth, in bytes. Small 16-bit pixels look like UTF-16: every second
// byte is 0, and the others are not even.
std::size_t Weight(const std::string& pattern) {
  const auto zeros = static_cast<std::size_t>(std::count(pattern.begin(), pattern.end(), '\0'));
  return zeros == 0 ? pattern.size() : (pattern.size() - zeros) / 2;
}

}  // namespace

void Identifiers::AddPattern(std::string pattern) {
  if (pattern.size() >= kLeastBytes) patterns_.insert(base::AsciiLower(pattern));
}

void Identifiers::AddValue(std::string_view value) {
  const std::u32string points = CodePoints(TrimSpace(value));
  if (Utf8(points).size() < kLeastBytes) return;
  for (const std::u32string& text :
       {points, InCase(points, true), InCase(points, false), Plain(points, true), Plain(points, false)}) {
    AddPattern(Utf8(text));
    AddPattern(Latin1(text));
    AddPattern(Utf16(text, true));
    AddPattern(Utf16(text, false));
  }
}

void Identifiers::AddName(std::string_view name) {
  name = TrimSpace(name);
  AddValue(name);
  for (const std::string& component : SplitAtAny(name, "^=\\")) {
    AddValue(component);
    for (const std::string& word : SplitAtAny(component, " .,;-'()/_")) {
      if (!IsParticle(word)) AddValue(word);
    }
  }
}

void Identifiers::AddDate(std::string_view date) {
  date = TrimSpace(date).substr(0, 8);
  if (date.size() != 8 || !std::all_of(date.begin(), date.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return;
  }
  const std::string y(date.substr(0, 4)), m(date.substr(4, 2)), d(date.substr(6, 2));
  AddValue(date);
  for (const char* format : {"{0}-{1}-{2}", "{0}/{1}/{2}", "{0}.{1}.{2}", "{2}.{1}.{0}", "{2}/{1}/{0}", "{1}/{2}/{0}",
                             "{2}-{1}-{0}", "{2}{1}{0}", "{1}{2}{0}"}) {
    AddValue(fmt::format(fmt::runtime(format), y, m, d));
  }
}

void Identifiers::AddRaw(std::string_view bytes) { AddPattern(std::string(TrimSpace(bytes))); }

void Identifiers::Add(const Identifiers& others) { patterns_.insert(others.patterns_.begin(), others.patterns_.end()); }

void Identifiers::Prepare() {
  const auto key = [](const std::string& p) {
    return static_cast<std::size_t>(static_cast<unsigned char>(p[0])) << 8U | static_cast<unsigned char>(p[1]);
  };
  sorted_.assign(patterns_.begin(), patterns_.end());
  std::stable_sort(sorted_.begin(), sorted_.end(), [&](const std::string& a, const std::string& b) {
    return std::pair(key(a), b.size()) < std::pair(key(b), a.size());
  });
  starts_.assign(65537, 0);
  for (const std::string& pattern : sorted_) ++starts_[key(pattern) + 1];
  for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
}

std::optional<std::pair<std::size_t, std::size_t>> Identifiers::Find(std::string_view bytes, std::size_t least_bytes,
                                                                     std::size_t from) const {
  if (sorted_.empty()) return std::nullopt;
  for (std::size_t at = from; at + kLeastBytes <= bytes.size(); ++at) {
    const std::size_t key = static_cast<std::size_t>(static_cast<unsigned char>(base::AsciiLower(bytes[at]))) << 8U |
                            static_cast<unsigned char>(base::AsciiLower(bytes[at + 1]));
    for (std::uint32_t p = starts_[key]; p < starts_[key + 1]; ++p) {
      const std::string& pattern = sorted_[p];
      if (pattern.size() > bytes.size() - at || (least_bytes > kLeastBytes && Weight(pattern) < least_bytes)) continue;
      if (std::equal(pattern.begin(), pattern.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                     [](char a, char b) { return a == base::AsciiLower(b); }))
        return std::pair(at, pattern.size());
    }
  }
  return std::nullopt;
}

bool Identifiers::FindWord(std::string_view text) const {
  for (auto hit = Find(text); hit; hit = Find(text, kLeastBytes, hit->first + 1)) {
    const std::size_t end = hit->first + hit->second;
    const bool begins = hit->first == 0 || !IsWordByte(text[hit->first - 1]);
    if (begins && (end == text.size() || !IsWordByte(text[end]))) return true;
  }
  return false;
}

bool Identifiers::Holds(std::string_view value) const { return patterns_.contains(base::AsciiLower(value)); }

std::string Identifiers::Scrub(std::string_view text, std::string_view replacement) const {
  std::string clean;
  std::size_t kept_from = 0;
  for (auto hit = Find(text); hit; hit = Find(text, kLeastBytes, kept_from)) {
    std::size_t begin = hit->first, end = hit->first + hit->second;
    while (begin > kept_from && IsWordByte(text[begin - 1])) --begin;
    while (end < text.size() && IsWordByte(text[end])) ++end;
    clean.append(text.substr(kept_from, begin - kept_from)).append(replacement);
    kept_from = end;
  }
  return clean.append(text.substr(kept_from));
}

}  // namespace parotis::dicom
