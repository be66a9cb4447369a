// What is said about a patient: lesions, a class or the reason for none, and the flags a reader must see.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "dataset/covariates.h"
#include "image/geometry.h"

namespace parotis::dataset {

enum class Side { kLeft, kRight, kUnknown };  // the patient's own; kUnknown near the midline
enum class Verdict { kClass, kIndeterminate, kNoTumour, kRefused };

struct Lesion {
  int id = 0;  // 1 … n, largest first; the value in the lesion map
  Side side = Side::kUnknown;
  image::Vector3 centre_world = {0, 0, 0};  // LPS mm, centre of mass
  double long_axis_mm = 0;                  // largest diameter within one slice (as RECIST measures)
  double short_axis_mm = 0;                 // largest diameter perpendicular to it in the same slice
  double volume_ml = 0;
  std::int64_t slice = 0;                // index along the slice axis where the lesion is largest
  std::optional<double> adc_mean_um2_s;  // absent when the case has no ADC channel
  std::optional<double> adc_sd_um2_s;
  std::optional<double> adc_min_um2_s;  // of its voxels
  std::optional<double> adc_p10_um2_s;
  // Mean and median of each channel with a unit (dataset::IsQuantity) over the lesion, in that unit; absent where it
  // was not measured.
  std::map<std::string, double> channel_means;
  std::map<std::string, double> channel_medians;
  double peak_score = 0;  // largest 1 − P(background), 0…1
  double mean_score = 0;
  std::vector<double> network_probabilities;  // per class, as the segmentation says, before anything fitted
  std::vector<double> class_probabilities;    // per tumour class, same order as Diagnosis::classes; sum to 1
};

struct QualityFlag {
  std::string code;     // stable, lower-case, for programs: "body_part_silent", "forced"
  std::string message;  // one sentence for people
};

struct Diagnosis {
  std::string case_id;
  Verdict verdict = Verdict::kNoTumour;
  std::vector<std::string> classes;         // tumour classes (the labels without the background)
  std::vector<double> class_probabilities;  // of the patient; empty unless a tumour was found
  // What the model's patient head says: [0] no tumour, then the classes; empty when it has none.
  std::vector<double> patient_head;
  Covariates covariates;          // what was known about the patient
  std::string class_name;         // when the verdict is kClass
  std::string reason;             // why this verdict, one sentence; always set
  double tumour_probability = 0;  // largest lesion score, 0…1
  std::vector<Lesion> lesions;
  std::vector<QualityFlag> flags;
  std::string bundle_hash;
};

std::string NameOf(Side side);        // "left", "right", "unknown"
std::string NameOf(Verdict verdict);  // "class", "indeterminate", "no_tumour_found", "refused"

// The place of a class among those of a model or a dataset; classes.size() for what is none of them.
std::size_t PlaceOf(const std::string& class_name, const std::vector<std::string>& classes);

// Probabilities by class name; absent ADC values are null. Reading is strict, but a program may add one member
// "provenance", which is skipped; files of version 0.1 lack the scores, the network's own probabilities, the patient
// head and the covariates, those of 0.2 the least ADC.
base::Json ToJson(const Diagnosis& diagnosis);
Diagnosis DiagnosisFromJson(const base::Json& json, const std::string& name);

}  // namespace parotis::dataset
