#include "scanner/site.h"

#include <array>

namespace parotis::scanner {
namespace {

using base::Random;
using physics::Vendor;

constexpr double kNoAdcMap = 0.3;  // share of studies without the vendor's map
constexpr double kVendorsNames = 0.5;
constexpr double kEnhanced = 0.3;
constexpr std::array<const char*, 7> kAgents = {"Gadolinium", "Dotarem",    "Gadovist",     "ProHance",
                                                "Clariscan",  "Gadoterate", "DOTAREM 15 ML"};

// PS3.16 Annex L has HEADNECK; some sites leave it blank or name the coil's region.
std::string DrawBodyPart(Random& random) {
  const double which = random.Uniform();
  return which < 0.55 ? "HEADNECK" : which < 0.72 ? "NECK" : which < 0.88 ? "HEAD" : "";
}

bool WritesEnhanced(Vendor vendor) {
  return vendor == Vendor::kStandard || vendor == Vendor::kSiemens || vendor == Vendor::kPhilips;
}

}  // namespace

Site DrawSite(const physics::Protocol& protocol, const StudyOptions& options, Random& random) {
  Site site;
  const auto languages = NamesOfLanguages();
  const Names& local = languages[static_cast<std::size_t>(random.Integer(static_cast<std::int64_t>(languages.size())))];
  site.names = random.Chance(kVendorsNames) ? &NamesOfVendor(protocol.vendor) : &local;
  site.body_part = DrawBodyPart(random);
  site.agent = kAgents[static_cast<std::size_t>(random.Integer(static_cast<std::int64_t>(kAgents.size())))];
  if (random.Chance(0.12)) site.agent.clear();
  site.agent_time = random.Chance(0.4);
  const bool enhanced = random.Chance(kEnhanced);
  site.enhanced = options.enhanced.value_or(enhanced && WritesEnhanced(protocol.vendor));
  site.adc_map = !random.Chance(kNoAdcMap);
  site.series_per_b = random.Chance(0.3) && protocol.vendor == Vendor::kStandard;
  site.diffusion_early = random.Chance(0.5);
  site.downwards = random.Chance(0.3);
  site.slice_first = random.Chance(0.4);
  site.interleaved = random.Chance(0.5);
  site.gaps = random.Chance(0.3);
  return site;
}

}  // namespace parotis::scanner
