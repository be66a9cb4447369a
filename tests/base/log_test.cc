#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace parotis::base {
namespace {

TEST(Log, ControlsInQuotedTextDoNotReachTheTerminal) {
  testing::internal::CaptureStderr();
  LogLine(LogLevel::kWarning,
          "a\x1b[2Jb\rc\x7f d\xc2\x9b"
          "e \xc3\xa9\n\tnext");
  const std::string shown = testing::internal::GetCapturedStderr();
  EXPECT_THAT(shown, testing::HasSubstr("warning: a?[2Jb?c? d?e \xc3\xa9\n\tnext\n"));
}

}  // namespace
}  // namespace parotis::base
