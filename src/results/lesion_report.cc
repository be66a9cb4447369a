#include "results/lesion_report.h"

#include <fmt/format.h>

#include <string>

#include "base/build_info.h"
#include "dicom/mr_writer.h"
#include "dicom/written_attribute.h"
#include "report/study_summary.h"
#include "results/label_codes.h"

namespace parotis::results {
namespace {

using dataset::Diagnosis;
using dataset::Lesion;
using dicom::CodedConcept;
using dicom::ReportedGroup;
using dicom::ReportedMeasurement;

// PS3.16: CID 7469, 7464, 7181, 100; SNOMED CT's tenth percentile as PS3.16 CID 226 uses it.
const CodedConcept kVolume = {"118565006", "SCT", "Volume"};
const CodedConcept kLongAxis = {"103339001", "SCT", "Long axis"};
const CodedConcept kShortAxis = {"103340004", "SCT", "Short axis"};
const CodedConcept kAdc = {"113041", "DCM", "Apparent Diffusion Coefficient"};
const CodedConcept kProbability = {"122157", "DCM", "Probability"};
const CodedConcept kMean = {"373098007", "SCT", "Mean"};
const CodedConcept kDeviation = {"386136009", "SCT", "Standard Deviation"};
const CodedConcept kMinimum = {"255605001", "SCT", "Minimum"};
const CodedConcept kTenthPercentile = {"371890005", "SCT", "Tenth percentile"};
const CodedConcept kCubicMillimetre = {"mm3", "UCUM", "cubic millimeter"};
const CodedConcept kMillimetre = {"mm", "UCUM", "millimeter"};
const CodedConcept kDiffusivity = {"um2/s", "UCUM", "um2/s"};
const CodedConcept kNoUnit = {"1", "UCUM", "no units"};
const CodedConcept kFinding = {"121071", "DCM", "Finding"};
const CodedConcept kImpression = {"121073", "DCM", "Impression"};
const CodedConcept kMultiparametricMri = {"126020", "DCM", "Multiparametric MRI"};
const CodedConcept kVerdict = {"verdict", kOwnScheme, "Verdict"};
const CodedConcept kIntendedUse = {"intended-use", kOwnScheme, "Intended use"};
const CodedConcept kModel = {"model", kOwnScheme, "Model"};
const CodedConcept kOutlineBy = {"outline-by", kOwnScheme, "Outline by"};
const CodedConcept kReadersClass = {"readers-class", kOwnScheme, "Class by the reader"};
const CodedConcept kRemark = {"remark", kOwnScheme, "Remark"};

// What a decimal string can hold of it.
double Written(double value) { return std::stod(dicom::DecimalString(value)); }

ReportedMeasurement Measured(const CodedConcept& quantity, double value, const CodedConcept& unit,
                             std::optional<CodedConcept> derivation = {}) {
  return {quantity, Written(value), unit, std::move(derivation), {}};
}

ReportedMeasurement ProbabilityOf(const CodedConcept& finding, double probability) {
  ReportedMeasurement measured = Measured(kProbability, probability, kNoUnit);
  measured.modifiers = {{kFinding, finding}};
  return measured;
}

void AddProbabilities(const std::vector<std::string>& classes, const std::vector<double>& probabilities,
                      ReportedGroup& group) {
  for (std::size_t c = 0; c < std::min(classes.size(), probabilities.size()); ++c)
    group.measurements.push_back(ProbabilityOf(CodeOfLabel(classes[c]), probabilities[c]));
}

void AddAdc(const Lesion& lesion, ReportedGroup& group) {
  const auto add = [&](const std::optional<double>& value, const CodedConcept& derivation) {
    if (value) group.measurements.push_back(Measured(kAdc, *value, kDiffusivity, derivation));
  };
  add(lesion.adc_mean_um2_s, kMean);
  add(lesion.adc_sd_um2_s, kDeviation);
  add(lesion.adc_min_um2_s, kMinimum);
  add(lesion.adc_p10_um2_s, kTenthPercentile);
}

// What a reader says of the finding.
void AddReader(const ReaderVersion& version, const Lesion& lesion, ReportedGroup& group) {
  const LesionOrigin& origin = version.lesions.at(static_cast<std::size_t>(lesion.id - 1));
  group.evaluations.push_back({kOutlineBy, {}, NameOf(origin.outline)});
  if (origin.class_name) group.evaluations.push_back({kReadersClass, CodeOfLabel(*origin.class_name), ""});
}

ReportedGroup GroupOf(const Lesion& lesion, const StudyObjectsInput& input, const ReportReferences& references) {
  const Diagnosis& diagnosis = input.result.diagnosis;
  ReportedGroup group;
  group.tracking_id = NameOfLesion(lesion);
  group.tracking_uid = TrackingUid(input, references.name, lesion);
  group.finding = Neoplasm();
  group.site = ParotidGland();
  group.laterality = CodeOfSide(lesion.side);
  group.segment = dicom::ReferencedSegment{references.segmentation_uid, lesion.id};
  group.source_series_uid = references.reference_series_uid;
  group.measurements = {Measured(kVolume, 1000 * lesion.volume_ml, kCubicMillimetre),
                        Measured(kLongAxis, lesion.long_axis_mm, kMillimetre),
                        Measured(kShortAxis, lesion.short_axis_mm, kMillimetre)};
  AddAdc(lesion, group);
  group.measurements.push_back(ProbabilityOf(Neoplasm(), lesion.peak_score));
  AddProbabilities(diagnosis.classes, lesion.class_probabilities, group);
  if (input.reader != nullptr) AddReader(*input.reader, lesion, group);
  return group;
}

ReportedGroup PatientGroup(const Diagnosis& diagnosis, const std::string& name) {
  ReportedGroup group;
  group.tracking_id = "Patient";
  group.tracking_uid = dicom::UidFromName(name + " patient");
  group.measurements = {ProbabilityOf(Neoplasm(), diagnosis.tumour_probability)};
  AddProbabilities(diagnosis.classes, diagnosis.class_probabilities, group);
  return group;
}

}  // namespace

std::string NameOfLesion(const Lesion& lesion) { return "Lesion " + std::to_string(lesion.id); }

CodedConcept Neoplasm() { return {"108369006", "SCT", "Neoplasm"}; }
CodedConcept ParotidGland() { return {"45289007", "SCT", "Parotid gland"}; }

std::optional<CodedConcept> CodeOfSide(dataset::Side side) {
  switch (side) {
    case dataset::Side::kLeft: return CodedConcept{"7771000", "SCT", "Left"};
    case dataset::Side::kRight: return CodedConcept{"24028007", "SCT", "Right"};
    case dataset::Side::kUnknown: return std::nullopt;
  }
  return std::nullopt;
}

std::string TrackingUid(const StudyObjectsInput& input, const std::string& name, const Lesion& lesion) {
  if (input.reader != nullptr) {
    const LesionOrigin& origin = input.reader->lesions.at(static_cast<std::size_t>(lesion.id - 1));
    if (!origin.tracking_uid.empty()) return origin.tracking_uid;
  }
  return dicom::UidFromName(fmt::format("{} lesion {}", name, lesion.id));
}

dicom::MeasurementReport ReportOf(const StudyObjectsInput& input, const ReportReferences& references) {
  const Diagnosis& diagnosis = input.result.diagnosis;
  dicom::MeasurementReport report;
  report.device_uid = dicom::UidFromName("parotis " + base::Version() + " " + input.model.file_hash);
  report.device_name = "parotis";
  report.device_manufacturer = dicom::kOwnManufacturer;
  report.device_model = "parotis";
  report.device_serial_number = dicom::AsciiOf(base::BuildId());
  report.procedure = kMultiparametricMri;
  report.images = references.images;
  for (const Lesion& lesion : diagnosis.lesions) report.groups.push_back(GroupOf(lesion, input, references));
  report.groups.push_back(PatientGroup(diagnosis, references.name));
  const auto say = [&](const CodedConcept& question, const std::string& text) {
    report.evaluations.push_back({question, {}, dicom::AsciiOf(text)});
  };
  const std::string verdict = dataset::NameOf(diagnosis.verdict);
  report.evaluations.push_back({kVerdict, CodedConcept{verdict, kOwnScheme, verdict}, ""});
  if (input.reader == nullptr) {
    say(kImpression, report::Headline(diagnosis) + ". " + diagnosis.reason);
  } else {
    report.person = dicom::AsciiOf(input.reader->reader);
    report.predecessor = input.reader->replaced;
    if (!diagnosis.class_name.empty())
      report.evaluations.push_back({kReadersClass, CodeOfLabel(diagnosis.class_name), ""});
    say(kImpression, diagnosis.reason);
    say(kRemark, "Probabilities are the program's");
  }
  say(kIntendedUse, base::kResearchUseOnly);
  say(kModel, fmt::format("{}, SHA-256 {}", input.model.name, input.model.file_hash));
  for (const dataset::QualityFlag& flag : diagnosis.flags) say(kRemark, flag.message);
  return report;
}

}  // namespace parotis::results
