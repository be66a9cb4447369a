#include "dataset/diagnosis.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/build_info.h"
#include "dataset/participants.h"

namespace parotis::dataset {
namespace {

using base::ErrorKind;
using base::Json;
using base::JsonObject;
using base::Throw;

constexpr std::array kSideNames = {"left", "right", "unknown"};
constexpr std::array kVerdictNames = {"class", "indeterminate", "no_tumour_found", "refused"};

template <class Enum, std::size_t N>
Enum ReadEnum(JsonObject& object, const std::string& key, const std::array<const char*, N>& names) {
  const auto text = object.Get<std::string>(key);
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) {
    Throw(ErrorKind::kInput,
          fmt::format("{} is \"{}\"; it must be one of {}", object.PathOf(key), text, fmt::join(names, ", ")));
  }
  return static_cast<Enum>(found - names.begin());
}

Json ProbabilitiesToJson(const std::vector<std::string>& classes, const std::vector<double>& probabilities) {
  Json json = Json::object();
  if (probabilities.empty()) return json;
  if (probabilities.size() != classes.size()) {
    Throw(ErrorKind::kInternal,
          fmt::format("{} class probabilities for {} classes", probabilities.size(), classes.size()));
  }
  for (std::size_t c = 0; c < classes.size(); ++c) json[classes[c]] = probabilities[c];
  return json;
}

std::vector<double> ReadProbabilities(JsonObject& parent, const char* key, const std::vector<std::string>& classes) {
  if (!parent.Has(key)) return {};
  JsonObject object = parent.Object(key);
  std::vector<double> probabilities;
  const bool is_given = std::any_of(classes.begin(), classes.end(), [&](const auto& name) { return object.Has(name); });
  if (is_given) {
    for (const std::string& name : classes) {
      probabilities.push_back(object.Get<double>(name));
      if (probabilities.back() < 0 || probabilities.back() > 1) {
        Throw(ErrorKind::kInput, object.PathOf(name) + " must be a probability between 0 and 1");
      }
    }
  }
  object.Finish();
  return probabilities;
}

template <class T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json ToJson(const Lesion& lesion, const std::vector<std::string>& classes) {
  return {{"id", lesion.id},
          {"side", NameOf(lesion.side)},
          {"centre_world_mm", lesion.centre_world},
          {"long_axis_mm", lesion.long_axis_mm},
          {"short_axis_mm", lesion.short_axis_mm},
          {"volume_ml", lesion.volume_ml},
          {"slice", lesion.slice},
          {"adc_mean_um2_s", OrNull(lesion.adc_mean_um2_s)},
          {"adc_sd_um2_s", OrNull(lesion.adc_sd_um2_s)},
          {"adc_min_um2_s", OrNull(lesion.adc_min_um2_s)},
          {"adc_p10_um2_s", OrNull(lesion.adc_p10_um2_s)},
          {"channel_means", lesion.channel_means},
          {"channel_medians", lesion.channel_medians},
          {"peak_score", lesion.peak_score},
          {"mean_score", lesion.mean_score},
          {"network_probabilities", ProbabilitiesToJson(classes, lesion.network_probabilities)},
          {"class_probabilities", ProbabilitiesToJson(classes, lesion.class_probabilities)}};
}

Lesion LesionFromJson(const Json& json, const std::string& path, const std::vector<std::string>& classes) {
  JsonObject object(json, path);
  Lesion lesion;
  object.ReadRequired("id", lesion.id);
  lesion.side = ReadEnum<Side>(object, "side", kSideNames);
  object.ReadRequired("centre_world_mm", lesion.centre_world);
  object.ReadRequired("long_axis_mm", lesion.long_axis_mm);
  object.ReadRequired("short_axis_mm", lesion.short_axis_mm);
  object.ReadRequired("volume_ml", lesion.volume_ml);
  object.ReadRequired("slice", lesion.slice);
  object.ReadRequired("adc_mean_um2_s", lesion.adc_mean_um2_s);
  object.ReadRequired("adc_sd_um2_s", lesion.adc_sd_um2_s);
  object.Read("adc_min_um2_s", lesion.adc_min_um2_s);
  object.ReadRequired("adc_p10_um2_s", lesion.adc_p10_um2_s);
  object.Read("channel_means", lesion.channel_means);
  object.Read("channel_medians", lesion.channel_medians);
  object.Read("peak_score", lesion.peak_score);
  object.Read("mean_score", lesion.mean_score);
  lesion.network_probabilities = ReadProbabilities(object, "network_probabilities", classes);
  lesion.class_probabilities = ReadProbabilities(object, "class_probabilities", classes);
  object.Finish();
  return lesion;
}

std::vector<std::string> WithTumourFree(const std::vector<std::string>& classes) {
  std::vector<std::string> names = {kTumourFree};
  names.insert(names.end(), classes.begin(), classes.end());
  return names;
}

QualityFlag FlagFromJson(const Json& json, const std::string& path) {
  JsonObject object(json, path);
  QualityFlag flag{object.Get<std::string>("code"), object.Get<std::string>("message")};
  object.Finish();
  return flag;
}

template <class T, class ReadOne>
std::vector<T> ReadList(JsonObject& object, const std::string& key, const ReadOne& read_one) {
  const Json& list = object.Require(key);
  if (!list.is_array()) Throw(ErrorKind::kInput, object.PathOf(key) + " must be a list");
  std::vector<T> values;
  for (std::size_t i = 0; i < list.size(); ++i)
    values.push_back(read_one(list[i], fmt::format("{}[{}]", object.PathOf(key), i)));
  return values;
}

void CheckVerdict(const Diagnosis& diagnosis, const JsonObject& object) {
  const bool is_known = std::count(diagnosis.classes.begin(), diagnosis.classes.end(), diagnosis.class_name) > 0;
  if (diagnosis.verdict == Verdict::kClass && !is_known) {
    Throw(ErrorKind::kInput, fmt::format("{} is \"{}\", which is none of the classes; the verdict \"class\" needs one",
                                         object.PathOf("class"), diagnosis.class_name));
  }
  if (diagnosis.verdict != Verdict::kClass && !diagnosis.class_name.empty()) {
    Throw(ErrorKind::kInput, fmt::format("{} must be null unless the verdict is \"class\"", object.PathOf("class")));
  }
}

}  // namespace

std::string NameOf(Side side) { return kSideNames[static_cast<std::size_t>(side)]; }
std::string NameOf(Verdict verdict) { return kVerdictNames[static_cast<std::size_t>(verdict)]; }

std::size_t PlaceOf(const std::string& class_name, const std::vector<std::string>& classes) {
  return static_cast<std::size_t>(std::find(classes.begin(), classes.end(), class_name) - classes.begin());
}

Json ToJson(const Diagnosis& diagnosis) {
  Json lesions = Json::array();
  for (const Lesion& lesion : diagnosis.lesions) lesions.push_back(ToJson(lesion, diagnosis.classes));
  Json flags = Json::array();
  for (const QualityFlag& flag : diagnosis.flags) flags.push_back({{"code", flag.code}, {"message", flag.message}});
  return {{"case_id", diagnosis.case_id},
          {"verdict", NameOf(diagnosis.verdict)},
          {"class", diagnosis.class_name.empty() ? Json(nullptr) : Json(diagnosis.class_name)},
          {"reason", diagnosis.reason},
          {"tumour_probability", diagnosis.tumour_probability},
          {"classes", diagnosis.classes},
          {"class_probabilities", ProbabilitiesToJson(diagnosis.classes, diagnosis.class_probabilities)},
          {"patient_head", ProbabilitiesToJson(WithTumourFree(diagnosis.classes), diagnosis.patient_head)},
          {"covariates", diagnosis.covariates},
          {"lesions", std::move(lesions)},
          {"flags", std::move(flags)},
          {"bundle_hash", diagnosis.bundle_hash},
          {"intended_use", base::kResearchUseOnly}};
}

Diagnosis DiagnosisFromJson(const Json& json, const std::string& name) {
  JsonObject object(json, name);
  Diagnosis diagnosis;
  object.ReadRequired("case_id", diagnosis.case_id);
  diagnosis.verdict = ReadEnum<Verdict>(object, "verdict", kVerdictNames);
  std::optional<std::string> class_name;
  object.ReadRequired("class", class_name);
  diagnosis.class_name = class_name.value_or("");
  object.ReadRequired("reason", diagnosis.reason);
  object.ReadRequired("tumour_probability", diagnosis.tumour_probability);
  object.ReadRequired("classes", diagnosis.classes);
  diagnosis.class_probabilities = ReadProbabilities(object, "class_probabilities", diagnosis.classes);
  diagnosis.patient_head = ReadProbabilities(object, "patient_head", WithTumourFree(diagnosis.classes));
  object.Read("covariates", diagnosis.covariates);
  diagnosis.lesions = ReadList<Lesion>(object, "lesions", [&](const Json& lesion, const std::string& path) {
    return LesionFromJson(lesion, path, diagnosis.classes);
  });
  diagnosis.flags = ReadList<QualityFlag>(object, "flags", FlagFromJson);
  object.ReadRequired("bundle_hash", diagnosis.bundle_hash);
  object.Get<std::string>("intended_use");
  Json provenance;
  object.Read("provenance", provenance);
  object.Finish();
  CheckVerdict(diagnosis, object);
  return diagnosis;
}

}  // namespace parotis::dataset
