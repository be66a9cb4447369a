#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"
#include "parotis_reporting_checklists.h"
#include "report/contrast_sections.h"

namespace parotis::report {
namespace {

constexpr const char* kAuthors = "to be filled by the authors";
constexpr const char* kFile = "reporting-checklists.json";

std::set<std::string> SectionsOf(const Document& document) {
  std::set<std::string> sections = {kLimitsSection};  // which follows
  for (const Block& block : document.blocks) {
    if (const auto* heading = std::get_if<Heading>(&block)) sections.insert(heading->text);
  }
  return sections;
}

// What an item may ask of the study, by the name it has in the file.
bool Has(const StudyAnalysis& study, const std::string& what) {
  if (what == "ensemble") return study.input.is_nested;
  if (what == "pairs") return !study.comparisons.pairs.empty();
  base::Throw(base::ErrorKind::kInternal, fmt::format("{}: \"when\" does not know {}", kFile, what));
}

struct Item {
  std::string number, topic, section, authors, when, otherwise, synthetic, answer;
};

Item ReadItem(const base::Json& json) {
  base::JsonObject object(json, kFile);
  Item item;
  object.ReadRequired("item", item.number);
  object.ReadRequired("topic", item.topic);
  object.Read("section", item.section);
  object.Read("authors", item.authors);
  object.Read("when", item.when);
  object.Read("otherwise", item.otherwise);
  object.Read("synthetic", item.synthetic);
  object.Read("answer", item.answer);
  object.Finish();
  return item;
}

// Never more than what is on the page: a section that is not there answers nothing.
Text AnswerOf(const Item& item, const StudyAnalysis& study, const std::set<std::string>& sections) {
  const Text authors(kAuthors, Style::kSoft);
  if (!item.answer.empty()) return item.answer;
  if (study.is_synthetic() && !item.synthetic.empty()) return item.synthetic;
  if (!item.when.empty() && !Has(study, item.when)) return item.otherwise.empty() ? authors : Text(item.otherwise);
  if (!sections.contains(item.section)) return authors;
  Text answer("“" + item.section + "”");
  if (!item.authors.empty()) answer.Soft("; the authors add " + item.authors);
  return answer;
}

Table TableOf(base::JsonObject& checklist, const StudyAnalysis& study, const std::set<std::string>& sections) {
  Table table{fmt::format("{}: {}", checklist.Get<std::string>("name"), checklist.Get<std::string>("citation")),
              {{"Item", Align::kLeft}, {"Topic", Align::kLeft}, {"Where on this page", Align::kLeft}},
              {},
              {checklist.Get<std::string>("numbers")}};
  for (const base::Json& entry : checklist.Require("items")) {
    const Item item = ReadItem(entry);
    table.Add({item.number, item.topic, AnswerOf(item, study, sections)});
  }
  checklist.Finish();
  return table;
}

}  // namespace

void AddChecklists(Document& document, const StudyAnalysis& study) {
  const std::set<std::string> sections = SectionsOf(document);
  document.Section(kChecklistsSection);
  document.Say(
      "Where this page answers an item, and what it cannot know. Topics are in our words; the published checklists "
      "decide.");
  const base::Json json = base::ParseJson(kReportingChecklists, kFile);
  for (const base::Json& list : json.at("checklists")) {
    base::JsonObject checklist(list, kFile);
    document.Add(TableOf(checklist, study, sections));
  }
}

}  // namespace parotis::report
