// What is made from a patient's images and put beside them: it lies in the patient's study, in a series of its own, and
// says from which images it comes and what made it. The objects themselves: segmentation_writer.h, parametric_map.h,
// measurement_report.h, encapsulated_pdf.h, colour_capture.h.
#pragma once

#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dicom/series.h"

namespace parotis::dicom {

// A coded concept (PS3.3 8): {"108369006", "SCT", "Neoplasm"}. Equal when value and scheme are: meanings are words for
// people.
struct CodedConcept {
  std::string value, scheme, meaning;

  friend bool operator==(const CodedConcept& a, const CodedConcept& b) {
    return a.value == b.value && a.scheme == b.scheme;
  }
};

// The manufacturer that this program's objects name: by it they are known again.
inline constexpr const char* kOwnManufacturer = "parotis";
bool IsOwn(const Series& series);

// An object that something was made from, or one frame of it.
struct SourceImage {
  std::string series_uid, sop_class_uid, sop_instance_uid;
  int frame = 0;  // from 1; 0: the object as a whole

  friend bool operator==(const SourceImage&, const SourceImage&) = default;
};

// The image of each slice of that volume.
std::vector<SourceImage> SourceImagesOf(const Series& series, const SeriesVolume& volume);
// Every object of the series as a whole, in its order.
std::vector<SourceImage> SourceImagesOf(const Series& series);

// The heaviest that any of the files has behind it; absent when none lost anything.
std::optional<LossyCompression> HeaviestCompressionOf(const std::vector<FileReference>& files);

// All text but the source's is ASCII: patient and study are copied byte by byte, in whatever character set they are
// written, so that an archive takes them for the patient and the study that they are.
struct DerivedObject {
  // An object of the study, whose Patient, Patient Study, General Study and Frame of Reference modules (PS3.3 C.7.1.1,
  // C.7.2.2, C.7.2.1, C.7.4.1) are copied.
  std::filesystem::path source;
  std::string instance_uid, series_uid;
  int series_number = 1;
  std::string series_description;  // at most 64 characters
  std::string content_label;       // capitals, digits and '_', at most 16
  std::string content_description;
  // When it was made. Written in the source's timezone where the source names one, because that holds for every date
  // and time of an object (PS3.3 C.12.1.1.8), those copied from the source included; else in this machine's, unnamed as
  // the source's.
  std::time_t made_at = 0;
  std::string manufacturer, model, serial_number, software;
  std::string creator;                    // the person who made its content; "": nobody but the program
  std::optional<LossyCompression> lossy;  // of the images that it was made from; an image itself says so, too
};

// `text` without anything that is not ASCII: "µm²" becomes "um2", "–" a hyphen, "×" an x, letters lose their accents as
// far as Latin-1 goes, the rest becomes '?'. Control characters become spaces.
std::string AsciiOf(const std::string& text);

}  // namespace parotis::dicom
