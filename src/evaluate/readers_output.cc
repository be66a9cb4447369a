// Readers against a run, as JSON and as text. Declared in evaluate/readers.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "evaluate/json_values.h"
#include "evaluate/readers.h"

namespace parotis::evaluate {
namespace {

using base::Json;

// Shares of the run and of the reader among the same patients.
Json SharesOf(const PairedCounts& counts) {
  return {{"run", evaluate::ToJson(Proportion{counts.both + counts.only_first, counts.n()})},
          {"reader", evaluate::ToJson(Proportion{counts.both + counts.only_second, counts.n()})},
          {"difference", OrNull(counts.difference())},
          {"interval_95", evaluate::ToJson(NewcombePairedInterval(counts))}};
}

Json ToJson(const ReaderComparison& reader, const std::vector<std::string>& classes) {
  Json by_class = Json::object();
  for (std::size_t c = 0; c < classes.size(); ++c) {
    by_class[classes[c]] = {{"sensitivity", SharesOf(reader.sensitivity[c])},
                            {"specificity", SharesOf(reader.specificity[c])}};
  }
  return {{"reader", reader.name},       {"patients", reader.patients},
          {"left_out", reader.left_out}, {"kappa_with_truth", OrNull(reader.classification.kappa)},
          {"classes", by_class},         {"comparison", evaluate::ToJson(reader.with_run)}};
}

std::string Text(double value) { return std::isnan(value) ? std::string("n/a") : fmt::format("{:.2f}", value); }

std::string Shares(const PairedCounts& counts) {
  return fmt::format("{}/{} against {}/{}", counts.both + counts.only_first, counts.n(),
                     counts.both + counts.only_second, counts.n());
}

std::string TextOf(const ReaderComparison& reader, const std::vector<std::string>& classes) {
  std::string text = evaluate::TextOf(reader.with_run);
  if (reader.left_out > 0) text += fmt::format("  {} patients of the run were not read\n", reader.left_out);
  for (std::size_t c = 0; c < classes.size(); ++c) {
    text += fmt::format("  {}: sensitivity {}, specificity {}\n", classes[c], Shares(reader.sensitivity[c]),
                        Shares(reader.specificity[c]));
  }
  return text + fmt::format("  kappa with the truth {}\n\n", Text(reader.classification.kappa));
}

}  // namespace

Json ToJson(const ReaderStudy& study, const std::vector<std::string>& classes) {
  Json readers = Json::array();
  Json names = Json::array();
  Json kappas = Json::array();
  for (const ReaderComparison& reader : study.readers) {
    readers.push_back(ToJson(reader, classes));
    names.push_back(reader.name);
  }
  for (const auto& row : study.cohen_kappa) {
    kappas.push_back(Json::array());
    for (const double kappa : row) kappas.back().push_back(OrNull(kappa));
  }
  return {{"readers", readers},
          {"majority", study.majority.empty() ? Json(nullptr) : ToJson(study.majority.front(), classes)},
          {"read_by_all", study.read_by_all},
          {"fleiss_kappa", OrNull(study.fleiss_kappa)},
          {"cohen_kappa", {{"readers", names}, {"values", kappas}}},
          {"family_size", study.family.size()}};
}

std::string TextOf(const ReaderStudy& study, const std::vector<std::string>& classes) {
  std::string text;
  for (const ReaderComparison& reader : study.readers) text += TextOf(reader, classes);
  for (const ReaderComparison& majority : study.majority) text += TextOf(majority, classes);
  text += fmt::format("Readers among themselves, {} patients read by all: Fleiss' kappa {}\n", study.read_by_all,
                      Text(study.fleiss_kappa));
  for (std::size_t a = 0; a < study.readers.size(); ++a) {
    for (std::size_t b = a + 1; b < study.readers.size(); ++b) {
      text += fmt::format("  {} and {}: Cohen's kappa {}\n", study.readers[a].name, study.readers[b].name,
                          Text(study.cohen_kappa[a][b]));
    }
  }
  return text + fmt::format("Holm: over {} tests of readers against the run\n", study.family.size());
}

}  // namespace parotis::evaluate
