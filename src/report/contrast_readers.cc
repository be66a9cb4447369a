#include <fmt/format.h>

#include "report/contrast_pairs.h"
#include "report/contrast_sections.h"
#include "report/html.h"

namespace parotis::report {
namespace {

using evaluate::PairedCounts;
using evaluate::Proportion;

// Both shares of the same patients, and their difference.
std::vector<Text> SharesOf(const PairedCounts& counts) {
  if (counts.n() == 0) return {"n/a", "n/a", "n/a"};
  return {ProportionText(Proportion{counts.both + counts.only_first, counts.n()}),
          ProportionText(Proportion{counts.both + counts.only_second, counts.n()}),
          EstimateText(counts.difference(), evaluate::NewcombePairedInterval(counts))};
}

Table SharesTable(const std::vector<evaluate::ReaderComparison>& readers, const std::vector<std::string>& classes) {
  Table table{"Sensitivity and specificity for each class, the run and the reader on the same patients.",
              {{"Class", Align::kLeft}, {"What", Align::kLeft}, {"Run"}, {"Reader"}, {"Run minus reader"}},
              {},
              {"95 % intervals: Wilson; of differences Newcombe's method 10."}};
  for (const evaluate::ReaderComparison& reader : readers) {
    table.AddGroup(fmt::format("{}: {} patients read, {} not", reader.name, reader.patients, reader.left_out));
    for (std::size_t c = 0; c < classes.size(); ++c) {
      for (const bool is_sensitivity : {true, false}) {
        const PairedCounts& counts = is_sensitivity ? reader.sensitivity.at(c) : reader.specificity.at(c);
        std::vector<Text> cells = {Spaced(classes[c]), is_sensitivity ? "sensitivity" : "specificity"};
        for (Text& cell : SharesOf(counts)) cells.push_back(std::move(cell));
        table.Add(std::move(cells));
      }
    }
  }
  return table;
}

}  // namespace

void AddReaders(Document& document, const StudyAnalysis& study) {
  if (!study.input.readers) return;
  const evaluate::Evaluation& run = study.best->run->evaluation;
  const evaluate::ReaderStudy readers = evaluate::CompareReaders(run, study.input.readers(run), study.input.bootstrap);
  std::vector<evaluate::ReaderComparison> all = readers.readers;
  all.insert(all.end(), readers.majority.begin(), readers.majority.end());
  std::vector<evaluate::Comparison> pairs;
  for (const evaluate::ReaderComparison& reader : all) {
    pairs.push_back(reader.with_run);
    pairs.back().first_name = study.best->at().contrast_set;
    pairs.back().second_name = reader.name;
  }
  const auto family = evaluate::CorrectTogether(pairs, evaluate::MainMeasures());
  document.Section(kReadersSection);
  document.Say(
      fmt::format("Each reader is compared with {} on exactly the patients whom he has read; the majority of "
                  "the readers on those whom all have read ({}).",
                  study.best->at().contrast_set, readers.read_by_all));
  document.Add(PairTable(pairs, "The network's answer minus the reader's.", family.size()));
  document.Add(SharesTable(all, study.classes));
  if (readers.readers.size() > 1)
    document.Say(fmt::format("Among the readers: Fleiss' κ {}.", Number(readers.fleiss_kappa, 2)));
}

}  // namespace parotis::report
