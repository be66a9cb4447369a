#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "base/error.h"
#include "base/progress.h"

namespace parotis::base {
namespace {

TEST(ParallelFor, VisitsEveryItemOnce) {
  for (const int threads : {1, 2, 7}) {
    std::vector<std::atomic<int>> visits(1000);
    ParallelFor(1000, threads, [&](std::int64_t i) { ++visits[i]; });
    for (const auto& count : visits) EXPECT_EQ(count, 1);
  }
}

TEST(ParallelFor, DoesNothingForNoItems) {
  ParallelFor(0, 4, [](std::int64_t) { FAIL(); });
}

TEST(ParallelFor, AnErrorOfOneItemEndsTheLoopAndReachesTheCaller) {
  std::atomic<int> visited{0};
  EXPECT_THROW(ParallelFor(1'000'000, 2,
                           [&](std::int64_t i) {
                             ++visited;
                             if (i == 10) Throw(ErrorKind::kInput, "item 10");
                           }),
               Error);
  EXPECT_LT(visited, 1'000'000);
}

TEST(FormatDuration, ReadsLikeAPersonWouldSayIt) {
  EXPECT_EQ(FormatDuration(0.4), "0 s");
  EXPECT_EQ(FormatDuration(59.6), "1 min 00 s");
  EXPECT_EQ(FormatDuration(3725), "1 h 02 min");
}

}  // namespace
}  // namespace parotis::base
