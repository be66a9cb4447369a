#include "intake/vocabulary.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <string_view>

namespace parotis::intake {
namespace {

using Strings = std::initializer_list<std::string_view>;

bool IsOneOf(std::string_view word, Strings list) { return std::find(list.begin(), list.end(), word) != list.end(); }

bool StartsWithOneOf(std::string_view word, Strings stems) {
  return std::any_of(stems.begin(), stems.end(), [&](std::string_view stem) { return word.starts_with(stem); });
}

bool IsNegation(std::string_view word) {
  return IsOneOf(
      word, {"without", "no", "non", "not", "ohne", "kein", "keine", "sans", "sin", "senza", "sem", "zonder", "geen"});
}

bool IsAgent(std::string_view word) {
  return IsOneOf(word, {"km", "gd", "gad", "gado", "mdc", "inj", "injection", "injecte", "iniezione", "inyeccion",
                        "injecao", "bolus"}) ||
         StartsWithOneOf(word, {"gado", "contrast", "kontrast", "dotarem", "prohance", "magnevist", "omniscan",
                                "clariscan", "elucirem", "multihance", "dotagraf"});
}

bool IsBefore(std::string_view word) {
  return IsOneOf(word, {"pre", "prae", "pra", "vor", "before", "avant", "antes", "prima", "voor"});
}

// Of the words at `at` and before it: a negation or a "before" that governs it, with at most one word between
// ("antes de contraste", "prima del mdc").
bool Governed(const std::vector<std::string>& words, std::size_t at) {
  for (std::size_t back = 1; back <= 2 && back <= at; ++back) {
    const std::string& word = words[at - back];
    if (IsNegation(word) || IsBefore(word)) return true;
    if (word == "o" && back < at && words[at - back - 1] == "w") return true;  // w/o
    if (word == "s" && back == 1) return true;                                 // s/ contraste
  }
  return false;
}

// `mark` ("+c") where nothing glues it to another word.
bool HasMark(const Words& words, std::string_view mark) {
  const std::string& text = words.text();
  const auto glued = [&](std::size_t at) { return std::isalnum(static_cast<unsigned char>(text[at])) != 0; };
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    const std::size_t end = at + mark.size();
    const bool free_front = mark.front() == '+' || at == 0 || !glued(at - 1);
    const bool free_back = mark.back() == '+' || end >= text.size() || !glued(end);
    if (free_front && free_back) return true;
  }
  return false;
}

bool IsTimeAfterOther(const std::vector<std::string>& words, std::size_t at) {
  return at + 1 < words.size() && StartsWithOneOf(words[at + 1], {"op", "rt", "rad", "chir", "biops", "therap", "treat",
                                                                  "chemo", "proc", "auric"});
}

// The weighting's name: "t1", "t1w", "t1fs", but not the vertebra "t12".
bool NamesWeighting(const Words& words, std::string_view name) {
  return std::any_of(words.words().begin(), words.words().end(), [&](const std::string& word) {
    return word.starts_with(name) &&
           (word.size() == name.size() || std::isdigit(static_cast<unsigned char>(word[name.size()])) == 0);
  });
}

bool IsFat(std::string_view word) {
  return IsOneOf(word, {"fat", "fett", "graisse", "graisses", "grasa", "grasso", "gordura", "vet"});
}

bool IsSuppression(std::string_view word) {
  return StartsWithOneOf(word, {"sat", "sup", "sop", "unter", "onder", "gesat", "null"});
}

bool SaysFatThenSuppression(const std::vector<std::string>& words) {
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (!IsFat(words[at])) continue;
    const std::size_t first = at >= 2 ? at - 2 : 0;
    for (std::size_t near = first; near < std::min(words.size(), at + 2); ++near) {
      if (near != at && IsSuppression(words[near]) && !Governed(words, std::min(at, near))) return true;
    }
  }
  return false;
}

}  // namespace

AgentSaid AgentSaidBy(const Words& said) {
  AgentSaid result;
  const std::vector<std::string>& words = said.words();
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (IsOneOf(word, {"precontrast", "pregd", "pregado", "prekm", "nativ", "native", "nativo", "nativa", "natif",
                       "nonenhanced", "unenhanced", "plain", "nc", "nongd", "noncontrast", "blanco", "basal"}))
      result.before = true;
    if (word == "pre" && (at + 1 == words.size() || words[at + 1] != "sat")) result.before = true;
    if (IsOneOf(word, {"postgd", "postcontrast", "postkm", "postgado", "postinj", "ce", "t1c", "t1ce", "t1gd", "t1km",
                       "t1post", "enhanced"}))
      result.after = true;
    if (word == "post" && !IsTimeAfterOther(words, at)) result.after = true;
    if (IsAgent(word)) (Governed(words, at) ? result.before : result.after) = true;
  }
  if (HasMark(said, "+c") || HasMark(said, "c+") || HasMark(said, "+gd") || HasMark(said, "+ gd") ||
      HasMark(said, "+km") || HasMark(said, "+ km") || said.ContainsAny({"增强", "造影"}))
    result.after = true;
  if (said.Contains("平扫")) result.before = true;
  return result;
}

WeightingSaid WeightingSaidBy(const Words& words) {
  WeightingSaid said;
  said.flair = words.ContainsAny({"flair", "dark fluid", "dark-fluid", "darkfluid"});
  said.t1 = NamesWeighting(words, "t1");
  said.t2 = NamesWeighting(words, "t2") || words.HasAny({"stir", "tirm", "fstir"});
  return said;
}

bool SaysFatSuppressed(const Words& said) {
  const std::vector<std::string>& words = said.words();
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (!IsOneOf(words[at], {"fs",
                             "fatsat",
                             "fsat",
                             "spir",
                             "spair",
                             "aspir",
                             "stir",
                             "tirm",
                             "fstir",
                             "fatsup",
                             "fatsupp",
                             "supfat",
                             "ideal",
                             "water",
                             "proset",
                             "chess",
                             "fettges",
                             "fettsat",
                             "fettgesattigt",
                             "satfat",
                             "t1fs",
                             "t2fs",
                             "satgraisse",
                             "fettunterdruckt",
                             "fatsuppressed",
                             "vetsat",
                             "vetonderdrukking"}))
      continue;
    if (!Governed(words, at)) return true;
  }
  return SaysFatThenSuppression(words) || said.ContainsAny({"dixon_w", "dixon w"});
}

bool NamesNeck(const Words& words) {
  if (words.HasAnyStem({"halswirbel"})) return false;
  return words.HasAnyStem({"parot", "speichel", "ohrspeichel", "saliv", "hals", "cuello", "collo", "pescoco"}) ||
         words.HasAny({"neck", "cou", "ent", "hno", "orl", "kno"});
}

bool NamesAnotherRegion(const Words& words) {
  return words.HasAnyStem({"brain",      "hirn",   "neurocran", "cerveau", "encefal",  "enceph",       "cerebr",
                           "halswirbel", "thorax", "orbit",     "larynx",  "kehlkopf", "kiefergelenk", "felsenbein",
                           "hypophys",   "pituit", "abdomen",   "leber",   "liver",    "pelvis",       "becken",
                           "spine",      "wirbel", "rachis",    "colonne", "columna",  "mediast",      "cspine"}) ||
         words.HasAny({"hws", "tmj", "iac", "iam", "kopf", "head"});
}

bool SaysSubtraction(const Words& said) {
  const std::vector<std::string>& words = said.words();
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (StartsWithOneOf(words[at], {"subtr", "subtrak", "substr", "soustr", "sottraz", "sustrac"}) ||
        words[at] == "aftrek" || words[at] == "resta")
      return true;
    const bool of_a_place =
        at + 1 < words.size() && StartsWithOneOf(words[at + 1], {"mand", "max", "ment", "ling", "occ", "cut", "glott"});
    if (IsOneOf(words[at], {"sub", "subs"}) && !of_a_place) return true;
  }
  return false;
}

}  // namespace parotis::intake
