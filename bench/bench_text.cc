// How often text drawn into pictures is found, and how often text is seen where there is none
// (docs/results/defacing.md). `parotis_bench_text FOLDER...`: all series of MR below the folders; every second one (by
// UID) was looked at while the limits were chosen, the others are held out.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/random.h"
#include "dicom/index.h"
#include "dicom/pixels.h"
#include "privacy/pixel_text.h"
#include "tests/support/planted_text.h"

namespace {

using namespace parotis;

struct Tally {
  int series = 0, false_alarms = 0;
  std::map<std::string, std::array<int, 2>> found;  // kind → found, planted
};

void Count(const std::string& name, const image::Volume& volume, std::uint64_t stream, Tally& tally) {
  ++tally.series;
  const auto lines = privacy::FindText(volume);
  tally.false_alarms += lines.empty() ? 0 : 1;
  for (const auto& line : lines) fmt::print("  seen in {}: {}, slice {}\n", name, Describe(line), line.slice);
  for (int trial = 0; trial < 24; ++trial) {
    base::Random random(17, {stream, static_cast<std::uint64_t>(trial)});
    image::Volume planted = volume;
    const test::Planting planting = test::PlantText(planted, random);
    if (!planting.drawn) continue;
    const bool found = !privacy::FindText(planted).empty();
    for (const std::string& kind : {std::string("all"), planting.kind, fmt::format("{:02} px", planting.height)}) {
      tally.found[kind][0] += found ? 1 : 0;
      ++tally.found[kind][1];
    }
    if (!found)
      fmt::print("  missed in {}: {}, {} px at {},{}\n", name, planting.kind, planting.height, planting.column,
                 planting.row);
  }
}

void Say(const char* name, const Tally& tally) {
  fmt::print("{}: {} series, text seen in {} without any\n", name, tally.series, tally.false_alarms);
  for (const auto& [kind, counts] : tally.found) fmt::print("  {:<40} {} of {}\n", kind, counts[0], counts[1]);
}

}  // namespace

int main(int argc, char** argv) {
  Tally developed, held_out;
  std::uint64_t stream = 0;
  for (int n = 1; n < argc; ++n) {
    for (const dicom::Study& study : dicom::IndexDicom(argv[n]).studies) {
      for (const dicom::Series& series : study.series) {
        if (series.modality != "MR" || series.volumes.empty()) continue;
        Tally& tally = stream++ % 2 == 0 ? developed : held_out;
        try {
          Count(NameOf(series), dicom::LoadVolume(series, 0), stream, tally);
        } catch (const base::Error& error) {
          fmt::print("  not loaded: {}\n", error.what());
        }
      }
    }
  }
  Say("developed on", developed);
  Say("held out", held_out);
  return 0;
}
