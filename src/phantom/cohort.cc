#include "phantom/cohort.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/error.h"
#include "dataset/participants.h"
#include "phantom/streams.h"

namespace parotis::phantom {
namespace {

using base::ErrorKind;

std::pair<std::string, int> ParseEntry(const std::string& entry, const Priors& priors) {
  const std::size_t equals = entry.find('=');
  int count = -1;
  if (equals != std::string::npos) {
    const char* end = entry.data() + entry.size();
    const auto [stop, error] = std::from_chars(entry.data() + equals + 1, end, count);
    if (error != std::errc() || stop != end) count = -1;
  }
  if (count < 0 || count > 10000) {
    base::Throw(ErrorKind::kUsage,
                fmt::format("--mix: '{}' is not NAME=COUNT; write, for example, warthin=30,malignant=25", entry));
  }
  const std::string name = entry.substr(0, equals);
  if (name != dataset::kTumourFree) priors.IndexOf(name);
  return {name, count};
}

}  // namespace

int Mix::total() const {
  int sum = 0;
  for (const auto& [name, count] : counts) sum += count;
  return sum;
}

Mix ParseMix(const std::string& text, const Priors& priors) {
  Mix mix;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    auto entry = ParseEntry(text.substr(begin, end - begin), priors);
    for (const auto& [name, count] : mix.counts) {
      if (name == entry.first)
        base::Throw(ErrorKind::kUsage, fmt::format("--mix names '{}' twice; name it once", name));
    }
    mix.counts.push_back(std::move(entry));
    begin = end + 1;
  }
  if (mix.total() == 0)
    base::Throw(ErrorKind::kUsage, "--mix asks for no patients at all; give at least one class a count");
  return mix;
}

const std::vector<Preset>& Presets() {
  static const std::vector<Preset> presets = {
      {"training", "tumours as in the published study, and tumour-free patients",
       "warthin=30,pleomorphic=30,malignant=25,tumour_free=15", 100},
      {"paper", "the case mix of the published study", "warthin=30,pleomorphic=30,malignant=25", 85},
      {"screening", "mostly tumour-free", "warthin=9,pleomorphic=15,malignant=6,tumour_free=70", 100},
  };
  return presets;
}

const Preset& FindPreset(const std::string& name) {
  std::string names;
  for (const Preset& preset : Presets()) {
    if (preset.name == name) return preset;
    names += (names.empty() ? "" : ", ") + preset.name;
  }
  base::Throw(ErrorKind::kUsage, fmt::format("there is no preset '{}'; choose from {}", name, names));
}

std::string DiagnosisOf(const Mix& mix, std::uint64_t seed, std::int64_t patient_index) {
  const std::int64_t size = mix.total();
  std::vector<std::string> deck;
  for (const auto& [name, count] : mix.counts) deck.insert(deck.end(), static_cast<std::size_t>(count), name);
  base::Random random(seed, {kDeckStream, static_cast<std::uint64_t>(patient_index / size)});
  random.Shuffle(deck);
  return deck[static_cast<std::size_t>(patient_index % size)];
}

}  // namespace parotis::phantom
