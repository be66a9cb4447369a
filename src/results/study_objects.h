// From what was said about a study to the DICOM objects that go back into it: a segmentation (when there are lesions),
// a structured report, ADC and tumour probability as parametric maps, one page of PDF, a key image. Each says "research
// use only"; none asserts a histology: a class is a probability in the report. docs/dicom-results.md has every
// attribute and code.
//
// Their UIDs are a function of the study's instances, the model, the program's version and the settings: the same
// analysis made again gives the same objects, which an archive takes for what they are.
#pragma once

#include <ctime>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "dataset/case.h"
#include "diagnose/diagnose.h"
#include "dicom/series.h"
#include "plan/bundle_info.h"
#include "results/reader_version.h"

namespace parotis::results {

struct StudyObjectsInput {
  const dicom::Study& study;
  const dataset::Case& examination;         // as intake loaded it from that study, provenance included
  const diagnose::Result& result;           // not a refusal
  const image::Volume& tumour_probability;  // 1 − P(background) on the case's grid
  const plan::BundleInfo& model;
  std::string settings;     // everything else that the answer depends on
  std::time_t made_at = 0;  // when
  // A reader's version: then `result` is it, and only what lesions and words are in is written: segmentation and
  // report.
  const ReaderVersion* reader = nullptr;
};

struct StudyObject {
  std::string file;  // "segmentation.dcm"
  std::string sop_class_uid, sop_instance_uid, series_uid;
};

// By which the finding is the same in every object of the analysis.
std::string TrackingUidOf(const StudyObjectsInput& input, const dataset::Lesion& lesion);

// The names of all files that may be written.
std::vector<std::string> StudyObjectFiles();

// Writes them to `path_for(file)`, and reads every one again: masks, measurements, maps, page and picture must be what
// was meant, and patient and study the source's. Throws kInternal naming what differs (then nothing may leave), kInput
// when a source cannot be read.
std::vector<StudyObject> WriteStudyObjects(const std::function<std::filesystem::path(const std::string&)>& path_for,
                                           const StudyObjectsInput& input);

}  // namespace parotis::results
