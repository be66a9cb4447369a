// What a DICOM folder holds, as its headers say it: studies, their series, and the volumes of each series with their
// place in the patient. No pixels (dicom/pixels.h loads them) and no judgement about what a series is good for (that is
// intake's). Absent means the header does not say; nothing is filled in by guessing.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/conditions.h"
#include "image/geometry.h"

namespace parotis::dicom {

enum class SlicePlane { kUnknown, kAxial, kCoronal, kSagittal, kMixed };

std::string NameOf(SlicePlane plane);  // "axial", …

// What lossy compression did to the pixels, step by step (PS3.3 C.7.6.1.1.5): ratios to one, and methods as defined
// there. Empty where the header does not say.
struct LossyCompression {
  std::vector<double> ratios;
  std::vector<std::string> methods;

  friend bool operator==(const LossyCompression&, const LossyCompression&) = default;
};

struct FileReference {
  std::filesystem::path path;
  std::string sop_class_uid;
  std::string sop_instance_uid;
  std::optional<LossyCompression> lossy = std::nullopt;  // absent: not known to have lost anything
};

// Where the pixels of one slice are: a frame of a file, or a tile of that frame (mosaics).
struct PlaneSource {
  int file = 0;                             // index into Series::files
  int frame = 0;                            // 0-based
  std::array<int, 2> first_pixel = {0, 0};  // column and row of the tile's first pixel
  double slope = 1;                         // value = slope · stored + intercept
  double intercept = 0;
};

// Along index axis 0 (ROW) or 1 (COL) of the image.
struct PhaseEncoding {
  int axis = 1;
  std::optional<bool> positive;  // in the vendor's own convention
  std::string polarity_source;   // where that was read; "" when it was not
};

// Another image at the place of slice `slice`. It must show the same, or nobody knows which of the two is right.
struct DuplicateSlice {
  int slice = 0;
  PlaneSource source;
};

// When a frame was acquired, as each attribute says it, in seconds: of the day, or since some moment of the series.
struct FrameTimes {
  std::optional<double> temporal_offset_s;      // (0020,930d), since the first temporal position
  std::optional<double> frame_s;                // (0018,9151), else (0018,9074), of the day
  std::optional<double> dynamic_begin_s;        // Philips (2005,xxa0), since the series' beginning
  std::optional<double> acquisition_s;          // (0008,0032), else (0008,002a), of the day
  std::optional<double> trigger_s;              // (0018,1060), since whatever triggered
  std::optional<double> content_s;              // (0008,0033), of the day
  std::optional<double> temporal_resolution_s;  // (0020,0110), between frames

  friend bool operator==(const FrameTimes&, const FrameTimes&) = default;
};

// One position of every slice once: what one would call an image of the patient.
struct SeriesVolume {
  // i along image rows, j along image columns, k along the slice normal (i × j), slices sorted by position on it
  // (PS3.3 C.7.6.2.1.1). Meaningful only while `problem` is empty.
  image::Geometry geometry;
  std::vector<PlaneSource> planes;          // [k]
  SlicePlane plane = SlicePlane::kUnknown;  // nearest body plane
  base::Finding problem;                    // why this is no regular grid; loading is then refused
  std::vector<base::Finding> flags;         // what is doubtful about it
  std::vector<DuplicateSlice> duplicates;   // compared when the volume is loaded

  std::optional<double> b_value_s_mm2;  // absent: not a diffusion-weighted image, or unknown; 0 is a real b-value
  std::string b_value_source;           // where it was read, "(0018,9087)", "sequence name"
  std::optional<image::Vector3> gradient_world;  // unit vector in LPS, when the header gives it in the patient's frame
  std::string direction_key;  // equal for images of one gradient direction, whatever its frame; "" for none
  bool trace = false;         // the vendor's average over directions
  std::string calculated;     // the attribute by which nobody measured this b-value; "" for a measured image

  int temporal_position = 0;  // (0020,9128), else (0020,0100); 0: not written
  FrameTimes times;

  std::vector<std::string> image_type;
  std::optional<double> echo_time_ms;
  std::optional<PhaseEncoding> phase_encoding;
  std::string unit;  // of the rescaled value, as written: "10-6 mm2/s", "um2/s"; often ""
};

struct Series {
  std::string uid;
  std::optional<int> number;
  std::string description;
  std::string protocol;
  std::string sequence_name;
  std::string modality;
  std::string body_part;
  std::string anatomic_region;  // code meaning, where the scanner writes one
  std::string manufacturer;
  std::string model;
  std::string station;
  std::string frame_of_reference_uid;
  std::string acquisition_time;  // HHMMSS.FFFFFF
  std::vector<std::string> image_type;
  std::vector<std::string>
      scanning_sequence;  // SE, IR, GR, EP, RM; derived from the enhanced attributes when those are used
  std::vector<std::string> sequence_variant;
  std::vector<std::string> scan_options;
  std::string contrast_agent;
  std::string contrast_start_time;         // HHMMSS.FFFFFF, when the agent was injected
  std::vector<std::string> source_images;  // SOP instance UIDs of what the first image was calculated from
  bool fat_suppressed = false;             // by an attribute, not by words in the description
  std::optional<double> echo_time_ms;
  std::optional<double> repetition_time_ms;
  std::optional<double> inversion_time_ms;
  std::optional<double> flip_angle_deg;
  std::optional<double> echo_train_length;
  std::optional<double> field_strength_t;

  SlicePlane plane = SlicePlane::kUnknown;
  std::vector<FileReference> files;
  std::vector<SeriesVolume> volumes;  // in the order of acquisition (instance number); empty for objects without images
  std::vector<base::Finding> findings;
};

struct Patient {
  std::string id;
  std::string issuer;
  std::string name;
  std::string birth_date;
  std::string sex;
  std::string age;

  friend bool operator==(const Patient&, const Patient&) = default;
};

struct Study {
  std::string uid;
  std::string id;
  std::string date;
  std::string time;
  std::string description;
  std::string accession_number;
  Patient patient;
  std::vector<Series> series;           // by number, then uid
  std::vector<base::Finding> findings;  // about the study as a whole
};

// "series 6 (ep2d_diff_tra)": how messages name a series.
std::string NameOf(const Series& series);

}  // namespace parotis::dicom
