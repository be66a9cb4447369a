#include "intake/body_part.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "intake/words.h"

namespace parotis::intake {
namespace {

struct Statement {
  std::string source;  // "BodyPartExamined", "the description of series 3"
  std::string text;
};

// How a term is compared: `kWord` as a whole word, `kStem` as the beginning of one, `kPart` anywhere.
enum class Match { kWord, kStem, kPart };

struct Term {
  std::string_view text;
  Match match;
};

// English, German, French, Spanish, Italian, Portuguese, Dutch; some Chinese and Japanese. Accents are folded by Words.
constexpr Term kHeadAndNeck[] = {
    {"parot", Match::kStem},       {"ohrspeichel", Match::kStem},
    {"speichel", Match::kStem},    {"saliv", Match::kStem},
    {"speeksel", Match::kStem},    {"headneck", Match::kWord},
    {"head neck", Match::kPart},   {"head and neck", Match::kPart},
    {"head & neck", Match::kPart}, {"kopf hals", Match::kPart},
    {"kopf-hals", Match::kPart},   {"neck", Match::kWord},
    {"hals", Match::kWord},        {"cou", Match::kWord},
    {"cuello", Match::kWord},      {"collo", Match::kWord},
    {"pescoco", Match::kWord},     {"cervicofac", Match::kStem},
    {"orl", Match::kWord},         {"hno", Match::kWord},
    {"ent", Match::kWord},         {"kno", Match::kWord},
    {"larynx", Match::kWord},      {"pharyn", Match::kStem},
    {"nasopharyn", Match::kStem},  {"oropharyn", Match::kStem},
    {"hypopharyn", Match::kStem},  {"tongue", Match::kWord},
    {"zunge", Match::kStem},       {"submandib", Match::kStem},
    {"sublingual", Match::kStem},  {"thyroid", Match::kWord},
    {"腮腺", Match::kPart},        {"唾液腺", Match::kPart},
    {"颈", Match::kPart},          {"頸部", Match::kPart},
    {"頭頸", Match::kPart},        {"头颈", Match::kPart},
    {"耳下腺", Match::kPart},
};

constexpr Term kNeighbours[] = {
    {"brain", Match::kWord},    {"gehirn", Match::kStem},   {"cerebr", Match::kStem},
    {"cerveau", Match::kWord},  {"cervello", Match::kWord}, {"encefalo", Match::kWord},
    {"encephal", Match::kStem}, {"hersen", Match::kStem},   {"orbit", Match::kStem},
    {"pituit", Match::kStem},   {"hypophys", Match::kStem}, {"cspine", Match::kWord},
    {"c-spine", Match::kPart},  {"hws", Match::kWord},      {"cervical spine", Match::kPart},
    {"iac", Match::kWord},      {"halswirb", Match::kStem}, {"脑", Match::kPart},
    {"脳", Match::kPart},
};

constexpr Term kElsewhere[] = {
    {"prosta", Match::kStem},    {"pelvi", Match::kStem},      {"becken", Match::kStem},    {"bassin", Match::kWord},
    {"bacino", Match::kWord},    {"bekken", Match::kWord},     {"knee", Match::kWord},      {"knie", Match::kStem},
    {"genou", Match::kWord},     {"rodilla", Match::kWord},    {"ginocchio", Match::kWord}, {"joelho", Match::kWord},
    {"breast", Match::kWord},    {"mamma", Match::kStem},      {"mammo", Match::kStem},     {"brust", Match::kStem},
    {"mama", Match::kWord},      {"borst", Match::kWord},      {"liver", Match::kWord},     {"leber", Match::kWord},
    {"foie", Match::kWord},      {"higado", Match::kWord},     {"fegato", Match::kWord},    {"figado", Match::kWord},
    {"hepat", Match::kStem},     {"abdom", Match::kStem},      {"heart", Match::kWord},     {"cardiac", Match::kWord},
    {"kardio", Match::kStem},    {"herz", Match::kWord},       {"coeur", Match::kWord},     {"corazon", Match::kWord},
    {"cuore", Match::kWord},     {"chest", Match::kWord},      {"thorax", Match::kWord},    {"lung", Match::kStem},
    {"kidney", Match::kWord},    {"renal", Match::kWord},      {"niere", Match::kStem},     {"rein", Match::kWord},
    {"pancrea", Match::kStem},   {"pankrea", Match::kStem},    {"rectum", Match::kWord},    {"rektum", Match::kWord},
    {"uter", Match::kStem},      {"ovar", Match::kStem},       {"bladder", Match::kWord},   {"shoulder", Match::kWord},
    {"schulter", Match::kStem},  {"epaule", Match::kWord},     {"hombro", Match::kWord},    {"spalla", Match::kWord},
    {"hip", Match::kWord},       {"hueft", Match::kStem},      {"huft", Match::kStem},      {"hanche", Match::kWord},
    {"cadera", Match::kWord},    {"anca", Match::kWord},       {"ankle", Match::kWord},     {"foot", Match::kWord},
    {"fuss", Match::kWord},      {"cheville", Match::kWord},   {"wrist", Match::kWord},     {"hand", Match::kWord},
    {"elbow", Match::kWord},     {"ellenbogen", Match::kWord}, {"lspine", Match::kWord},    {"tspine", Match::kWord},
    {"lumbar", Match::kWord},    {"lws", Match::kWord},        {"bws", Match::kWord},       {"thoracic", Match::kWord},
    {"leg", Match::kWord},       {"thigh", Match::kWord},      {"femur", Match::kWord},     {"wholebody", Match::kWord},
    {"extremity", Match::kWord}, {"前列腺", Match::kPart},     {"膝", Match::kPart},        {"乳腺", Match::kPart},
    {"乳房", Match::kPart},      {"肝", Match::kPart},         {"骨盆", Match::kPart},      {"骨盤", Match::kPart},
};

bool Matches(const Words& words, const Term& term) {
  switch (term.match) {
    case Match::kWord: return words.Has(term.text);
    case Match::kStem: return words.HasStem(term.text);
    case Match::kPart: return words.Contains(term.text);
  }
  return false;
}

template <std::size_t N>
const Statement* FirstThatSays(const std::vector<Statement>& statements, const Term (&terms)[N]) {
  for (const Statement& statement : statements) {
    const Words words({statement.text});
    for (const Term& term : terms) {
      if (Matches(words, term)) return &statement;
    }
  }
  return nullptr;
}

// The attribute made for it first, free text last.
std::vector<Statement> StatementsOf(const dicom::Study& study) {
  std::vector<Statement> statements;
  const auto add = [&](std::string source, const std::string& text) {
    if (!text.empty()) statements.push_back({std::move(source), text});
  };
  for (const dicom::Series& series : study.series) add("BodyPartExamined of " + NameOf(series), series.body_part);
  for (const dicom::Series& series : study.series)
    add("the anatomic region of " + NameOf(series), series.anatomic_region);
  add("the study description", study.description);
  for (const dicom::Series& series : study.series) add("the protocol of " + NameOf(series), series.protocol);
  for (const dicom::Series& series : study.series) add(NameOf(series), series.description);
  return statements;
}

std::string Quote(const Statement& statement) {
  return fmt::format("{} says \"{}\"", statement.source, statement.text);
}

}  // namespace

std::string NameOf(Verdict verdict) {
  if (verdict == Verdict::kAccept) return "accept";
  return verdict == Verdict::kFlag ? "flag" : "refuse";
}

Eligibility CheckHeadAndNeck(const dicom::Study& study) {
  const std::vector<Statement> statements = StatementsOf(study);
  if (const Statement* elsewhere = FirstThatSays(statements, kElsewhere)) {
    return {Verdict::kRefuse, fmt::format("this is not a study of the head and neck: {}", Quote(*elsewhere)),
            "body_part_elsewhere"};
  }
  const Statement* supports = FirstThatSays(statements, kHeadAndNeck);
  const Statement* neighbour = FirstThatSays(statements, kNeighbours);
  if (supports != nullptr && neighbour == nullptr) return {Verdict::kAccept, Quote(*supports), ""};
  if (supports != nullptr) {
    return {Verdict::kFlag,
            fmt::format("{}, but {}: make sure that the parotid glands are in the images", Quote(*neighbour),
                        Quote(*supports)),
            "body_part_silent"};
  }
  if (neighbour != nullptr) {
    return {Verdict::kRefuse,
            fmt::format("this is not a study of the head and neck: {}, and nothing names the neck or a salivary gland",
                        Quote(*neighbour)),
            "body_part_elsewhere"};
  }
  return {Verdict::kFlag, "nothing in the study says that it is of the head and neck: make sure that it is",
          "body_part_silent"};
}

}  // namespace parotis::intake
