// Free text of scanners (descriptions, protocol names) as comparable words: lower case, accents folded, split at
// everything that is neither letter nor digit.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace parotis::intake {

class Words {
 public:
  // Of all texts together; UTF-8.
  explicit Words(std::initializer_list<std::string_view> texts);

  bool Has(std::string_view word) const;
  bool HasAny(std::initializer_list<std::string_view> words) const;
  // A word that begins so: "prosta" finds prostate, Prostata, próstata.
  bool HasStem(std::string_view stem) const;
  bool HasAnyStem(std::initializer_list<std::string_view> stems) const;
  // Anywhere in the text, word or not; for names that are glued together ("DYNDISTCALC_BVAL").
  bool Contains(std::string_view part) const;
  bool ContainsAny(std::initializer_list<std::string_view> parts) const;

  // All texts, folded, each followed by a blank.
  const std::string& text() const { return text_; }
  const std::vector<std::string>& words() const { return words_; }

 private:
  std::string text_;
  std::vector<std::string> words_;
};

}  // namespace parotis::intake
