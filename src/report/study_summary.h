// What of a diagnosis goes into an archive for viewers that show neither segmentations nor reports: one page of paper,
// and one picture. Both say that they are for research use only.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "dataset/case.h"
#include "diagnose/diagnose.h"
#include "plan/bundle_info.h"
#include "report/drawing.h"

namespace parotis::report {

struct StudySummaryInput {
  const diagnose::Result& result;  // of a study that was analysed
  const dataset::Case& examination;
  const plan::BundleInfo& model;
  std::vector<std::pair<std::string, std::string>> identity;  // {"Patient", "Doe^Jane"}, … as the study has it
  std::string date;                                           // when the analysis was made
};

// "A tumour was found; its class is most likely pleomorphic".
std::string Headline(const dataset::Diagnosis& diagnosis);
// "1.23 ± 0.15", mean and standard deviation in 10⁻³ mm²/s; `absent` where there is no ADC.
std::string AdcText(const dataset::Lesion& lesion, const std::string& absent);

// The bytes of a PDF of one page, whatever the diagnosis: of many lesions, classes or flags it says how many are left
// out. Throws kUsage in a build without libharu.
std::string StudySummaryPdf(const StudySummaryInput& input);

// Names no patient. The slice where the largest lesion is largest, else the middle one, and what is around the lesion
// in up to two further channels.
Drawing KeyDrawing(const StudySummaryInput& input);

// Which slice that is.
std::int64_t KeySlice(const StudySummaryInput& input);

}  // namespace parotis::report
