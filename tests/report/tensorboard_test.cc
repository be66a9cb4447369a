#include "report/tensorboard.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <numeric>

#include "tests/support/errors.h"

namespace parotis::report {
namespace {

// RFC 3720, appendix B.4.
TEST(Crc32c, MatchesThePublishedExamples) {
  std::string ascending(32, '\0');
  std::iota(ascending.begin(), ascending.end(), '\0');
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(Crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
  EXPECT_EQ(Crc32c(ascending), 0x46DD794EU);
  EXPECT_EQ(Crc32c(std::string(ascending.rbegin(), ascending.rend())), 0x113FDB5CU);
}

template <class T>
T Take(std::string_view& bytes) {
  T value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return value;
}

std::uint64_t TakeVarint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<std::uint8_t>(bytes[0]);
    bytes.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
}

struct Read {
  std::string version;
  std::vector<Scalar> scalars;
};

// Decoded by field number and wire type, from the specification of protocol buffers, not from the writer.
void ReadMessage(std::string_view bytes, const std::string& message, Read& read, Scalar& scalar) {
  while (!bytes.empty()) {
    const std::uint64_t key = TakeVarint(bytes);
    const std::uint64_t field = key >> 3;
    if ((key & 7) == 0) scalar.step = static_cast<std::int64_t>(TakeVarint(bytes));
    if ((key & 7) == 1) Take<double>(bytes);
    if ((key & 7) == 5) scalar.value = Take<float>(bytes);
    if ((key & 7) != 2) continue;
    const std::uint64_t length = TakeVarint(bytes);
    const std::string_view inner = bytes.substr(0, length);
    bytes.remove_prefix(length);
    if (message == "Event" && field == 3) read.version = inner;
    if (message == "Event" && field == 5) ReadMessage(inner, "Summary", read, scalar);
    if (message == "Summary" && field == 1) ReadMessage(inner, "Value", read, scalar);
    if (message == "Value" && field == 1) scalar.tag = inner;
  }
}

Read ReadEvents(std::string_view file) {
  Read read;
  while (!file.empty()) {
    const std::string_view length_bytes = file.substr(0, 8);
    const auto length = Take<std::uint64_t>(file);
    EXPECT_EQ(Take<std::uint32_t>(file), MaskedCrc32c(length_bytes));
    const std::string_view data = file.substr(0, length);
    file.remove_prefix(length);
    EXPECT_EQ(Take<std::uint32_t>(file), MaskedCrc32c(data));
    Scalar scalar;
    ReadMessage(data, "Event", read, scalar);
    if (!scalar.tag.empty()) read.scalars.push_back(scalar);
  }
  return read;
}

TEST(EventsFile, IsReadBackWithEveryScalar) {
  const std::vector<Scalar> scalars = {
      {20, "train/loss", 0.53F}, {20, "train/soft_dice", 0.25F}, {1'000'000'007, "x", -1e-9F}};
  const Read read = ReadEvents(EventsFileOf(scalars, 1.7e9));
  EXPECT_EQ(read.version, "brain.Event:2");
  ASSERT_EQ(read.scalars.size(), scalars.size());
  for (std::size_t s = 0; s < scalars.size(); ++s) {
    EXPECT_EQ(read.scalars[s].step, scalars[s].step);
    EXPECT_EQ(read.scalars[s].tag, scalars[s].tag);
    EXPECT_EQ(std::bit_cast<std::uint32_t>(read.scalars[s].value), std::bit_cast<std::uint32_t>(scalars[s].value));
  }
}

// As the mask is defined: rotated right by 15 bits, plus a constant.
TEST(EventsFile, TheMaskIsTheDefinedOne) {
  const std::uint32_t crc = Crc32c("123456789");
  EXPECT_EQ(crc, 0xE3069283U);
  EXPECT_EQ(MaskedCrc32c("123456789"), ((crc >> 15) | (crc << 17)) + 0xA282EAD8U);
}

TEST(ScalarsOfLog, TakesEveryNumberOfALogAndLeavesOutALineThatWasCutOff) {
  const std::string log =
      "{\"iteration\":20,\"loss\":0.5,\"learning_rate\":0.01}\n"
      "{\"iteration\":20,\"validation\":{\"mean_dice\":0.3,\"dice\":{\"alpha\":0.25,\"beta\":null}}}\n"
      "{\"iteration\":40,\"lo";
  const std::vector<Scalar> scalars = ScalarsOfLog(log, "log.jsonl");
  ASSERT_EQ(scalars.size(), 4U);
  EXPECT_EQ(scalars[0].tag, "train/loss");
  EXPECT_EQ(scalars[1].tag, "train/learning_rate");
  EXPECT_EQ(scalars[2].tag, "validation/mean_dice");
  EXPECT_EQ(scalars[3].tag, "validation/dice/alpha");
  EXPECT_EQ(scalars[3].step, 20);
  EXPECT_EQ(scalars[3].value, 0.25F);
}

TEST(ScalarsOfLog, ALineThatIsNoLogIsNamed) {
  EXPECT_THROW(ScalarsOfLog("[1]\n", "log.jsonl"), base::Error);
  EXPECT_THROW(ScalarsOfLog("{\"loss\":1}\n", "log.jsonl"), base::Error);
}

}  // namespace
}  // namespace parotis::report
