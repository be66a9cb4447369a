// Writes MR Image Storage objects (PS3.3 A.4), one file per slice, as a scanner would: valid for dciodvfy, explicit VR
// little endian, 12 of 16 bits. Identical input gives identical bytes; no clock and no machine enters.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "image/volume.h"

namespace parotis::dicom {

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
  int echo_train_length = 1;
  double slice_thickness_mm = 0;
  std::string contrast_agent;  // empty before contrast
};

// What makes a volume an ADC map rather than an image (PS3.3 C.7.6.16.2.11, real world values).
struct RealWorldUnit {
  std::string ucum;         // "um2/s"
  std::string meaning;      // "micrometer squared per second"
  std::string explanation;  // "Apparent diffusion coefficient"
};

struct MrVolume {
  image::Volume image;  // whole numbers 0…4095 on a right-handed grid; k becomes the slices
  std::vector<std::string> image_type = {"ORIGINAL", "PRIMARY"};
  std::optional<double> b_value_s_mm2;
  std::string derivation;  // of derived images: how
  std::optional<RealWorldUnit> unit;
};

// Writes all slices of all volumes to `folder`/IM0001.dcm …, instance numbers in that order. Throws kInternal when a
// value cannot be stored, kIo when a file cannot be written.
void WriteMrSeries(const std::filesystem::path& folder, const MrStudy& study, const MrSeries& series,
                   const std::vector<MrVolume>& volumes);

}  // namespace parotis::dicom
