#include "base/budget.h"

#include <gtest/gtest.h>

#include <atomic>

#include "base/parallel.h"

namespace parotis::base {
namespace {

TEST(Budget, WhatIsHeldAtOneTimeStaysWithinTheLimit) {
  Budget budget(10);
  std::atomic<int> held{0}, most{0};
  ParallelFor(200, 8, [&](std::int64_t) {
    const Budget::Share share(budget, 4);
    const int now = held += 4;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    held -= 4;
  });
  EXPECT_LE(most, 10);
}

TEST(Budget, WhatIsLargerThanTheLimitRunsAlone) {
  Budget budget(10);
  std::atomic<int> running{0};
  ParallelFor(50, 4, [&](std::int64_t) {
    const Budget::Share share(budget, 1000);
    EXPECT_EQ(++running, 1);
    --running;
  });
}

}  // namespace
}  // namespace parotis::base
