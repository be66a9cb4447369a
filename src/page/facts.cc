#include "page/facts.h"

#include <algorithm>

#include "base/error.h"
#include "dicom/dicom_json.h"

namespace parotis::page {
namespace {

constexpr std::size_t kMost = 20'000;

// The first value of an attribute in the DICOM JSON model (PS3.18 F.2).
std::string ValueIn(const base::Json& header, const char* tag) {
  const auto attribute = header.find(tag);
  if (attribute == header.end()) return "";
  const auto values = attribute->find("Value");
  if (values == attribute->end() || !values->is_array() || values->empty()) return "";
  const base::Json& value = values->at(0);
  if (value.is_string()) return value.get<std::string>();
  // Person names have up to three representations; the alphabetic one, else the ideographic one.
  for (const char* kind : {"Alphabetic", "Ideographic", "Phonetic"}) {
    if (value.is_object() && value.contains(kind) && value[kind].is_string()) return value[kind].get<std::string>();
  }
  return "";
}

PatientFacts FactsOf(const base::Json& header) {
  return {.name = ValueIn(header, "00100010"),
          .id = ValueIn(header, "00100020"),
          .birth_date = ValueIn(header, "00100030"),
          .sex = ValueIn(header, "00100040"),
          .date = ValueIn(header, "00080020"),
          .description = ValueIn(header, "00081030"),
          .accession_number = ValueIn(header, "00080050")};
}

AnswerFacts FactsOfDiagnosis(const base::Json& diagnosis) {
  AnswerFacts facts;
  facts.verdict = diagnosis.at("verdict").get<std::string>();
  if (diagnosis.at("class").is_string()) facts.class_name = diagnosis["class"].get<std::string>();
  facts.class_probabilities = diagnosis.at("class_probabilities");
  for (const auto& [name, probability] : facts.class_probabilities.items()) {
    const bool counts = facts.class_name.empty() || name == facts.class_name;
    if (counts) facts.probability = std::max(facts.probability.value_or(0), probability.get<double>());
  }
  facts.tumour_probability = diagnosis.at("tumour_probability").get<double>();
  facts.lesions = diagnosis.at("lesions").size();
  facts.flags = diagnosis.at("flags").size();
  return facts;
}

}  // namespace

PatientFacts Facts::OfImage(const std::filesystem::path& image) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = patients_.find(image.string());
    if (found != patients_.end()) return found->second;
  }
  PatientFacts facts;
  try {
    facts = FactsOf(base::ParseJson(dicom::DicomJson(image, ""), "a header"));
  } catch (const base::Error&) {
    return facts;
  }
  const std::lock_guard lock(mutex_);
  if (patients_.size() >= kMost) patients_.clear();
  return patients_.emplace(image.string(), facts).first->second;
}

std::optional<AnswerFacts> Facts::OfResults(const std::filesystem::path& results) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(results.string());
    if (found != answers_.end()) return found->second;
  }
  AnswerFacts facts;
  try {
    facts = FactsOfDiagnosis(base::ReadJson(results / "diagnosis.json"));
  } catch (const std::exception&) {
    return std::nullopt;
  }
  const std::lock_guard lock(mutex_);
  if (answers_.size() >= kMost) answers_.clear();
  return answers_.emplace(results.string(), facts).first->second;
}

}  // namespace parotis::page
