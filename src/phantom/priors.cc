#include "phantom/priors.h"

#include <cmath>
#include <numbers>
#include <numeric>

#include <fmt/format.h>

#include "base/error.h"

namespace parotis::phantom {
namespace {

// The sources of all numbers below are in configs/priors.json, beside the same values.
TumourPriors Warthin() {
  TumourPriors t;
  t.name = "warthin";
  t.subtypes = {{"warthin", 1, {950, 200}}};
  t.t2_ms = {88, 20};
  t.t1_ms = {1350, 180};
  t.contrast_mmol_l = {0.46, 0.16};
  t.size_mm = {24, 7};
  t.site = {0.44, 0.07, 0.49};
  t.margin = {0.66, 0.19, 0.15};
  t.cysts = {0.70, 0.20, 0.10};
  t.multicentric = 0.15;
  t.bilateral = 0.08;
  t.enlarged_nodes = 0.05;
  t.age_years = {62, 9};
  t.male = 0.75;
  return t;
}

TumourPriors Pleomorphic() {
  TumourPriors t;
  t.name = "pleomorphic";
  t.subtypes = {{"myxoid", 0.75, {1860, 310}}, {"cellular", 0.25, {1340, 300}}};
  t.t2_ms = {120, 38};
  t.t1_ms = {1450, 180};
  t.contrast_mmol_l = {0.38, 0.14};
  t.size_mm = {24, 8};
  t.site = {0.65, 0.10, 0.25};
  t.margin = {0.46, 0.39, 0.15};
  t.cysts = {0.84, 0.05, 0.11};
  t.multicentric = 0.01;
  t.bilateral = 0.005;
  t.enlarged_nodes = 0.04;
  t.age_years = {45, 13};
  t.male = 0.37;
  return t;
}

TumourPriors Malignant() {
  TumourPriors t;
  t.name = "malignant";
  t.subtypes = {{"mucoepidermoid", 0.30, {1100, 330}},    {"acinic_cell", 0.15, {1060, 280}},
                {"adenoid_cystic", 0.12, {1360, 320}},    {"salivary_duct", 0.10, {1100, 280}},
                {"ca_ex_pleomorphic", 0.10, {1360, 380}}, {"lymphoma", 0.115, {710, 180}},
                {"metastasis", 0.115, {1030, 350}}};
  t.t2_ms = {96, 26};
  t.t1_ms = {1350, 180};
  t.contrast_mmol_l = {0.46, 0.18};
  t.size_mm = {26, 9};
  t.site = {0.58, 0.15, 0.27};
  t.margin = {0.46, 0.24, 0.30};
  t.cysts = {0.75, 0.10, 0.15};
  t.multicentric = 0.05;
  t.bilateral = 0.015;
  t.enlarged_nodes = 0.16;
  t.nodes_are_metastatic = true;
  t.age_years = {57, 15};
  t.male = 0.5;
  return t;
}

void Require(bool holds, const std::string& what) {
  if (!holds) base::Throw(base::ErrorKind::kInput, what);
}

void CheckProbability(double value, const std::string& path) {
  Require(value >= 0 && value <= 1, fmt::format("{} is {}; give a probability from 0 to 1", path, value));
}

void CheckProbabilities(const std::array<double, 3>& values, const std::string& path) {
  for (const double value : values) CheckProbability(value, path);
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  Require(std::abs(sum - 1) < 1e-6, fmt::format("{} adds up to {}; make it 1", path, sum));
}

void ReadSpread(base::JsonObject& parent, const std::string& key, Spread& spread) {
  if (!parent.Has(key)) return;
  std::array<double, 2> mean_sd{};
  parent.ReadRequired(key, mean_sd);
  Require(mean_sd[0] > 0 && mean_sd[1] > 0, fmt::format("{} must be [mean, sd], both positive", parent.PathOf(key)));
  spread = {mean_sd[0], mean_sd[1]};
}

base::Json SpreadJson(const Spread& spread) { return base::Json::array({spread.mean, spread.sd}); }

std::vector<Subtype> ReadSubtypes(base::JsonObject& parent) {
  std::vector<Subtype> subtypes;
  const base::Json& list = parent.Require("subtypes");
  Require(list.is_array() && !list.empty(), parent.PathOf("subtypes") + " must be a list with at least one entry");
  for (std::size_t i = 0; i < list.size(); ++i) {
    base::JsonObject object(list[i], fmt::format("{}[{}]", parent.PathOf("subtypes"), i));
    Subtype subtype;
    object.ReadRequired("name", subtype.name);
    object.ReadRequired("weight", subtype.weight);
    Require(subtype.weight > 0, object.PathOf("weight") + " must be positive");
    object.Require("adc_um2_s");
    ReadSpread(object, "adc_um2_s", subtype.adc_um2_s);
    object.Finish();
    subtypes.push_back(subtype);
  }
  return subtypes;
}

TumourPriors ReadTumour(const base::Json& json, const std::string& path) {
  base::JsonObject object(json, path);
  TumourPriors t;
  object.ReadRequired("name", t.name);
  t.subtypes = ReadSubtypes(object);
  for (const auto& [key, spread] : {std::pair{"t2_ms", &t.t2_ms},
                                    {"t1_ms", &t.t1_ms},
                                    {"contrast_mmol_l", &t.contrast_mmol_l},
                                    {"size_mm", &t.size_mm}}) {
    object.Require(key);
    ReadSpread(object, key, *spread);
  }
  object.Read("size_limits_mm", t.size_limits_mm);
  Require(t.size_limits_mm[0] >= 4 && t.size_limits_mm[0] < t.size_limits_mm[1] && t.size_limits_mm[1] <= 60,
          object.PathOf("size_limits_mm") + " must be [low, high] within 4…60 mm");
  object.ReadRequired("site", t.site);
  object.ReadRequired("margin", t.margin);
  object.ReadRequired("cysts", t.cysts);
  CheckProbabilities(t.site, object.PathOf("site"));
  CheckProbabilities(t.margin, object.PathOf("margin"));
  CheckProbabilities(t.cysts, object.PathOf("cysts"));
  for (const auto& [key, value] : {std::pair{"multicentric", &t.multicentric},
                                   {"bilateral", &t.bilateral},
                                   {"enlarged_nodes", &t.enlarged_nodes},
                                   {"male", &t.male}}) {
    object.Read(key, *value);
    CheckProbability(*value, object.PathOf(key));
  }
  object.Read("nodes_are_metastatic", t.nodes_are_metastatic);
  object.Read("age_years", t.age_years);
  object.Finish();
  return t;
}

NormalPriors ReadNormal(base::JsonObject object) {
  NormalPriors n;
  object.Read("age_years", n.age_years);
  object.Read("male", n.male);
  CheckProbability(n.male, object.PathOf("male"));
  object.Read("parotid_adc_um2_s", n.parotid_adc_um2_s);
  object.Read("parotid_t1_ms", n.parotid_t1_ms);
  object.Read("parotid_t2_ms", n.parotid_t2_ms);
  object.Read("parotid_fat_at_50", n.parotid_fat_at_50);
  object.Read("parotid_fat_per_year", n.parotid_fat_per_year);
  object.Read("parotid_fat_sd", n.parotid_fat_sd);
  ReadSpread(object, "node_adc_um2_s", n.node_adc_um2_s);
  ReadSpread(object, "metastatic_node_adc_um2_s", n.metastatic_node_adc_um2_s);
  object.Read("lesion_adc_sd_um2_s", n.lesion_adc_sd_um2_s);
  object.Finish();
  return n;
}

base::Json TumourJson(const TumourPriors& t) {
  base::Json json;
  json["name"] = t.name;
  for (const Subtype& s : t.subtypes) {
    json["subtypes"].push_back({{"name", s.name}, {"weight", s.weight}, {"adc_um2_s", SpreadJson(s.adc_um2_s)}});
  }
  json["t2_ms"] = SpreadJson(t.t2_ms);
  json["t1_ms"] = SpreadJson(t.t1_ms);
  json["contrast_mmol_l"] = SpreadJson(t.contrast_mmol_l);
  json["size_mm"] = SpreadJson(t.size_mm);
  json["size_limits_mm"] = t.size_limits_mm;
  json["site"] = t.site;
  json["margin"] = t.margin;
  json["cysts"] = t.cysts;
  json["multicentric"] = t.multicentric;
  json["bilateral"] = t.bilateral;
  json["enlarged_nodes"] = t.enlarged_nodes;
  json["nodes_are_metastatic"] = t.nodes_are_metastatic;
  json["age_years"] = t.age_years;
  json["male"] = t.male;
  return json;
}

base::Json NormalJson(const NormalPriors& n) {
  base::Json json;
  json["age_years"] = n.age_years;
  json["male"] = n.male;
  json["parotid_adc_um2_s"] = n.parotid_adc_um2_s;
  json["parotid_t1_ms"] = n.parotid_t1_ms;
  json["parotid_t2_ms"] = n.parotid_t2_ms;
  json["parotid_fat_at_50"] = n.parotid_fat_at_50;
  json["parotid_fat_per_year"] = n.parotid_fat_per_year;
  json["parotid_fat_sd"] = n.parotid_fat_sd;
  json["node_adc_um2_s"] = SpreadJson(n.node_adc_um2_s);
  json["metastatic_node_adc_um2_s"] = SpreadJson(n.metastatic_node_adc_um2_s);
  json["lesion_adc_sd_um2_s"] = n.lesion_adc_sd_um2_s;
  return json;
}

}  // namespace

double Spread::LogDensity(double value) const {
  const double variance = std::log1p(sd * sd / (mean * mean));
  const double distance = std::log(value) - (std::log(mean) - variance / 2);
  return -distance * distance / (2 * variance) - std::log(value) - 0.5 * std::log(2 * std::numbers::pi * variance);
}

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
  static const Priors priors = {{Warthin(), Pleomorphic(), Malignant()}, NormalPriors{}};
  return priors;
}

Priors ReadPriors(const std::filesystem::path& path) {
  return PriorsFromJson(base::ReadJson(path), path.filename().string());
}

Priors PriorsFromJson(const base::Json& json, const std::string& name) {
  base::JsonObject object(json, name);
  Priors priors;
  const base::Json& tumours = object.Require("tumours");
  Require(tumours.is_array() && !tumours.empty(), object.PathOf("tumours") + " must be a list with at least one class");
  for (std::size_t i = 0; i < tumours.size(); ++i) {
    priors.tumours.push_back(ReadTumour(tumours[i], fmt::format("{}[{}]", object.PathOf("tumours"), i)));
  }
  priors.normal = ReadNormal(object.Object("normal"));
  object.Finish();
  return priors;
}

base::Json ToJson(const Priors& priors) {
  base::Json json;
  for (const TumourPriors& tumour : priors.tumours) json["tumours"].push_back(TumourJson(tumour));
  json["normal"] = NormalJson(priors.normal);
  return json;
}

}  // namespace parotis::phantom
