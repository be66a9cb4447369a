#include "phantom/priors.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "base/error.h"
#include "parotis_default_priors.h"
#include "phantom/priors_fields.h"

namespace parotis::phantom {
namespace {

using base::Json;
using base::JsonObject;

void Require(bool holds, const std::string& what) {
  if (!holds) base::Throw(base::ErrorKind::kInput, what);
}

void CheckProbability(double value, const std::string& path) {
  Require(value >= 0 && value <= 1, fmt::format("{} is {}; give a probability from 0 to 1", path, value));
}

// Overwrites the fields whose keys are there.
struct Reader {
  JsonObject& object;

  void operator()(const char* key, double& value) const {
    object.Read(key, value);
    Require(std::isfinite(value) && value >= 0, fmt::format("{} must not be negative", object.PathOf(key)));
  }
  void operator()(const char* key, bool& value) const { object.Read(key, value); }
  void operator()(const char* key, Chance chance) const {
    object.Read(key, *chance.value);
    CheckProbability(*chance.value, object.PathOf(key));
  }
  void operator()(const char* key, Chances chances) const {
    object.Read(key, *chances.values);
    for (const double value : *chances.values) CheckProbability(value, object.PathOf(key));
  }
  void operator()(const char* key, Choice choice) const {
    (*this)(key, Chances{choice.values});
    const double sum = std::accumulate(choice.values->begin(), choice.values->end(), 0.0);
    Require(std::abs(sum - 1) < 1e-6, fmt::format("{} adds up to {}; make it 1", object.PathOf(key), sum));
  }
  void operator()(const char* key, Interval interval) const {
    object.Read(key, *interval.values);
    const auto& [low, high] = *interval.values;
    Require(low >= 0 && low < high, fmt::format("{} must be [low, high], low below high", object.PathOf(key)));
  }
  void operator()(const char* key, MeanSd pair) const {
    object.Read(key, *pair.values);
    Require((*pair.values)[0] > 0 && (*pair.values)[1] > 0, object.PathOf(key) + " must be [mean, sd], both positive");
  }
  // [mean, sd], or [mean, sd, "normal"].
  void operator()(const char* key, Spread& spread) const {
    if (!object.Has(key)) return;
    const Json& json = object.Require(key);
    const bool normal = json.is_array() && json.size() == 3 && json[2] == "normal";
    const bool pair = json.is_array() && json.size() == (normal ? 3 : 2) && json[0].is_number() && json[1].is_number();
    Require(pair, object.PathOf(key) + " must be [mean, sd], or [mean, sd, \"normal\"]");
    spread = {json[0].get<double>(), json[1].get<double>(),
              normal ? Spread::Shape::kNormal : Spread::Shape::kLogNormal};
    Require(spread.mean > 0 && spread.sd > 0, fmt::format("{} must be [mean, sd], both positive", object.PathOf(key)));
  }
};

struct Writer {
  Json& json;

  void operator()(const char* key, const double& value) const { json[key] = value; }
  void operator()(const char* key, const bool& value) const { json[key] = value; }
  void operator()(const char* key, Chance chance) const { json[key] = *chance.value; }
  void operator()(const char* key, Chances chances) const { json[key] = *chances.values; }
  void operator()(const char* key, Choice choice) const { json[key] = *choice.values; }
  void operator()(const char* key, Interval interval) const { json[key] = *interval.values; }
  void operator()(const char* key, MeanSd pair) const { json[key] = *pair.values; }
  void operator()(const char* key, const Spread& spread) const {
    json[key] = Json::array({spread.mean, spread.sd});
    if (spread.shape == Spread::Shape::kNormal) json[key].push_back("normal");
  }
};

template <class Group>
void ReadInto(Group& group, JsonObject object) {
  VisitFields(group, Reader{object});
  object.Finish();
}

template <class Group>
Json JsonOf(Group group) {
  Json json;
  VisitFields(group, Writer{json});
  return json;
}

std::vector<Subtype> ReadSubtypes(const Json& list, const std::string& path, const LesionPriors& of_class) {
  Require(list.is_array() && !list.empty(), path + " must be a list with at least one entry");
  std::vector<Subtype> subtypes;
  for (std::size_t i = 0; i < list.size(); ++i) {
    JsonObject object(list[i], fmt::format("{}[{}]", path, i));
    Subtype subtype;
    subtype.lesion = of_class;
    object.ReadRequired("name", subtype.name);
    object.ReadRequired("weight", subtype.weight);
    Require(subtype.weight > 0, object.PathOf("weight") + " must be positive");
    VisitFields(subtype.lesion, Reader{object});
    object.Finish();
    const auto& limits = subtype.lesion.size_limits_mm;
    Require(limits[0] >= 4 && limits[1] <= 60, object.PathOf("size_limits_mm") + " must lie within 4…60 mm");
    for (const auto& [key, spread] : {std::pair{"adc_um2_s", &subtype.lesion.adc_um2_s},
                                      {"t2_ms", &subtype.lesion.t2_ms},
                                      {"t1_ms", &subtype.lesion.t1_ms},
                                      {"contrast_mmol_l", &subtype.lesion.contrast_mmol_l},
                                      {"washout_percent", &subtype.lesion.washout_percent},
                                      {"time_to_peak_s", &subtype.lesion.time_to_peak_s},
                                      {"pseudo_diffusion_um2_s", &subtype.lesion.pseudo_diffusion_um2_s},
                                      {"kurtosis", &subtype.lesion.kurtosis},
                                      {"size_mm", &subtype.lesion.size_mm}}) {
      Require(spread->mean > 0, fmt::format("{} is missing, here and in the class", object.PathOf(key)));
    }
    subtypes.push_back(std::move(subtype));
  }
  return subtypes;
}

TumourPriors ReadTumour(const Json& json, const std::string& path) {
  JsonObject object(json, path);
  TumourPriors tumour;
  object.ReadRequired("name", tumour.name);
  ReadInto(tumour.demography, object.Object("demography"));
  VisitFields(tumour.lesion, Reader{object});
  tumour.subtypes = ReadSubtypes(object.Require("subtypes"), object.PathOf("subtypes"), tumour.lesion);
  object.Finish();
  return tumour;
}

}  // namespace

std::size_t Priors::IndexOf(const std::string& tumour) const {
  std::string names;
  for (std::size_t i = 0; i < tumours.size(); ++i) {
    if (tumours[i].name == tumour) return i;
    names += (i == 0 ? "" : ", ") + tumours[i].name;
  }
  base::Throw(base::ErrorKind::kUsage,
              fmt::format("'{}' is no class of the synthetic cohort; choose from {}", tumour, names));
}

const Priors& DefaultPriors() {
  static const Priors priors =
      PriorsFromJson(base::ParseJson(kDefaultPriors, "configs/priors.json"), "configs/priors.json");
  return priors;
}

Priors ReadPriors(const std::filesystem::path& path) {
  return PriorsFromJson(base::ReadJson(path), path.filename().string());
}

Priors PriorsFromJson(const Json& json, const std::string& name) {
  JsonObject object(json, name);
  Priors priors;
  const Json& tumours = object.Require("tumours");
  Require(tumours.is_array() && !tumours.empty(), object.PathOf("tumours") + " must be a list with at least one class");
  for (std::size_t i = 0; i < tumours.size(); ++i) {
    priors.tumours.push_back(ReadTumour(tumours[i], fmt::format("{}[{}]", object.PathOf("tumours"), i)));
  }
  JsonObject normal = object.Object("normal");
  ReadInto(priors.normal.demography, normal.Object("demography"));
  VisitFields(priors.normal, Reader{normal});
  normal.Finish();
  if (object.Has("acquisition")) ReadInto(priors.acquisition, object.Object("acquisition"));
  object.Finish();
  return priors;
}

Json ToJson(const Priors& priors) {
  Json json;
  for (const TumourPriors& tumour : priors.tumours) {
    Json entry = {{"name", tumour.name}, {"demography", JsonOf(tumour.demography)}};
    for (const Subtype& subtype : tumour.subtypes) {
      Json own = {{"name", subtype.name}, {"weight", subtype.weight}};
      own.update(JsonOf(subtype.lesion));
      entry["subtypes"].push_back(std::move(own));
    }
    json["tumours"].push_back(std::move(entry));
  }
  json["normal"] = {{"demography", JsonOf(priors.normal.demography)}};
  json["normal"].update(JsonOf(priors.normal));
  json["acquisition"] = JsonOf(priors.acquisition);
  return json;
}

}  // namespace parotis::phantom
