// Writes MR Image Storage objects (PS3.3 A.4), one file per slice, as a scanner would: valid for dciodvfy, explicit VR
// little endian, 12 of 16 bits. Identical input gives identical bytes; no clock and no machine enters. The same
// description written as one enhanced object: dicom/enhanced_mr_writer.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dicom/written_attribute.h"
#include "image/volume.h"

namespace parotis::dicom {

inline constexpr int kLargestPixel = 4095;  // 12 bits are used

// A UID under 2.25 (PS3.5 B.2) that is a function of `name` alone: the UUID is version 8 (RFC 9562) from SHA-256.
std::string UidFromName(const std::string& name);

// What all series of an examination share.
struct MrStudy {
  std::string uid, id, accession_number, description;
  std::string date, time;  // YYYYMMDD, HHMMSS
  std::string frame_of_reference_uid;
  std::string patient_name, patient_id, birth_date, sex, age;  // sex M, F or O; age as in PS3.5, "045Y"
  std::string manufacturer, model, station, software;
  double field_strength_t = 3;
  std::string comment;  // ImageComments of every object
  std::string device_serial_number;
  std::string character_set = "ISO_IR 192";  // in which texts are written (dicom/put.h); here they are UTF-8
  // 16 bits are allocated; scanners say differently how many are stored, and whether they are signed.
  int bits_stored = 12;
  bool signed_pixels = false;
};

enum class InstanceOrder {
  kVolumes,  // all slices of the first volume, then of the next
  kSlices,   // all volumes of the first slice, then of the next
};

// How a series was acquired; see PS3.3 C.8.3.1 for the terms.
struct MrSeries {
  std::string uid;
  int number = 1;
  std::string description, protocol, body_part;
  std::string time;  // HHMMSS
  std::vector<std::string> scanning_sequence = {"SE"}, sequence_variant = {"SK"}, scan_options;
  std::string sequence_name;
  double repetition_time_ms = 0, echo_time_ms = 0, flip_angle_deg = 90;
  double inversion_time_ms = 0;  // 0: none
  int echo_train_length = 1;
  double slice_thickness_mm = 0;
  std::string contrast_agent;  // empty before contrast
  std::string contrast_start_time;
  std::string phase_encoding;     // ROW or COL; "" where it is not written
  double pixel_bandwidth_hz = 0;  // 0: not written
  double averages = 1;
  bool three_dimensional = false;
  std::string acquisition_contrast = "UNKNOWN";  // of enhanced objects (PS3.3 C.8.13.3.1): T1, T2, DIFFUSION, …
  InstanceOrder order = InstanceOrder::kVolumes;
  bool downwards = false;             // slices are numbered from the last to the first
  std::vector<double> slice_times_s;  // [k] from the volume's start; empty: one time for all
  // Of derived enhanced objects: what they were made from (PS3.3 C.8.13.2). Enhanced, too.
  std::string source_series_uid;
  WrittenAttributes attributes;  // of every object
};

// PS3.3 C.7.6.16.2.9, pixel value transformation.
struct Rescale {
  double slope = 1, intercept = 0;
  std::string type = "US";
};

// What makes a volume an ADC map rather than an image (PS3.3 C.7.6.16.2.11, real world values).
struct RealWorldUnit {
  std::string ucum;         // "um2/s"
  std::string meaning;      // "micrometer squared per second"
  std::string explanation;  // "Apparent diffusion coefficient"
  std::string label = "ADC";
  double slope = 1, intercept = 0;  // real world value of a stored one
};

struct MrVolume {
  image::Volume image;  // whole numbers 0…4095 on a right-handed grid; k becomes the slices
  std::vector<std::string> image_type = {"ORIGINAL", "PRIMARY"};
  // Public attributes (PS3.3 C.8.13.5.9): NONE for b = 0, DIRECTIONAL with a direction, else ISOTROPIC.
  std::optional<double> b_value_s_mm2;
  std::optional<image::Vector3> direction_world;  // unit vector in LPS
  std::string derivation;                         // of derived images: how
  std::optional<Rescale> rescale;
  std::optional<RealWorldUnit> unit;
  std::string sequence_name;  // instead of the series'
  double start_s = 0;         // from the series' start
  int acquisition_number = 1;
  int temporal_position = 0;  // of dynamic series, from 1
  // In the dataset of a classic image, in the frame's functional groups of an enhanced one.
  WrittenAttributes attributes;
};

// The object of slice `slice` of the volume at `volume`: what a map names as its source.
std::string InstanceUid(const MrSeries& series, std::size_t volume, std::int64_t slice);

// Writes all slices of all volumes to `folder`/IM0001.dcm …, instance numbers in the order of `series`. Throws
// kInternal when a value cannot be stored, kIo when a file cannot be written.
void WriteMrSeries(const std::filesystem::path& folder, const MrStudy& study, const MrSeries& series,
                   const std::vector<MrVolume>& volumes);

}  // namespace parotis::dicom
