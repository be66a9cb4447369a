// The sections of a contrast study's report. Each adds itself to the document, or a sentence that says what is missing,
// or nothing.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "report/contrast_analysis.h"
#include "report/document.h"

namespace parotis::report {

// What a reading list or a checklist refers to.
inline constexpr const char* kMadeSection = "How it was made";
inline constexpr const char* kPatientsSection = "Patients";
inline constexpr const char* kResultsSection = "Results by contrast set";
inline constexpr const char* kPairedSection = "Contrast sets compared on the same patients";
inline constexpr const char* kCurvesSection = "Discrimination, calibration and detection";
inline constexpr const char* kSegmentationSection = "Segmentation";
inline constexpr const char* kTrainingSection = "Training";
inline constexpr const char* kVariantsSection = "Ways of training compared";
inline constexpr const char* kSpreadSection = "Spread across seeds and folds";
inline constexpr const char* kSubgroupsSection = "Subgroups";
inline constexpr const char* kFurtherSection = "Other patients";
inline constexpr const char* kReadersSection = "Readers";
inline constexpr const char* kHardestSection = "Hardest patients";
inline constexpr const char* kRuleSection = "How the decision rule was chosen";
inline constexpr const char* kChecklistsSection = "Reporting checklists";
inline constexpr const char* kLimitsSection = "Limits";

void AddOpening(Document& document, const StudyAnalysis& study);
void AddMade(Document& document, const StudyAnalysis& study);
void AddPatients(Document& document, const StudyAnalysis& study);
void AddTraining(Document& document, const StudyAnalysis& study);
void AddChecklists(Document& document, const StudyAnalysis& study);  // looks at which sections there are
void AddLimits(Document& document, const StudyAnalysis& study);

// The columns with these titles; where labels are no diagnoses one for each label's Dice instead.
void AddFigureColumns(Table& table, const StudyAnalysis& study, const std::vector<std::string>& of_diagnoses);
// The cells of those columns where labels are no diagnoses.
std::vector<Text> DiceOfLabels(const evaluate::Summary& summary);

// These ask for a study of which something is complete (`study.best`).
void AddResults(Document& document, const StudyAnalysis& study);
void AddParts(Document& document, const StudyAnalysis& study);  // results where labels are no diagnoses
void AddPaired(Document& document, const StudyAnalysis& study);
void AddCurves(Document& document, const StudyAnalysis& study);
void AddSegmentation(Document& document, const StudyAnalysis& study);
void AddVariants(Document& document, const StudyAnalysis& study);
void AddSpread(Document& document, const StudyAnalysis& study);
void AddTrainings(Document& document, const StudyAnalysis& study);  // of that section; nothing with one training
void AddSubgroups(Document& document, const StudyAnalysis& study);
void AddFurther(Document& document, const StudyAnalysis& study);
void AddReaders(Document& document, const StudyAnalysis& study);
void AddHardest(Document& document, const StudyAnalysis& study);
void AddRule(Document& document, const StudyAnalysis& study);

}  // namespace parotis::report
