// Identity planted everywhere it can hide, and looked for in every byte of what the program lets out. The search is the
// test's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/json.h"
#include "image/gzip.h"
#include "tests/intake/study_files.h"
#include "tests/support/program.h"

namespace parotis {
namespace {

namespace fs = std::filesystem;
using test::DicomItem;

std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

std::string Utf16(const std::string& ascii, bool big_endian) {
  std::string out;
  for (const char c : ascii) out += big_endian ? std::string{'\0', c} : std::string{c, '\0'};
  return out;
}

// One person, with a name as each character set writes it: in ASCII, in the set's bytes, in UTF-8.
struct Person {
  const char* character_set;
  const char* name;                    // as the file has it
  std::vector<std::string> fragments;  // that must be found nowhere
};

const std::vector<Person>& Persons() {
  static const std::vector<Person> persons = {
      {"ISO_IR 100", "Gr\xFCnspecht^J\xF6rg", {"Gr\xFCnspecht", "Grünspecht", "Gruenspecht", "J\xF6rg", "Jörg"}},
      {"ISO_IR 192", "Wąsowicz-Ålund^Zoë", {"Wąsowicz", "Ålund", "Zoë"}},
      {"ISO 2022 IR 6\\ISO 2022 IR 87",
       "Kurosawa^Mitsuko=\x1b$B9u_7\x1b(B^\x1b$B8w;R\x1b(B",
       {"Kurosawa", "Mitsuko", "\x1b$B9u_7", "黒澤"}},
  };
  return persons;
}

const std::vector<std::string> kEverywhere = {
    "HOSP-883141",    "ISSUER-OF-THULE", "19530817",       "1953-08-17",      "ACC-5521977", "Klinikum Entenhausen",
    "Gansstrasse 13", "Quackenbush",     "Doktorowski",    "Operatowicz",     "STATION-QX7", "SER-9920311",
    "1.2.826.99.1",   "1.2.826.99.2",    "+49 5550 98765", "Schwiegermutter", "20190228",    "Hebammenweg"};

// A Siemens header whose protocol names the patient.
std::string CsaWithName(const std::string& name) {
  const auto fixed = [](std::string text, std::size_t size) {
    text.resize(size, '\0');
    return text;
  };
  const auto element = [&](const std::string& tag, const std::string& value) {
    const auto length = static_cast<std::uint32_t>(value.size() + 1);
    return fixed(tag, 64) + test::LittleEndian(1, 4) + fixed("LO", 4) + test::LittleEndian(0, 4) +
           test::LittleEndian(1, 4) + test::LittleEndian(77, 4) + test::LittleEndian(length, 4) +
           test::LittleEndian(length, 4) + test::LittleEndian(77, 4) + test::LittleEndian(length, 4) +
           fixed(value, (value.size() + 4) / 4 * 4);
  };
  return "SV10" + std::string("\4\3\2\1", 4) + test::LittleEndian(3, 4) + test::LittleEndian(77, 4) +
         element("EchoTime", "90") + element("PatientName", name) + element("tProtocol", "ASCCONV " + name);
}

void Plant(DicomItem& item, const Person& person, const std::string& series) {
  const std::string name = person.name;
  item.Set(0x0008, 0x0005, "CS", person.character_set).Set(0x0010, 0x0010, "PN", name);
  item.Set(0x0010, 0x0020, "LO", "HOSP-883141").Set(0x0010, 0x0021, "LO", "ISSUER-OF-THULE");
  item.Set(0x0010, 0x0030, "DA", "19530817").Set(0x0010, 0x0040, "CS", "F").Set(0x0010, 0x1010, "AS", "065Y");
  item.Set(0x0008, 0x0020, "DA", "20190228").Set(0x0008, 0x0050, "SH", "ACC-5521977");
  item.Set(0x0008, 0x0080, "LO", "Klinikum Entenhausen").Set(0x0008, 0x0081, "ST", "Gansstrasse 13");
  item.Set(0x0008, 0x0090, "PN", "Quackenbush^Ferdinand").Set(0x0008, 0x1050, "PN", "Doktorowski^A");
  item.Set(0x0008, 0x1070, "PN", "Operatowicz^B").Set(0x0008, 0x1010, "SH", "STATION-QX7");
  item.Set(0x0018, 0x1000, "LO", "SER-9920311").Set(0x0010, 0x2154, "SH", "+49 5550 98765");
  item.Set(0x0010, 0x1040, "LO", "Hebammenweg 3").Set(0x0010, 0x4000, "LT", "Schwiegermutter: " + name);
  item.Set(0x0020, 0x000d, "UI", "1.2.826.99.1")
      .Set(0x0020, 0x000e, "UI", series + ".826.99.7")
      .Set(0x0020, 0x0052, "UI", "1.2.826.99.2");
  item.Set(0x0008, 0x0018, "UI", "1.2.826.99.1." + std::to_string(std::hash<std::string>{}(item.Bytes())));
  item.Set(0x0018, 0x1030, "LO", "Hals Quackenbush " + name).Set(0x0020, 0x4000, "LT", "geb. 17.08.1953 " + name);
  item.Set(0x0018, 0x0024, "SH", "tse " + std::string("Quackenbush"));  // not in the profile's table
  item.Set(0x0018, 0x1020, "LO", "V1 HOSP-883141").Set(0x0008, 0x1090, "LO", "Model of doktorowski");
  item.Set(0x0008, 0x1030, "LO", "MR Hals Schwiegermutter");
  DicomItem inner;
  inner.Set(0x0010, 0x0010, "PN", name)
      .Set(0x0040, 0xa160, "UT", "seen by Operatowicz")
      .Set(0x0008, 0x1155, "UI", "1.2.826.99.2");
  DicomItem outer;
  outer.SetSequence(0x0040, 0x0275, {inner}).Set(0x0008, 0x0104, "LO", "Kontrolle " + name);
  item.SetSequence(0x0040, 0x0275, {outer}).SetSequence(0x0008, 0x1032, {outer}).SetSequence(0x0088, 0x0200, {outer});
  item.SetSequence(0x0008, 0x2218, {outer});  // not in the profile's table
  item.Set(0x0019, 0x0010, "LO", "SIEMENS MR HEADER").Set(0x0019, 0x1008, "CS", "HOSP-883141");
  item.Set(0x0019, 0x1009, "LO", "Doktorowski");
  item.Set(0x0029, 0x0010, "LO", "SIEMENS CSA HEADER").Set(0x0029, 0x1010, "OB", CsaWithName(name));
  item.Set(0x0029, 0x1020, "OB", CsaWithName("Quackenbush"));
  item.Set(0x0031, 0x0010, "LO", "Klinikum Entenhausen").Set(0x0031, 0x1001, "UN", Utf16("Quackenbush", false));
  item.SetUs(0x6000, 0x0010, 8).SetUs(0x6000, 0x0011, 8).Set(0x6000, 0x4000, "LT", name);
  item.Set(0x6000, 0x3000, "OW", std::string(8, '\1')).Set(0x0042, 0x0011, "OB", Utf16("Schwiegermutter", true));
  item.Set(0xfffc, 0xfffc, "OB", "Quackenbush");
}

// Preamble and file meta information are places, too.
void PlantInMeta(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  for (const fs::path& file : files) {
    std::string bytes = base::ReadFile(file);
    bytes.replace(0, 11, "Quackenbush");
    DicomItem meta;
    meta.Set(0x0002, 0x0002, "UI", "1.2.840.10008.5.1.4.1.1.4").Set(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1");
    const std::size_t old_size = meta.Bytes().size();
    meta.Set(0x0002, 0x0016, "AE", "STATION-QX7").Set(0x0002, 0x0003, "UI", "1.2.826.99.1.5");
    const std::string length =
        DicomItem()
            .Set(0x0002, 0x0000, "UL", test::LittleEndian(static_cast<std::uint32_t>(meta.Bytes().size()), 4))
            .Bytes();
    bytes.replace(132, length.size() + old_size, length + meta.Bytes());
    base::WriteFile(file, bytes);
  }
}

void WritePlantedStudy(const fs::path& folder, const Person& person) {
  intake::WriteStudy(folder, [&](DicomItem& item, const std::string& series) { Plant(item, person, series); });
  PlantInMeta(folder);
}

std::vector<std::string> FragmentsOf(const Person& person) {
  std::vector<std::string> fragments;
  for (const auto* list : {&kEverywhere, &person.fragments}) {
    for (const std::string& text : *list) {
      fragments.push_back(Lower(text));
      fragments.push_back(Lower(Utf16(text, true)));
      fragments.push_back(Lower(Utf16(text, false)));
    }
  }
  return fragments;
}

void ExpectNone(const std::string& where, const std::string& bytes, const std::vector<std::string>& fragments) {
  const std::string lower = Lower(bytes);
  for (const std::string& fragment : fragments)
    EXPECT_EQ(lower.find(fragment), std::string::npos) << "\"" << fragment << "\" in " << where;
}

// Contents, packed ones unpacked, and names of files and folders.
std::size_t ExpectNoneBelow(const fs::path& folder, const Person& person) {
  const std::vector<std::string> fragments = FragmentsOf(person);
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    ExpectNone("a name", fs::relative(entry.path(), folder).string(), fragments);
    if (!entry.is_regular_file()) continue;
    ++files;
    const std::string bytes = base::ReadFile(entry.path());
    ExpectNone(entry.path().string(), bytes, fragments);
    if (!image::IsGzip(std::as_bytes(std::span(bytes)))) continue;
    const auto unpacked = image::Inflate(std::as_bytes(std::span(bytes)), 1U << 30U, "test");
    ExpectNone(entry.path().string(), {reinterpret_cast<const char*>(unpacked.bytes.data()), unpacked.bytes.size()},
               fragments);
  }
  return files;
}

class PlantedIdentity : public testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override { WritePlantedStudy(Input() / "Quackenbush" / "HOSP-883141", Subject()); }
  const Person& Subject() const { return Persons()[GetParam()]; }
  fs::path Input() const { return folder_.path() / "in"; }
  fs::path Output() const { return folder_.path() / "out"; }

 private:
  test::TemporaryFolder folder_;
};

TEST_P(PlantedIdentity, IsInNoByteOfADataset) {
  const test::Outcome outcome = test::RunProgram({"import", Input().string(), Output().string(), "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_GE(ExpectNoneBelow(Output(), Subject()), 8U);
  ExpectNone("standard output", outcome.out, FragmentsOf(Subject()));
}

TEST_P(PlantedIdentity, IsInNoByteOfTheReportOfARefusedStudy) {
  fs::remove(Input() / "Quackenbush" / "HOSP-883141" / "1.2.3.1-005");
  const test::Outcome outcome =
      test::RunProgram({"import", Input().string(), Output().string(), "--json", "--channels", "T2"});
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_GE(ExpectNoneBelow(Output(), Subject()), 4U);
  ExpectNone("standard output", outcome.out, FragmentsOf(Subject()));
}

TEST_P(PlantedIdentity, IsInNoByteOfDeidentifiedFiles) {
  const test::Outcome outcome = test::RunProgram({"deidentify", Input().string(), Output().string(), "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err << outcome.out;
  EXPECT_EQ(ExpectNoneBelow(Output(), Subject()), 52U);  // 48 images, two reports, settings, lock
  ExpectNone("standard output", outcome.out, FragmentsOf(Subject()));
}

TEST_P(PlantedIdentity, IsInNoByteOfAConvertedSeries) {
  const fs::path file = Output() / "x.nii.gz";
  const test::Outcome outcome =
      test::RunProgram({"convert", Input().string(), "--series", "2", "-o", file.string(), "-q"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_GE(ExpectNoneBelow(Output(), Subject()), 2U);
}

INSTANTIATE_TEST_SUITE_P(CharacterSets, PlantedIdentity, testing::Values(0U, 1U, 2U));

TEST(Deidentified, AStudyImportsAsTheOriginalDoes) {
  const test::TemporaryFolder folder;
  WritePlantedStudy(folder.path() / "in", Persons()[0]);
  const auto run = [&](const std::vector<std::string>& arguments) {
    const test::Outcome outcome = test::RunProgram(arguments);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  };
  const auto at = [&](const char* name) { return (folder.path() / name).string(); };
  run({"deidentify", at("in"), at("clean"), "-q"});
  run({"import", at("in"), at("a"), "-q"});
  run({"import", at("clean"), at("b"), "-q"});
  std::multiset<std::string> original, cleaned;
  for (const auto& [name, images] : {std::pair{"a", &original}, {"b", &cleaned}}) {
    for (const auto& entry : fs::directory_iterator(folder.path() / name / "imagesTs"))
      images->insert(base::ReadFile(entry.path()));
  }
  EXPECT_EQ(original.size(), 5U);
  EXPECT_EQ(original, cleaned);
}

}  // namespace
}  // namespace parotis
