// The DICOM JSON model: each rule of PS3.18 annex F by hand, and whole files with pydicom as the other reader.
#include "dicom/dicom_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file_list.h"
#include "base/files.h"
#include "tests/support/dicom_file.h"
#include "tests/support/errors.h"
#include "tests/support/python.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

using nlohmann::json;
using test::DicomItem;
using testing::HasSubstr;

json JsonOf(const std::string& bytes) {
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / "file.dcm", bytes);
  return json::parse(DicomJson(folder.path() / "file.dcm", "https://node/bulk"));
}
json JsonOf(const DicomItem& item) { return JsonOf(test::FileBytes(item)); }

// The attribute (0011,1001) of this representation, as JSON.
std::string Attribute(const std::string& vr, const std::string& value) {
  DicomItem item;
  item.Set(0x0008, 0x0060, "CS", "MR").Set(0x0011, 0x0010, "LO", "ACME").Set(0x0011, 0x1001, vr, value);
  return JsonOf(item).at("00111001").dump();
}

template <class T>
std::string BytesOf(std::initializer_list<T> values) {
  std::string bytes;
  for (const T value : values) bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  return bytes;
}

TEST(DicomJson, HasAnAttributeForEachElement) {
  const json object = JsonOf(DicomItem()
                                 .Set(0x0008, 0x0000, "UL", test::LittleEndian(4, 4))
                                 .Set(0x0008, 0x0060, "CS", "MR")
                                 .Set(0x0010, 0x0030, "DA", ""));
  EXPECT_EQ(object.dump(), R"({"00080060":{"Value":["MR"],"vr":"CS"},"00100030":{"vr":"DA"}})");
}

TEST(DicomJson, KeepsEmptyValuesAmongOthersAsNull) {
  EXPECT_EQ(Attribute("LO", "a\\\\ b \\"), R"({"Value":["a",null,"b",null],"vr":"LO"})");
  EXPECT_EQ(Attribute("DS", "1\\\\2"), R"({"Value":[1,null,2],"vr":"DS"})");
  EXPECT_EQ(Attribute("LO", "   "), R"({"vr":"LO"})");
}

TEST(DicomJson, HasNumbersForTextThatIsOne) {
  EXPECT_EQ(Attribute("IS", "-12\\+7\\007"), R"({"Value":[-12,7,7],"vr":"IS"})");
  EXPECT_EQ(Attribute("DS", " 1.50 \\-2e3\\.5\\+1."), R"({"Value":[1.5,-2000.0,0.5,1.0],"vr":"DS"})");
}

TEST(DicomJson, GivesUpTheRepresentationOfTextThatIsNoNumber) {
  EXPECT_EQ(Attribute("IS", "1.5"), R"({"Value":[1.5],"vr":"IS"})");
  EXPECT_EQ(Attribute("IS", "1\\x"), R"({"InlineBinary":"MVx4","vr":"UN"})");
  for (const char* text : {"nan", "1e999", "1,5", "P1:"})
    EXPECT_THAT(Attribute("DS", text), HasSubstr(R"("vr":"UN")")) << text;
}

TEST(DicomJson, HasBinaryNumbers) {
  EXPECT_EQ(Attribute("US", BytesOf<std::uint16_t>({1, 65535})), R"({"Value":[1,65535],"vr":"US"})");
  EXPECT_EQ(Attribute("SS", BytesOf<std::int16_t>({-1, 2})), R"({"Value":[-1,2],"vr":"SS"})");
  EXPECT_EQ(Attribute("UL", BytesOf<std::uint32_t>({4294967295})), R"({"Value":[4294967295],"vr":"UL"})");
  EXPECT_EQ(Attribute("SL", BytesOf<std::int32_t>({-7})), R"({"Value":[-7],"vr":"SL"})");
  EXPECT_EQ(Attribute("FD", BytesOf<double>({0.1, -2.5})), R"({"Value":[0.1,-2.5],"vr":"FD"})");
  EXPECT_EQ(Attribute("FL", BytesOf<float>({0.5F})), R"({"Value":[0.5],"vr":"FL"})");
}

TEST(DicomJson, HasTextForNumbersThatJsonCannotHold) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Attribute("FD", BytesOf<double>({std::numeric_limits<double>::quiet_NaN(), infinity, -infinity})),
            R"({"Value":["NaN","inf","-inf"],"vr":"FD"})");
  EXPECT_EQ(Attribute("UV", BytesOf<std::uint64_t>({5, std::numeric_limits<std::uint64_t>::max()})),
            R"({"Value":[5,"18446744073709551615"],"vr":"UV"})");
  EXPECT_EQ(Attribute("SV", BytesOf<std::int64_t>({-5, std::numeric_limits<std::int64_t>::min()})),
            R"({"Value":[-5,"-9223372036854775808"],"vr":"SV"})");
}

TEST(DicomJson, WritesTagsAsEightDigits) {
  EXPECT_EQ(Attribute("AT", BytesOf<std::uint16_t>({0x0018, 0x00ff, 0x7fe0, 0x0010})),
            R"({"Value":["001800FF","7FE00010"],"vr":"AT"})");
}

TEST(DicomJson, PartsNamesIntoGroups) {
  const std::string name = "Yamada^Tarou=\xE5\xB1\xB1\xE7\x94\xB0=\xE3\x82\x84\\\\X^Y=\\==Z";
  const json object = JsonOf(DicomItem().Set(0x0008, 0x0005, "CS", "ISO_IR 192").Set(0x0010, 0x0010, "PN", name));
  EXPECT_EQ(object.at("00100010").at("Value"),
            json::parse(R"([{"Alphabetic":"Yamada^Tarou","Ideographic":"山田","Phonetic":"や"}, null,
                            {"Alphabetic":"X^Y"}, {"Phonetic":"Z"}])"));
}

TEST(DicomJson, IsUtf8WhateverTheFileWas) {
  const json object = JsonOf(
      DicomItem()
          .Set(0x0008, 0x0005, "CS", "ISO_IR 100")
          .Set(0x0010, 0x0010, "PN", "M\xFCller")
          .SetSequence(0x0040, 0x0275,
                       {DicomItem().Set(0x0008, 0x0005, "CS", "GB18030").Set(0x0040, 0x0007, "LO", "\xc8\xf9\xcf\xd9"),
                        DicomItem().Set(0x0040, 0x0007, "LO", "\xE9")}));
  EXPECT_EQ(object.at("00080005").at("Value"), json({"ISO_IR 192"}));
  EXPECT_EQ(object.at("00100010").at("Value").at(0).at("Alphabetic"), "Müller");
  const json& items = object.at("00400275").at("Value");
  EXPECT_EQ(items.at(0).at("00400007").at("Value"), json({"腮腺"}));
  EXPECT_EQ(items.at(0).at("00080005").at("Value"), json({"ISO_IR 192"}));
  EXPECT_EQ(items.at(1).at("00400007").at("Value"), json({"é"}));
}

// In GB18030 the second byte of a character may be a backslash: U+8A6E is 0xD45C there.
TEST(DicomJson, DoesNotPartACharacter) {
  const json object = JsonOf(DicomItem().Set(0x0008, 0x0005, "CS", "GB18030").Set(0x0008, 0x103e, "LO", "\xD4\x5C\\b"));
  EXPECT_EQ(object.at("0008103E").at("Value").size(), 2U);
  EXPECT_EQ(object.at("0008103E").at("Value").at(1), "b");
}

TEST(DicomJson, KeepsTheLinesOfLongText) {
  EXPECT_EQ(Attribute("LT", "  a\\b\r\n\tc "), R"({"Value":["  a\\b\r\n\tc"],"vr":"LT"})");
  EXPECT_EQ(Attribute("UT",
                      "a\x01"
                      "b"),
            R"({"Value":["a b"],"vr":"UT"})");
  EXPECT_EQ(Attribute("UR", "http://x/\\y "), R"({"Value":["http://x/\\y"],"vr":"UR"})");
}

TEST(DicomJson, NestsSequences) {
  const json object = JsonOf(DicomItem().SetSequence(
      0x0040, 0x0275,
      {DicomItem(), DicomItem().SetSequence(0x0040, 0x0008, {DicomItem().Set(0x0008, 0x0100, "SH", "T-1")})}));
  EXPECT_EQ(object.at("00400275").dump(),
            R"({"Value":[{},{"00400008":{"Value":[{"00080100":{"Value":["T-1"],"vr":"SH"}}],"vr":"SQ"}}],"vr":"SQ"})");
  EXPECT_EQ(JsonOf(DicomItem().SetSequence(0x0040, 0x0275, {})).at("00400275").dump(), R"({"vr":"SQ"})");
}

TEST(DicomJson, HasShortBytesInlineAndOthersAsReferences) {
  EXPECT_EQ(Attribute("OB", std::string("\0\xFF\x10", 3) + "x"), R"({"InlineBinary":"AP8QeA==","vr":"OB"})");
  EXPECT_EQ(Attribute("UN", "abcdef"), R"({"InlineBinary":"YWJjZGVm","vr":"UN"})");
  EXPECT_EQ(Attribute("OB", ""), R"({"vr":"OB"})");
  EXPECT_EQ(Attribute("OW", std::string(1024, 'x')).substr(0, 17), R"({"InlineBinary":")");
  EXPECT_EQ(Attribute("OW", std::string(1026, 'x')), R"({"BulkDataURI":"https://node/bulk/00111001","vr":"OW"})");
}

TEST(DicomJson, NamesBulkDataByItsPath) {
  const json object = JsonOf(test::MrSlice(1, 0).SetSequence(
      0x0088, 0x0200, {DicomItem().Set(0x7fe0, 0x0010, "OW", "ab"), DicomItem().Set(0x7fe0, 0x0010, "OW", "cd")}));
  EXPECT_EQ(object.at("7FE00010").dump(), R"({"BulkDataURI":"https://node/bulk/7FE00010","vr":"OW"})");
  EXPECT_EQ(object.at("00880200").at("Value").at(1).at("7FE00010").at("BulkDataURI"),
            "https://node/bulk/00880200/2/7FE00010");
}

TEST(DicomJson, RefusesWhatIsNoDicom) {
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / "text", std::string_view("no image at all"));
  EXPECT_THAT(test::ErrorOf([&] { DicomJson(folder.path() / "text", ""); }), HasSubstr("cannot be read as DICOM"));
}

class OtherReader : public testing::Test {
 protected:
  void SetUp() override {
    if (test::Python().empty()) GTEST_SKIP() << "no Python environment with pydicom";
  }
  void Add(const std::filesystem::path& file) {
    const std::string name = std::to_string(++files_);
    std::filesystem::copy_file(file, folder_.path() / (name + ".dcm"));
    base::WriteFile(folder_.path() / (name + ".json"), DicomJson(file, "https://node/bulk"));
  }
  void ExpectThatPydicomAgrees() {
    EXPECT_TRUE(test::RunPython("dicom/read_json_with_pydicom.py", folder_.path()))
        << base::ReadFile(folder_.path() / "python.log");
  }

  test::TemporaryFolder folder_;
  int files_ = 0;
};

TEST_F(OtherReader, ReadsEveryRepresentation) {
  DicomItem item = test::MrSlice(1, 2.5);
  item.Set(0x0008, 0x0005, "CS", "ISO_IR 100").Set(0x0010, 0x0010, "PN", "M\xFCller^J\xF6rg");
  item.Set(0x0008, 0x0012, "DA", "20260102").Set(0x0008, 0x0013, "TM", "101112.5").Set(0x0010, 0x1010, "AS", "042Y");
  item.Set(0x0018, 0x9073, "FD", BytesOf<double>({0.1}))
      .Set(0x0028, 0x0009, "AT", BytesOf<std::uint16_t>({0x18, 0x1063}));
  item.Set(0x0018, 0x9073, "FD", BytesOf<double>({std::numeric_limits<double>::quiet_NaN()}));
  item.Set(0x0028, 0x0106, "US", BytesOf<std::uint16_t>({7})).Set(0x0040, 0x0280, "ST", "two\r\nlines");
  item.SetSequence(0x0040, 0x0275, {DicomItem().Set(0x0040, 0x0007, "LO", "\xE9").Set(0x0040, 0x0009, "SH", "")});
  item.Set(0x0011, 0x0010, "LO", "ACME").Set(0x0011, 0x1001, "OB", "abcd").Set(0x0011, 0x1002, "UN", "abcd");
  item.Set(0x0011, 0x1003, "UV", BytesOf<std::uint64_t>({3})).Set(0x0011, 0x1004, "SV", BytesOf<std::int64_t>({-3}));
  item.Set(0x0011, 0x1005, "FL", BytesOf<float>({0.1F, 2})).Set(0x0011, 0x1006, "SL", BytesOf<std::int32_t>({-3, 4}));
  item.Set(0x0011, 0x1007, "UC", "a\\b").Set(0x0011, 0x1008, "UR", "http://x").Set(0x0011, 0x1009, "OF", "abcdefgh");
  item.Set(0x0011, 0x100a, "OW", std::string(2000, 'x'));
  const test::TemporaryFolder made;
  test::WriteDicom(made.path() / "file.dcm", item);
  Add(made.path() / "file.dcm");
  ExpectThatPydicomAgrees();
}

TEST_F(OtherReader, ReadsPublicData) {
  if (test::SharedData().empty()) GTEST_SKIP() << "no public data beside the checkout";
  int count = 0;
  for (const char* folder : {"odd-dicom", "enhanced", "dicom-seg-sr", "dwi-vendors"}) {
    for (const auto& file : base::FilesBelow(test::SharedData() / folder)) {
      if (folder == std::string("dwi-vendors") && ++count % 20 != 0) continue;  // more than a thousand much alike
      try {
        Add(file);
      } catch (const base::Error&) {
        continue;  // not DICOM
      }
    }
  }
  EXPECT_GT(files_, 50);
  ExpectThatPydicomAgrees();
}

}  // namespace
}  // namespace parotis::dicom
