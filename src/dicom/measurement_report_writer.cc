#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmsr/cmr/tid1500.h>
#include <dcmtk/dcmsr/dsrdoc.h>
#include <fmt/format.h>

#include <string>

#include "base/error.h"
#include "dicom/derived_items.h"
#include "dicom/measurement_report.h"
#include "dicom/written_attribute.h"

namespace parotis::dicom {
namespace {

DSRCodedEntryValue Coded(const CodedConcept& concept_) { return {concept_.value, concept_.scheme, concept_.meaning}; }

// TID 1411 and TID 1501 are two classes with the same calls, but for the segment.
template <class Group>
void AddEvaluations(const std::vector<ReportedEvaluation>& evaluations, Group& group) {
  for (const ReportedEvaluation& evaluation : evaluations) {
    const DSRCodedEntryValue question = Coded(evaluation.question);
    Demand(evaluation.code ? group.addQualitativeEvaluation(question, Coded(*evaluation.code))
                           : group.addQualitativeEvaluation(question, OFString(evaluation.text)),
           "adding an evaluation to the report");
  }
}

template <class Group>
void AddContent(const ReportedGroup& reported, Group& group) {
  Demand(group.setTrackingIdentifier(reported.tracking_id), "setting a tracking identifier");
  Demand(group.setTrackingUniqueIdentifier(reported.tracking_uid), "setting a tracking UID");
  if (reported.finding) Demand(group.setFinding(Coded(*reported.finding)), "adding a finding");
  if (reported.site) {
    const CID244e_Laterality laterality(reported.laterality ? Coded(*reported.laterality) : DSRCodedEntryValue());
    Demand(group.addFindingSite(Coded(*reported.site), laterality), "adding a finding's site");
  }
  for (const ReportedMeasurement& measured : reported.measurements) {
    const typename Group::MeasurementValue value(DecimalString(measured.value), Coded(measured.unit));
    Demand(group.addMeasurement(Coded(measured.quantity), value), "adding a measurement to the report");
    auto& measurement = group.getMeasurement();
    if (measured.derivation)
      Demand(measurement.setDerivation(Coded(*measured.derivation)), "adding how a value was derived");
    for (const auto& [concept_, value_of_it] : measured.modifiers)
      Demand(measurement.addModifier(Coded(concept_), Coded(value_of_it)), "adding what a value is of");
  }
  AddEvaluations(reported.evaluations, group);
}

void AddGroup(const ReportedGroup& reported, TID1500_MeasurementReport& report) {
  if (!reported.segment) {
    Demand(report.addIndividualMeasurements(OFFalse), "adding a group of measurements");
    AddContent(reported, report.getIndividualMeasurements());
    return;
  }
  Demand(report.addVolumetricROIMeasurements(OFFalse), "adding a group of measurements");
  auto& group = report.getVolumetricROIMeasurements();
  DSRImageReferenceValue segment(UID_SegmentationStorage, reported.segment->sop_instance_uid);
  segment.getSegmentList().addItem(static_cast<Uint16>(reported.segment->number));
  Demand(group.setReferencedSegment(segment), "referring to a segment");
  Demand(group.setSourceSeriesForSegmentation(reported.source_series_uid), "naming the segmented series");
  AddContent(reported, group);
}

void AddImageLibrary(const std::vector<SourceImage>& images, TID1500_MeasurementReport& report) {
  TID1600_ImageLibrary& library = report.getImageLibrary();
  Demand(library.createNewImageLibrary(), "making the image library");
  Demand(library.addImageGroup(), "making the image library");
  for (const SourceImage& image : images) {
    DcmDataset named;
    named.putAndInsertString(DCM_SOPClassUID, image.sop_class_uid.c_str());
    named.putAndInsertString(DCM_SOPInstanceUID, image.sop_instance_uid.c_str());
    Demand(library.addImageEntry(named, TID1600_ImageLibrary::withoutDescriptors), "adding to the image library");
  }
}

void AddEvidence(const std::string& study_uid, const MeasurementReport& report,
                 const std::string& segmentation_series_uid, DSRDocument& document) {
  DSRSOPInstanceReferenceList& evidence = document.getCurrentRequestedProcedureEvidence();
  const auto add = [&](const std::string& series, const std::string& sop_class, const std::string& instance) {
    Demand(evidence.addItem(study_uid, series, sop_class, instance), "listing the report's evidence");
  };
  for (const SourceImage& image : report.images) add(image.series_uid, image.sop_class_uid, image.sop_instance_uid);
  for (const ReportedGroup& group : report.groups) {
    if (group.segment) add(segmentation_series_uid, UID_SegmentationStorage, group.segment->sop_instance_uid);
  }
}

}  // namespace

void WriteMeasurementReport(const std::filesystem::path& path, const DerivedObject& object,
                            const MeasurementReport& report, const std::string& segmentation_series_uid,
                            const PrivateScheme& scheme) {
  SourceHeader source(object.source);
  TID1500_MeasurementReport content(CMR_CID7021::ImagingMeasurementReport);
  Demand(content.setLanguage(DSRCodedEntryValue("en-US", "RFC5646", "English (United States)")),
         "setting the language");
  Demand(content.getObservationContext().addDeviceObserver(report.device_uid, report.device_name,
                                                           report.device_manufacturer, report.device_model,
                                                           report.device_serial_number),
         "naming what observed");
  if (!report.person.empty())
    Demand(content.getObservationContext().addPersonObserver(report.person), "naming who observed");
  Demand(content.addProcedureReported(Coded(report.procedure)), "naming the procedure");
  AddImageLibrary(report.images, content);
  for (const ReportedGroup& group : report.groups) AddGroup(group, content);
  AddEvaluations(report.evaluations, content);
  if (!content.isValid()) base::Throw(base::ErrorKind::kInternal, "the report does not satisfy its template");

  DSRDocument document;
  Demand(document.setTreeFromRootTemplate(content, OFTrue), "composing the report");
  Demand(document.getTree().changeDocumentType(DSRTypes::DT_Comprehensive3DSR, OFFalse), "choosing the kind of report");
  Demand(document.readPatientData(source.dataset()), "taking over the patient");
  Demand(document.readStudyData(source.dataset()), "taking over the study");
  OFString study_uid;
  Demand(document.getStudyInstanceUID(study_uid), "taking over the study");
  AddEvidence(study_uid, report, segmentation_series_uid, document);
  if (report.predecessor)
    Demand(document.getPredecessorDocuments().addItem(study_uid, report.predecessor->series_uid,
                                                      report.predecessor->sop_class_uid,
                                                      report.predecessor->sop_instance_uid),
           "naming the report before");
  Demand(document.getCodingSchemeIdentification().addItem(scheme.designator, "", scheme.name, scheme.organisation),
         "identifying the coding scheme");
  Demand(document.completeDocument("what the program has to say is complete"), "completing the report");
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  Demand(document.write(dataset), "composing the report");
  PutDerivedObject(dataset, source.dataset(), object, false);
  SaveDerivedObject(path, file);
}

}  // namespace parotis::dicom
