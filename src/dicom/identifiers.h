// Everything that identifies a patient in some files, as bytes to look for: in UTF-8, Latin-1, UTF-16 of both byte
// orders and as the file had it, whatever the case of the letters, umlauts also as two letters and without dots, dates
// in the usual ways of writing. Values of fewer than three bytes are not looked for: they occur everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parotis::dicom {

class Identifiers {
 public:
  // A person's name (PS3.5 6.2.1): the whole, every component, and every word but titles and particles. UTF-8.
  void AddName(std::string_view name);
  // A number, an address, an institution: the value as a whole. UTF-8.
  void AddValue(std::string_view value);
  // YYYYMMDD, alone or with a time behind it.
  void AddDate(std::string_view date);
  // As the file has it, in whatever character set.
  void AddRaw(std::string_view bytes);
  void Add(const Identifiers& others);

  bool empty() const { return patterns_.empty(); }

  // The first place where an identifier of at least `least_bytes` begins, and its length; absent when there is none.
  // Chance bytes (pixels) want a larger `least_bytes`; patterns in UTF-16 then count for a half. Thread-safe once
  // Prepare was called.
  std::optional<std::pair<std::size_t, std::size_t>> Find(std::string_view bytes, std::size_t least_bytes = 3,
                                                          std::size_t from = 0) const;
  // The same for a whole word: no letter or digit before and behind it.
  bool FindWord(std::string_view text) const;
  // Whether `value` as a whole is one, whatever the case of its letters.
  bool Holds(std::string_view value) const;
  // Every identifier in `text` replaced, each with the rest of the word that it stands in.
  std::string Scrub(std::string_view text, std::string_view replacement = "") const;
  // Builds what Find looks up; to be called after the last Add.
  void Prepare();

 private:
  void AddPattern(std::string pattern);

  std::set<std::string> patterns_;     // ASCII letters in lower case
  std::vector<std::string> sorted_;    // by their first two bytes, then longest first
  std::vector<std::uint32_t> starts_;  // [first two bytes] → first of sorted_; 65537 values
};

}  // namespace parotis::dicom
