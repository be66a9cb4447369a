#include "dicom/code_extensions.h"

#include <iconv.h>

#include <algorithm>
#include <array>

namespace parotis::dicom {
namespace {

constexpr char kEscape = '\x1b';
constexpr unsigned char kHigh = 0x80;

// What a byte below (G0) or from 0x80 on (G1) stands for.
enum class Set { kNone, kAscii, kKatakana, kJisX0208, kJisX0212, kKorean, kChinese };

struct Designation {
  std::string_view sequence;  // behind ESC
  bool is_g1;
  Set set;
};
// PS3.3, tables C.12-3 and C.12-4. JIS X 0201's romaji is read as ASCII: a yen sign there is a backslash to all others.
constexpr std::array<Designation, 8> kDesignations = {{{"(B", false, Set::kAscii},
                                                       {"(J", false, Set::kAscii},
                                                       {")I", true, Set::kKatakana},
                                                       {"$B", false, Set::kJisX0208},
                                                       {"$@", false, Set::kJisX0208},
                                                       {"$(D", false, Set::kJisX0212},
                                                       {"$)C", true, Set::kKorean},
                                                       {"$)A", true, Set::kChinese}}};

bool IsTwoBytes(Set set) { return set != Set::kAscii && set != Set::kKatakana && set != Set::kNone; }

// The set's characters in one of the encodings that iconv(3) knows.
const char* EncodingOf(Set set) {
  switch (set) {
    case Set::kKorean: return "EUC-KR";
    case Set::kChinese: return "EUC-CN";
    default: return "EUC-JP";
  }
}

std::string Encoded(Set set, std::string_view character) {
  std::string bytes;
  if (set == Set::kKatakana) bytes += '\x8e';
  if (set == Set::kJisX0212) bytes += '\x8f';
  for (const char byte : character) bytes += static_cast<char>(static_cast<unsigned char>(byte) | kHigh);
  return bytes;
}

// False: it stands for nothing.
bool AppendUtf8(Set set, std::string_view character, std::string& out) {
  const iconv_t converter = ::iconv_open("UTF-8", EncodingOf(set));
  // NOLINTNEXTLINE(performance-no-int-to-ptr): iconv_open(3) fails with (iconv_t) −1
  if (converter == reinterpret_cast<iconv_t>(-1)) return false;
  std::string bytes = Encoded(set, character);
  std::array<char, 16> buffer{};
  char* from = bytes.data();
  char* to = buffer.data();
  std::size_t left = bytes.size(), room = buffer.size();
  const bool well = ::iconv(converter, &from, &left, &to, &room) != static_cast<std::size_t>(-1) && left == 0;
  ::iconv_close(converter);
  if (well) out.append(buffer.data(), buffer.size() - room);
  return well;
}

class Reader {
 public:
  explicit Reader(Set first_g1) : first_g1_(first_g1), g1_(first_g1) {}

  std::optional<std::string> Read(std::string_view text) {
    while (!text.empty()) {
      const std::size_t taken = text.front() == kEscape ? Designate(text.substr(1)) : Character(text);
      if (taken == 0) return std::nullopt;
      text.remove_prefix(taken);
    }
    return out_;
  }

 private:
  std::size_t Designate(std::string_view rest) {
    for (const Designation& each : kDesignations) {
      if (!rest.starts_with(each.sequence)) continue;
      (each.is_g1 ? g1_ : g0_) = each.set;
      return each.sequence.size() + 1;
    }
    return 0;
  }

  std::size_t Character(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    const Set set = first < kHigh ? g0_ : g1_;
    if (set == Set::kNone) return 0;
    if (first < 0x20 || set == Set::kAscii) return Plain(text.front());
    const std::size_t length = IsTwoBytes(set) ? 2 : 1;
    return text.size() >= length && AppendUtf8(set, text.substr(0, length), out_) ? length : 0;
  }

  // Lines, values and the parts of names begin anew (PS3.5 6.1.2.5.3).
  std::size_t Plain(char character) {
    out_ += character;
    if (static_cast<unsigned char>(character) < 0x20 || character == '\\' || character == '^' || character == '=') {
      g0_ = Set::kAscii;
      g1_ = first_g1_;
    }
    return 1;
  }

  const Set first_g1_;
  Set g0_ = Set::kAscii, g1_;
  std::string out_;
};

}  // namespace

std::optional<std::string> Utf8FromCodeExtensions(std::string_view text, std::string_view character_set) {
  constexpr std::array<std::string_view, 5> kTerms = {"IR 13", "IR 58", "IR 87", "IR 149", "IR 159"};
  const std::string_view first = character_set.substr(0, character_set.find('\\'));
  const bool is_katakana = first == "ISO_IR 13" || first == "ISO 2022 IR 13";
  const auto is_named = [&](std::string_view term) {
    for (std::size_t at = character_set.find("ISO 2022 "); at != std::string_view::npos;
         at = character_set.find("ISO 2022 ", at + 1)) {
      const std::string_view rest = character_set.substr(at + 9);
      if (rest.substr(0, rest.find('\\')) == term) return true;
    }
    return false;
  };
  if (!is_katakana && std::none_of(kTerms.begin(), kTerms.end(), is_named)) return std::nullopt;
  return Reader(is_katakana ? Set::kKatakana : Set::kNone).Read(text);
}

}  // namespace parotis::dicom
