// Fitted maps of synthetic examinations against what was drawn of the tumour: with noise, ghosts, motion and distortion
// as the physics makes them (docs/maps.md). `parotis_bench_maps_examinations [PATIENTS] [SEED]`
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "tests/support/examined_maps.h"

namespace {

using namespace parotis;

struct Pairs {
  std::vector<double> drawn, found;

  void Say(const char* name) const {
    const auto count = static_cast<double>(drawn.size());
    double mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0, squares = 0;
    for (std::size_t n = 0; n < drawn.size(); ++n) mean_x += drawn[n] / count, mean_y += found[n] / count;
    for (std::size_t n = 0; n < drawn.size(); ++n) {
      const double x = drawn[n] - mean_x, y = found[n] - mean_y;
      xx += x * x, yy += y * y, xy += x * y;
      squares += (found[n] - drawn[n]) * (found[n] - drawn[n]);
    }
    fmt::print("{:<8} drawn {:9.3f} on average, found {:9.3f}; r {:.3f}, root mean square difference {:.3f}\n", name,
               mean_x, mean_y, xy / std::sqrt(xx * yy), std::sqrt(squares / count));
  }
};

}  // namespace

int main(int argc, char** argv) {
  const int patients = argc > 1 ? std::atoi(argv[1]) : 12;
  const auto seed = static_cast<std::uint64_t>(argc > 2 ? std::atoi(argv[2]) : 77);
  std::map<std::string, Pairs> pairs;
  for (int n = 0; n < patients; ++n) {
    const char* diagnosis = n % 3 == 0 ? "pleomorphic" : n % 3 == 1 ? "warthin" : "malignant";
    const auto examination = test::Examine(seed, n, diagnosis, false);
    for (const test::LesionValue& value : test::ValuesOf(examination)) {
      pairs[value.channel].drawn.push_back(value.drawn);
      pairs[value.channel].found.push_back(value.median);
      fmt::print("{} {}: {} drawn {:.4g}, median {:.4g}\n", diagnosis, n, value.channel, value.drawn, value.median);
    }
  }
  for (const auto& [channel, each] : pairs) each.Say(channel.c_str());
  return 0;
}
