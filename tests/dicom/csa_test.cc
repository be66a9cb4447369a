#include "dicom/csa.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/support/dicom_file.h"

namespace parotis::dicom {
namespace {

using test::LittleEndian;

std::string Padded(std::string text, std::size_t size) {
  text.resize(size, '\0');
  return text;
}

// One SV10 header with the given elements.
std::string Sv10(const std::map<std::string, std::vector<std::string>>& elements) {
  std::string out = "SV10" + LittleEndian(0x01020304, 4) +
                    LittleEndian(static_cast<std::uint32_t>(elements.size()), 4) + LittleEndian(77, 4);
  for (const auto& [name, items] : elements) {
    out += Padded(name, 64) + LittleEndian(1, 4) + Padded("DS", 4) + LittleEndian(3, 4);
    out += LittleEndian(static_cast<std::uint32_t>(items.size()), 4) + LittleEndian(77, 4);
    for (const std::string& item : items) {
      const auto length = static_cast<std::uint32_t>(item.size());
      out += LittleEndian(length, 4) + LittleEndian(length, 4) + LittleEndian(77, 4) + LittleEndian(length, 4);
      out += Padded(item, (item.size() + 3) / 4 * 4);
    }
  }
  return out;
}

std::optional<CsaHeader> Parse(const std::string& bytes) { return ParseCsa(std::as_bytes(std::span(bytes))); }

const std::map<std::string, std::vector<std::string>> kElements = {
    {"B_value", {"1000"}}, {"SliceNormalVector", {"0.5", "-0.25", "1e-3"}}, {"Empty", {}}};

TEST(Csa, ReturnsTheItemsOfEveryElement) {
  const auto header = Parse(Sv10(kElements));
  ASSERT_TRUE(header);
  EXPECT_THAT(header->at("B_value"), testing::ElementsAre("1000"));
  EXPECT_THAT(CsaNumbers(*header, "SliceNormalVector"), testing::ElementsAre(0.5, -0.25, 1e-3));
  EXPECT_THAT(CsaNumbers(*header, "Empty"), testing::IsEmpty());
  EXPECT_THAT(CsaNumbers(*header, "Absent"), testing::IsEmpty());
}

TEST(Csa, EveryTruncationIsRefused) {
  std::string whole = Sv10(kElements);
  while (whole.back() == '\0') whole.pop_back();  // trailing padding may be missing
  for (std::size_t length = 0; length < whole.size(); ++length) EXPECT_FALSE(Parse(whole.substr(0, length))) << length;
}

TEST(Csa, ALengthBeyondTheEndIsRefused) {
  std::string bytes = Sv10({{"B_value", {"1000"}}});
  bytes.replace(bytes.size() - 16, 4,
                LittleEndian(0xFFFFFFF0, 4));  // the second of the item's four numbers is its length
  EXPECT_FALSE(Parse(bytes));
}

RC_GTEST_PROP(Csa, SurvivesAnyChangeOfBytes, ()) {
  std::string bytes = Sv10(kElements);
  for (int i = 0; i < 8; ++i) bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
  Parse(bytes);
}

}  // namespace
}  // namespace parotis::dicom
