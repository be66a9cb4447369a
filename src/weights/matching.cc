#include "weights/matching.h"

#include <algorithm>
#include <map>
#include <set>

#include "weights/unet_names.h"

namespace parotis::weights {
namespace {

constexpr int kFewestConvolutions = 3;
constexpr int kMostLevels = 64;

using Places = std::map<std::string, std::size_t>;

Places PlacesOf(const NamedTensors& file) {
  Places places;
  for (std::size_t i = 0; i < file.tensors.size(); ++i) places[file.tensors[i].name] = i;
  return places;
}

std::optional<std::size_t> Find(const Places& places, const std::string& prefix,
                                const std::optional<std::string>& name) {
  const auto found = name ? places.find(prefix + *name) : places.end();
  return found == places.end() ? std::nullopt : std::optional(found->second);
}

// What stands in the file before the name of the first convolution of a project.
std::set<std::string> PrefixesOf(const NamedTensors& file, const UNetNames& names) {
  const std::string first = *NameOf(names, Role{}, 1);
  std::set<std::string> prefixes;
  for (const NamedTensor& tensor : file.tensors) {
    if (!tensor.name.ends_with(first)) continue;
    const std::string prefix = tensor.name.substr(0, tensor.name.size() - first.size());
    if (prefix.empty() || prefix.back() == '.' || prefix.back() == '/') prefixes.insert(prefix);
  }
  return prefixes;
}

int LevelsIn(const Places& places, const std::string& prefix, const UNetNames& names) {
  int levels = 0;
  while (levels < kMostLevels && Find(places, prefix, NameOf(names, {Part::kEncoder, levels, 0, Field::kWeight}, 1)))
    ++levels;
  return levels;
}

bool IsConvolution(const NetworkTensor& tensor) { return tensor.shape.size() == 4; }

Matching MatchByNames(const Places& places, const std::string& prefix, const UNetNames& names,
                      const std::vector<NetworkTensor>& network) {
  Matching matching{names.project, prefix, names.difference, {}};
  const int levels = LevelsIn(places, prefix, names);
  for (const NetworkTensor& tensor : network) {
    MatchedTensor matched{tensor.name, std::nullopt, std::nullopt, false};
    if (auto role = RoleOf(tensor.name)) {
      matched.from = Find(places, prefix, NameOf(names, *role, levels));
      const bool before_norm = role->part == Part::kEncoder || role->part == Part::kDecoder;
      if (matched.from && before_norm && role->field == Field::kWeight) {
        matched.skip_first = names.skip_first && role->part == Part::kDecoder && role->convolution == 0;
        role->field = Field::kBias;
        matched.bias = Find(places, prefix, NameOf(names, *role, levels));
      }
    } else {
      matched.from = Find(places, prefix, tensor.name);  // of our own beside the U-Net
    }
    matching.tensors.push_back(matched);
  }
  return matching;
}

std::pair<int, int> Found(const Matching& matching, const std::vector<NetworkTensor>& network) {
  int convolutions = 0, all = 0;
  for (std::size_t i = 0; i < network.size(); ++i) {
    if (!matching.tensors[i].from) continue;
    ++all;
    convolutions += IsConvolution(network[i]) ? 1 : 0;
  }
  return {convolutions, all};
}

std::string LayerOf(const std::string& name) { return name.substr(0, name.rfind('.')); }

bool Fits(const base::Tensor& from, const NetworkTensor& to, bool is_first) {
  if ((from.shape.size() != 4 && from.shape.size() != 5) || from.shape[0] != to.shape[0]) return false;
  const bool is_3x3 = std::all_of(from.shape.end() - 2, from.shape.end(), [](std::int64_t size) { return size == 3; });
  return is_3x3 && (is_first || from.shape[1] == to.shape[1]);
}

// The encoder's convolutions by order, and the vectors of their norms: those that come before the file's next
// convolution.
class OrderMatcher {
 public:
  OrderMatcher(const NamedTensors& file, const std::vector<NetworkTensor>& network)
      : file_(file), places_(PlacesOf(file)), network_(network) {
    for (const NetworkTensor& tensor : network)
      matching_.tensors.push_back({tensor.name, std::nullopt, std::nullopt, false});
  }

  Matching Match() {
    std::map<std::pair<int, int>, std::size_t> convolutions;  // by level and place in it
    for (std::size_t i = 0; i < network_.size(); ++i) {
      const auto role = RoleOf(network_[i].name);
      if (role && role->part == Part::kEncoder && role->field == Field::kWeight)
        convolutions[{role->level, role->convolution}] = i;
    }
    std::size_t next = 0;
    for (const auto& [place, tensor] : convolutions) {
      std::size_t from = next;
      while (from < file_.tensors.size() &&
             !Fits(file_.tensors[from].tensor, network_[tensor], place == convolutions.begin()->first))
        ++from;
      if (from == file_.tensors.size()) continue;
      matching_.tensors[tensor].from = from;
      MatchNorm(place, tensor, from);
      next = from + 1;
    }
    return matching_;
  }

 private:
  // The norm is the first layer behind the convolution that has a vector of weights, before the next convolution.
  void MatchNorm(std::pair<int, int> place, std::size_t convolution, std::size_t from) {
    matching_.tensors[convolution].bias = Vector(LayerOf(file_.tensors[from].name) + ".bias", network_[convolution]);
    for (std::size_t i = from + 1; i < file_.tensors.size(); ++i) {
      const auto& [name, tensor] = file_.tensors[i];
      if (!name.ends_with(".weight")) continue;
      if (tensor.shape.size() == 1) MatchVectors(place, LayerOf(name), network_[convolution]);
      return;
    }
  }
  void MatchVectors(std::pair<int, int> place, const std::string& layer, const NetworkTensor& convolution) {
    for (std::size_t t = 0; t < network_.size(); ++t) {
      const auto role = RoleOf(network_[t].name);
      if (!role || role->part != Part::kEncoder || std::pair(role->level, role->convolution) != place) continue;
      if (role->field == Field::kScale) matching_.tensors[t].from = Vector(layer + ".weight", convolution);
      if (role->field == Field::kShift) matching_.tensors[t].from = Vector(layer + ".bias", convolution);
      if (role->field == Field::kMean) matching_.tensors[t].from = Vector(layer + ".running_mean", convolution);
      if (role->field == Field::kVariance) matching_.tensors[t].from = Vector(layer + ".running_var", convolution);
    }
  }
  // One number per channel that the convolution makes.
  std::optional<std::size_t> Vector(const std::string& name, const NetworkTensor& convolution) const {
    const auto found = places_.find(name);
    if (found == places_.end()) return std::nullopt;
    const bool fits = file_.tensors[found->second].tensor.shape == std::vector{convolution.shape[0]};
    return fits ? std::optional(found->second) : std::nullopt;
  }

  const NamedTensors& file_;
  const Places places_;
  const std::vector<NetworkTensor>& network_;
  Matching matching_;
};

}  // namespace

Matching MatchTensors(const NamedTensors& file, const std::vector<NetworkTensor>& network) {
  const Places places = PlacesOf(file);
  Matching best;
  std::pair<int, int> most{kFewestConvolutions - 1, 0};
  for (const UNetNames& names : KnownUNets()) {
    for (const std::string& prefix : PrefixesOf(file, names)) {
      Matching matching = MatchByNames(places, prefix, names, network);
      const auto found = Found(matching, network);
      if (found.first < kFewestConvolutions || found <= most) continue;
      most = found;
      best = std::move(matching);
    }
  }
  return best.tensors.empty() ? OrderMatcher(file, network).Match() : best;
}

}  // namespace parotis::weights
