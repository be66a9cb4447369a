#include "review/edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "image/gzip.h"
#include "tests/support/errors.h"

namespace parotis::review {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::vector<std::string> kClasses = {"warthin", "pleomorphic", "malignant"};
constexpr std::size_t kVoxels = 8;

std::string Packed(const std::string& bytes) { return base::Base64(image::Deflate(std::as_bytes(std::span(bytes)))); }
std::string Mask(std::initializer_list<char> ids) { return Packed(std::string(ids)); }

base::Json Good() {
  return {{"verdict", "class"},
          {"class", "malignant"},
          {"lesions", {{{"id", 2}, {"class", "malignant"}}, {{"id", 1}, {"class", nullptr}}}},
          {"mask", Mask({0, 0, 1, 1, 0, 2, 2, 0})}};
}

std::string Refusal(const base::Json& json) {
  return test::ErrorOf([&] { ParseEdit(json, "the edit", kVoxels, kClasses); });
}

TEST(Edit, IsReadAsThePageSendsIt) {
  const Edit edit = ParseEdit(Good(), "the edit", kVoxels, kClasses);
  EXPECT_EQ(edit.verdict, dataset::Verdict::kClass);
  EXPECT_EQ(edit.class_name, "malignant");
  ASSERT_EQ(edit.lesions.size(), 2U);
  EXPECT_EQ(edit.lesions[0].id, 2);
  EXPECT_EQ(edit.lesions[0].class_name, "malignant");
  EXPECT_FALSE(edit.lesions[1].class_name);
  EXPECT_THAT(edit.mask, ElementsAre(0, 0, 1, 1, 0, 2, 2, 0));
}

TEST(Edit, NoTumourNeedsNoLesionAndNoClass) {
  const Edit edit = ParseEdit(
      {{"verdict", "no_tumour_found"}, {"lesions", base::Json::array()}, {"mask", Mask({0, 0, 0, 0, 0, 0, 0, 0})}},
      "the edit", kVoxels, kClasses);
  EXPECT_TRUE(edit.lesions.empty());
}

TEST(Edit, WhatContradictsItselfIsRefusedWithASentence) {
  const auto with = [](const char* key, const base::Json& value) {
    base::Json json = Good();
    json[key] = value;
    return Refusal(json);
  };
  EXPECT_THAT(with("verdict", "maybe"), HasSubstr("must be class, indeterminate or no_tumour_found"));
  EXPECT_THAT(with("verdict", "refused"), HasSubstr("must be class"));
  EXPECT_THAT(with("class", "lipoma"), HasSubstr("must be one of warthin, pleomorphic, malignant"));
  EXPECT_THAT(with("class", nullptr), HasSubstr("must be one of"));
  EXPECT_THAT(with("lesions", {{{"id", 1}}}), HasSubstr("holds a lesion 2 that is not listed"));
  EXPECT_THAT(with("lesions", {{{"id", 1}}, {{"id", 2}}, {{"id", 3}}}), HasSubstr("lesion 3 is nowhere in the mask"));
  EXPECT_THAT(with("lesions", {{{"id", 1}}, {{"id", 2}}, {{"id", 1}}}), HasSubstr("lists lesion 1 twice"));
  EXPECT_THAT(with("lesions", {{{"id", 256}}}), HasSubstr("between 1 and 255"));
  EXPECT_THAT(with("lesions", "all"), HasSubstr("must be a list"));
  EXPECT_THAT(with("verdict", "no_tumour_found"), HasSubstr("has lesions: remove them first"));
  EXPECT_THAT(with("more", 1), HasSubstr("more"));
  base::Json none = Good();
  none["lesions"] = base::Json::array(), none["mask"] = Mask({0, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_THAT(Refusal(none), HasSubstr("has no lesion: draw one"));
}

TEST(Edit, AMaskThatIsDamagedOrOfAnotherSizeIsRefusedWithoutUnpackingMore) {
  const auto with = [](const std::string& mask) {
    base::Json json = Good();
    json["mask"] = mask;
    return Refusal(json);
  };
  EXPECT_THAT(with("not base64!"), HasSubstr("is not base64"));
  EXPECT_THAT(with(base::Base64("plain bytes")), HasSubstr("not compressed with gzip"));
  EXPECT_THAT(with(Mask({0, 1, 2})), HasSubstr("does not hold one byte for each of 8 voxels"));
  EXPECT_THAT(with(Packed(std::string(50'000'000, '\0'))), HasSubstr("does not hold one byte"));
  const std::string ids(kVoxels, '\1');
  const std::string whole = image::Deflate(std::as_bytes(std::span(ids)));
  EXPECT_THAT(with(base::Base64(whole.substr(0, whole.size() - 3))), HasSubstr("does not hold one byte"));
}

}  // namespace
}  // namespace parotis::review
