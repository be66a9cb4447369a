#include "base/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "base/error.h"
#include "base/files.h"
#include "tests/support/temporary_folder.h"

namespace parotis::base {
namespace {

TEST(Safetensors, ReturnsWhatWasWritten) {
  const test::TemporaryFolder folder;
  const std::vector<float> weights = {1.5F, -2, 0.25F, 7, 8, 9};
  const std::vector<std::uint8_t> labels = {1, 2, 3};
  WriteSafetensors(folder.path() / "a.safetensors", {{"parotis", "{}"}},
                   {{"labels", TensorOf<std::uint8_t>(labels, {3})}, {"weights", TensorOf<float>(weights, {2, 3})}});
  const Safetensors file = ReadSafetensors(folder.path() / "a.safetensors");
  EXPECT_EQ(file.metadata.at("parotis"), "{}");
  EXPECT_EQ(file.at("weights").shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_THAT(file.at("weights").As<float>(), testing::ElementsAreArray(weights));
  EXPECT_THAT(file.at("labels").As<std::uint8_t>(), testing::ElementsAreArray(labels));
}

std::string ValidFile() {
  const test::TemporaryFolder folder;
  const std::vector<float> values = {1, 2, 3, 4};
  WriteSafetensors(folder.path() / "a", {}, {{"x", TensorOf<float>(values, {2, 2})}});
  return ReadFile(folder.path() / "a");
}

Safetensors Parse(const std::string& bytes) { return ParseSafetensors(std::as_bytes(std::span(bytes)), "test"); }

TEST(Safetensors, EveryTruncationIsRefusedWithASentence) {
  const std::string whole = ValidFile();
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_THROW(Parse(whole.substr(0, length)), Error) << length;
}

TEST(Safetensors, BytesThatBelongToNoTensorAreRefused) { EXPECT_THROW(Parse(ValidFile() + "x"), Error); }

TEST(Safetensors, AShapeThatContradictsTheOffsetsIsRefused) {
  std::string bytes = ValidFile();
  bytes.replace(bytes.find("[2,2]"), 5, "[2,3]");
  EXPECT_THROW(Parse(bytes), Error);
}

TEST(Safetensors, AShapeWhoseProductOverflowsIsRefused) {
  std::string bytes = ValidFile();
  const std::string header = R"({"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})";
  const std::uint64_t size = header.size();
  bytes = std::string(reinterpret_cast<const char*>(&size), 8) + header;
  EXPECT_THROW(Parse(bytes), Error);
}

TEST(Safetensors, AWrongElementTypeIsNotReinterpreted) {
  const std::string bytes = ValidFile();
  const Safetensors file = Parse(bytes);
  EXPECT_THROW(file.at("x").As<std::uint8_t>(), Error);
}

TEST(HalfPrecision, AllFiniteHalvesSurviveTheRoundTrip) {
  for (std::uint32_t half = 0; half < 0x10000; ++half) {
    if ((half & 0x7c00) == 0x7c00) continue;
    EXPECT_EQ(HalfFromFloat(FloatFromHalf(static_cast<std::uint16_t>(half))), half);
  }
}

RC_GTEST_PROP(HalfPrecision, RoundsWithinHalfAUnitInTheLastPlace, ()) {
  const double value = *rc::gen::inRange(-6000000, 6000000) / 100.0;
  const float back = FloatFromHalf(HalfFromFloat(static_cast<float>(value)));
  RC_ASSERT(std::abs(back - value) <= std::max(std::abs(value) / 2048, 0x1.0p-25) * 1.0001);
}

}  // namespace
}  // namespace parotis::base
