#include "dataset/histology_codes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "dataset/participants.h"

namespace parotis::dataset {
namespace {

using base::ErrorKind;

bool IsDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool IsAlnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

// Lower case, one space between words.
std::string Normalised(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool space = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (space && (out.empty() || out.back() == ' ')) continue;
    out += space ? ' ' : base::AsciiLower(c);
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

bool IsMorphologyAt(const std::string& text, std::size_t at) {
  if (at + 6 > text.size() || text[at + 4] != '/') return false;
  const bool digits = std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at),
                                  text.begin() + static_cast<std::ptrdiff_t>(at + 4), IsDigit) &&
                      IsDigit(text[at + 5]);
  const bool starts = at == 0 || !IsAlnum(text[at - 1]) ||
                      ((text[at - 1] == 'm' || text[at - 1] == 'M') && (at == 1 || !IsAlnum(text[at - 2])));
  return digits && starts && (at + 6 == text.size() || !IsAlnum(text[at + 6]));
}

// Every ICD-O-3 morphology in the text; five digits, with or without M, when they are all there is.
std::vector<std::string> MorphologiesIn(const std::string& text) {
  std::vector<std::string> found;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (IsMorphologyAt(text, at)) found.push_back(text.substr(at, 6));
  }
  std::string digits = Normalised(text);
  if (digits.starts_with("m-")) digits.erase(0, 2);
  if (digits.starts_with('m')) digits.erase(0, 1);
  if (digits.size() == 5 && std::all_of(digits.begin(), digits.end(), IsDigit))
    found.push_back(digits.substr(0, 4) + "/" + digits.substr(4));
  return found;
}

// A cell that is one code of another system: "SCT:8360001", or digits too long for a morphology.
std::vector<std::string> OtherCodesIn(const std::string& text) {
  const std::string cell = Normalised(text);
  const bool number = cell.size() >= 6 && cell.size() <= 18 && std::all_of(cell.begin(), cell.end(), IsDigit);
  if (number) return {"sct:" + cell};
  const bool coded = cell.find(':') != std::string::npos && cell.find(' ') == std::string::npos;
  return coded ? std::vector<std::string>{cell} : std::vector<std::string>{};
}

bool Fits(const std::string& code, const std::string& pattern) {
  const std::string wanted = Normalised(pattern);
  if (code.size() != wanted.size()) return false;
  const bool morphology = wanted.find('/') != std::string::npos;
  for (std::size_t at = 0; at < code.size(); ++at) {
    const bool any_digit = morphology && wanted[at] == 'x' && IsDigit(code[at]);
    if (!any_digit && code[at] != wanted[at]) return false;
  }
  return true;
}

struct Match {
  const HistologyClass* of = nullptr;
  std::string pattern;
};

Match MatchOf(const std::string& code, const HistologyCodes& codes) {
  Match best;
  std::ptrdiff_t fewest = 0;
  for (const HistologyClass& each : codes.classes) {
    for (const std::string& pattern : each.patterns) {
      if (!Fits(code, pattern)) continue;
      const std::ptrdiff_t wildcards = std::count(pattern.begin(), pattern.end(), 'x');
      if (best.of != nullptr && wildcards >= fewest) continue;
      best = {&each, pattern};
      fewest = wildcards;
    }
  }
  return best;
}

void CheckPattern(const std::string& pattern, const std::string& where) {
  const auto is_part = [](char c) { return IsDigit(c) || c == 'x'; };
  const bool morphology = pattern.size() == 6 && pattern[4] == '/' &&
                          std::all_of(pattern.begin(), pattern.begin() + 4, is_part) && is_part(pattern[5]);
  const auto colon = pattern.find(':');
  const bool coded = colon != std::string::npos && colon > 0 && colon + 1 < pattern.size();
  if (!morphology && !coded)
    base::Throw(ErrorKind::kInput,
                fmt::format("{}: \"{}\" is neither an ICD-O-3 morphology (\"8940/0\", \"959x/3\") nor scheme:value",
                            where, pattern));
}

void CheckUnique(const HistologyCodes& codes, const std::string& name) {
  std::map<std::string, std::string> owners;
  for (const HistologyClass& each : codes.classes) {
    std::vector<std::string> all = each.patterns;
    all.insert(all.end(), each.phrases.begin(), each.phrases.end());
    for (const std::string& text : all) {
      const auto [owner, is_new] = owners.emplace(Normalised(text), each.name);
      if (!is_new)
        base::Throw(ErrorKind::kInput, fmt::format("{}: \"{}\" stands twice, in {} and {}; keep one", name, text,
                                                   owner->second, each.name));
    }
  }
}

HistologyClass ReadClass(const base::Json& json, const std::string& class_name, const std::string& where) {
  HistologyClass result;
  result.name = class_name;
  base::JsonObject object(json, where);
  object.Read("codes", result.patterns);
  object.Read("words", result.phrases);
  object.Finish();
  for (const std::string& pattern : result.patterns) CheckPattern(pattern, object.PathOf("codes"));
  return result;
}

}  // namespace

HistologyCodes ReadHistologyCodes(const std::filesystem::path& path) {
  const base::Json json = base::ReadJson(path);
  base::JsonObject object(json, path.string());
  HistologyCodes codes;
  base::JsonObject columns = object.Object("columns");
  columns.ReadRequired("patient", codes.patient_columns);
  columns.Read("case", codes.case_columns);
  columns.ReadRequired("diagnosis", codes.diagnosis_columns);
  columns.Finish();
  const base::Json& classes = object.Require("classes");
  if (!classes.is_object()) base::Throw(ErrorKind::kInput, object.PathOf("classes") + " must be an object");
  for (const auto& [name, json_class] : classes.items())
    codes.classes.push_back(ReadClass(json_class, name, object.PathOf("classes") + "." + name));
  if (object.Has("without_class"))
    codes.classes.push_back(ReadClass(object.Require("without_class"), "", object.PathOf("without_class")));
  object.Finish();
  CheckUnique(codes, path.string());
  return codes;
}

std::vector<std::string> ClassNames(const HistologyCodes& codes) {
  std::vector<std::string> names;
  for (const HistologyClass& each : codes.classes) {
    if (!each.name.empty() && each.name != kTumourFree) names.push_back(each.name);
  }
  return names;
}

std::optional<RecognisedHistology> Recognise(const std::string& cell, const HistologyCodes& codes) {
  std::vector<std::string> found = MorphologiesIn(cell);
  if (found.empty()) found = OtherCodesIn(cell);
  std::optional<RecognisedHistology> recognised;
  for (const std::string& code : found) {
    const Match match = MatchOf(code, codes);
    if (match.of == nullptr) return std::nullopt;  // one unknown code makes the cell unknown
    if (recognised && recognised->class_name != match.of->name) recognised->contradictory = true;
    if (!recognised) recognised = RecognisedHistology{match.of->name, match.pattern, false};
  }
  if (recognised || !found.empty()) return recognised;
  for (const HistologyClass& each : codes.classes) {
    for (const std::string& phrase : each.phrases) {
      if (Normalised(phrase) == Normalised(cell)) return RecognisedHistology{each.name, phrase, false};
    }
  }
  return std::nullopt;
}

}  // namespace parotis::dataset
