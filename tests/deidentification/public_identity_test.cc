// What identifies somebody in the public files' own attributes, collected without the program's idea of it, and looked
// for in every byte of what `import` and `deidentify` write. A hit is a failure, unless the text also stands in an
// attribute that identifies nobody, or is one of the words listed here.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "base/conditions.h"
#include "base/text.h"
#include "image/gzip.h"
#include "tests/intake/study_files.h"
#include "tests/support/program.h"

namespace parotis {
namespace {

namespace fs = std::filesystem;
using Words = std::set<std::string>;

constexpr std::size_t kLeastBytes = 4;
constexpr std::size_t kLeastAmongVoxels = 12;  // shorter ones occur there by chance

// In descriptions of the public series: what was scanned and how, as any textbook of MR has it.
const Words kTermsOfProtocols = {"savebyslc", "dyndistcalc", "water",     "abdomen",  "advanced", "axial",    "body",
                                 "brain",     "bval",        "carotids",  "cervical", "contrast", "detectie", "diff",
                                 "dyndist",   "epfid",       "fast",      "flair",    "head",     "image",    "liver",
                                 "multi",     "omniscan",    "post",      "prostaat", "rcbv",     "rest",     "routine",
                                 "scout",     "sequence",    "sequences", "spine",    "tensor",   "test",     "none"};
// Elements of Siemens' header that hold numbers: they are written anew under their names.
const Words kElementsOfCsa = {"b_matrix",
                              "b_value",
                              "bandwidthperpixelphaseencode",
                              "diffusiongradientdirection",
                              "diffusiondirectionality",
                              "mosaicrefacqtimes",
                              "numberofimagesinmosaic",
                              "phaseencodingdirectionpositive",
                              "slicenormalvector",
                              "protocolslicenumber",
                              "slicemeasurementduration"};

std::vector<std::string> Split(const std::string& text, const std::string& separators) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
    if (end > at) parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

std::string Trimmed(const std::string& text) {
  return std::string(base::Trimmed(text, std::string_view(" \t\r\n\v\f\0", 7)));
}

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

Words WordsOf(const std::string& text) {
  Words words;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && IsLetter(text[end])) ++end;
    if (end - at >= kLeastBytes) words.insert(text.substr(at, end - at));
    at = std::max(end, at + 1);
  }
  return words;
}

// "Meier", "MEIER": how somebody's name is written, and not "tse".
bool IsPersonLike(const std::string& word) { return word[0] >= 'A' && word[0] <= 'Z' && word.size() >= kLeastBytes; }

std::string Printable(const DcmElement& constant) {
  auto& element = const_cast<DcmElement&>(constant);
  OFString text;
  if (element.getOFStringArray(text, OFFalse).good() && !text.empty()) return {text.data(), text.size()};
  Uint8* bytes = nullptr;
  if (element.getUint8Array(bytes).good() && bytes != nullptr)
    return {reinterpret_cast<const char*>(bytes), element.getLength()};
  return {};
}

class Collector {
 public:
  void Read(const fs::path& path) {
    DcmFileFormat file;
    if (file.loadFile(path.c_str()).bad()) return;
    file.loadAllDataIntoMemory();
    Walk(*file.getMetaInfo());
    Walk(*file.getDataset());
  }

  // Lower case. What identifies, less what stands in an attribute that does not.
  Words Identifying() const {
    Words left;
    for (const std::string& each : identifying_) {
      if (!harmless_.contains(each)) left.insert(each);
    }
    return left;
  }

 private:
  void Walk(DcmItem& item) {
    for (DcmObject* each = item.nextInContainer(nullptr); each != nullptr; each = item.nextInContainer(each)) {
      auto& element = static_cast<DcmElement&>(*each);
      if (element.ident() != EVR_SQ) {
        Add(element);
        continue;
      }
      auto& sequence = static_cast<DcmSequenceOfItems&>(element);
      for (unsigned long i = 0; i < sequence.card(); ++i) Walk(*sequence.getItem(i));
    }
  }

  void Add(DcmElement& element) {
    DcmTag tag = element.getTag();
    const DcmEVR vr = element.ident();
    const std::string name = tag.getTagName();
    static const std::regex kIdentifying(
        "ID$|IDs$|Number$|Address|Telephone|Institution|Station|Physician|Operator|Performing|Issuer|Department|"
        "Referr|Requesting|Location|Occupation|Residence|Religious|Accession|Organization|AETitle|OwnerName|Insurance");
    static const std::regex kDescribing("Description$|ProtocolName|Comment|Reason|History|Alerts|ContrastBolusAgent$");
    static const std::regex kClass("SOPClass|TransferSyntax|ImplementationClass|CodingScheme|MappingResource");
    static const std::set<DcmEVR> kTexts = {EVR_LO, EVR_LT, EVR_SH, EVR_ST, EVR_UC, EVR_UT, EVR_AE};
    if (tag.getGroup() == 0x7fe0 || (tag.getGroup() == 0x0002 && vr != EVR_UI && vr != EVR_AE)) return;
    const std::string value = Printable(element);
    if (tag.getGroup() % 2 == 1) return AddPrivate(tag, vr, value);
    if (vr == EVR_UI) return std::regex_search(name, kClass) ? void() : AddValues(value, "\\");
    if (vr == EVR_PN) return AddValues(value, "\\^= ,");
    if (vr == EVR_DA || vr == EVR_DT) return AddDates(value);
    if (vr == EVR_CS) return AddHarmless(value);
    if (!kTexts.contains(vr)) return;
    if (std::regex_search(name, kDescribing)) {
      for (const std::string& word : WordsOf(value)) {
        if (IsPersonLike(word)) Insert(word);
      }
    } else if (std::regex_search(name, kIdentifying)) {
      AddValues(value, "\\");
    } else {
      AddHarmless(value);
    }
  }

  // A creator names the vendor. Everything else private: as a whole, and every readable run of bytes.
  void AddPrivate(const DcmTagKey& tag, DcmEVR vr, const std::string& value) {
    if (tag.getElement() <= 0xff) return AddHarmless(value);
    if (vr == EVR_DS || vr == EVR_IS || vr == EVR_CS || vr == EVR_TM) return;
    if (vr == EVR_UI) return AddValues(value, "\\");
    if (vr == EVR_DA || vr == EVR_DT) return AddDates(value);
    std::string run;
    for (const char c : value + '\0') {
      if (c >= 0x20 && c < 0x7f) {
        run += c;
        continue;
      }
      run = Trimmed(run);
      if (run.size() >= 6 && !WordsOf(run).empty()) Insert(run);
      run.clear();
    }
  }

  void AddValues(const std::string& text, const std::string& separators) {
    for (const std::string& each : Split(text, separators)) Insert(Trimmed(each));
  }
  void AddDates(const std::string& text) {
    for (const std::string& each : Split(text, "\\")) {
      if (each.size() >= 8) Insert(each.substr(0, 8));
    }
  }
  void Insert(const std::string& text) {
    if (text.size() >= kLeastBytes && !text.starts_with("1.2.840.10008.")) identifying_.insert(base::AsciiLower(text));
  }
  void AddHarmless(const std::string& text) {
    for (const std::string& value : Split(text, "\\")) harmless_.insert(base::AsciiLower(Trimmed(value)));
    for (const std::string& word : WordsOf(text)) harmless_.insert(base::AsciiLower(word));
  }

  Words identifying_, harmless_;
};

// Words stand alone, numbers are not parts of longer ones (of pseudonyms, of other UIDs).
bool Occurs(const std::string& what, const std::string& bytes) {
  const auto same_kind = [](char a, char b) {
    return (IsLetter(a) && IsLetter(b)) || ((IsDigit(a) || a == '.') && (IsDigit(b) || b == '.'));
  };
  for (auto at = bytes.find(what); at != std::string::npos; at = bytes.find(what, at + 1)) {
    const std::size_t end = at + what.size();
    const bool inside = (at > 0 && same_kind(bytes[at - 1], what.front())) ||
                        (end < bytes.size() && same_kind(bytes[end], what.back()));
    if (!inside) return true;
  }
  return false;
}

struct Searched {
  std::string where, text, voxels;  // lower case
};

// Voxels apart from everything else.
Searched Separate(const std::string& where, const std::string& bytes) {
  std::size_t voxels = bytes.size();
  if (where.ends_with(".dcm")) {
    for (const char* vr : {"OW", "OB"}) voxels = std::min(voxels, bytes.rfind(std::string("\xe0\x7f\x10\0", 4) + vr));
  }
  if (where.ends_with(".nii.gz")) voxels = std::min<std::size_t>(voxels, 352);
  return {where, base::AsciiLower(bytes.substr(0, voxels)), base::AsciiLower(bytes.substr(voxels))};
}

std::vector<Searched> EverythingBelow(const fs::path& folder) {
  std::vector<Searched> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = fs::relative(entry.path(), folder).string();
    all.push_back({"the name of " + name, base::AsciiLower(name), {}});
    if (!entry.is_regular_file()) continue;
    std::string bytes = base::ReadFile(entry.path());
    if (image::IsGzip(std::as_bytes(std::span(bytes)))) {
      const auto unpacked = image::Inflate(std::as_bytes(std::span(bytes)), 1U << 30U, "test");
      bytes.assign(reinterpret_cast<const char*>(unpacked.bytes.data()), unpacked.bytes.size());
    }
    all.push_back(Separate(name, bytes));
  }
  return all;
}

// What the program says of any study: of one without identity, and of every condition.
Words OwnWords() {
  const test::TemporaryFolder folder;
  // Not "patient-1", which is the beginning of one pseudonym in sixteen.
  intake::WriteStudy(folder.path() / "in",
                     [](test::DicomItem& item, const std::string&) { item.Set(0x0010, 0x0020, "LO", "P1"); });
  Words words;
  const auto add = [&](const std::string& text) {
    for (const std::string& word : WordsOf(text)) words.insert(base::AsciiLower(word));
  };
  for (const char* command : {"import", "deidentify"}) {
    const fs::path out = folder.path() / command;
    const test::Outcome outcome = test::RunProgram({command, (folder.path() / "in").string(), out.string(), "-q"});
    EXPECT_EQ(outcome.exit_code, 0) << command << ": " << outcome.err;
    if (!fs::exists(out)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(out)) {
      add(entry.path().filename().string());
      if (!entry.is_regular_file()) continue;
      const std::string bytes = base::ReadFile(entry.path());
      if (!image::IsGzip(std::as_bytes(std::span(bytes)))) add(Separate(entry.path().string(), bytes).text);
    }
  }
  for (const base::Condition& condition : base::Conditions())
    add(std::string(condition.code) + " " + std::string(condition.meaning) + " " + std::string(condition.remedy));
  return words;
}

class PublicFiles : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
    input_ = test::SharedData() / GetParam();
    for (const auto& entry : fs::recursive_directory_iterator(input_)) {
      if (entry.is_regular_file()) collector_.Read(entry.path());
    }
  }

  // Every identifier that the output of the command holds, and where.
  std::map<std::string, std::string> Hits(const std::string& command) {
    const fs::path out = folder_.path() / "out";
    const test::Outcome outcome = test::RunProgram(
        {command, input_.string(), out.string(), "--key", (folder_.path() / "key").string(), "--json", "-q"});
    EXPECT_TRUE(outcome.exit_code == 0 || outcome.exit_code == 1 || outcome.exit_code == 3) << outcome.err;
    std::vector<Searched> all = {{"standard output", base::AsciiLower(outcome.out), {}}};
    if (fs::exists(out)) {
      for (Searched& each : EverythingBelow(out)) all.push_back(std::move(each));
    }
    static const Words own_words = OwnWords();
    std::map<std::string, std::string> hits;
    for (const std::string& what : collector_.Identifying()) {
      if (own_words.contains(what) || kTermsOfProtocols.contains(what) || kElementsOfCsa.contains(what)) continue;
      for (const Searched& each : all) {
        const bool hit = Occurs(what, each.text) ||
                         (what.size() >= kLeastAmongVoxels && each.voxels.find(what) != std::string::npos);
        if (hit) hits.emplace(what, each.where);
      }
    }
    return hits;
  }

 private:
  test::TemporaryFolder folder_;
  fs::path input_;
  Collector collector_;
};

TEST_P(PublicFiles, NothingOfIdentityIsImported) {
  for (const auto& [what, where] : Hits("import")) ADD_FAILURE() << '"' << what << "\" in " << where;
}

TEST_P(PublicFiles, NothingOfIdentityIsLetOut) {
  for (const auto& [what, where] : Hits("deidentify")) ADD_FAILURE() << '"' << what << "\" in " << where;
}

INSTANTIATE_TEST_SUITE_P(Of, PublicFiles,
                         testing::Values("dicom-seg-sr", "dwi-vendors/canon", "dwi-vendors/ge", "dwi-vendors/philips",
                                         "dwi-vendors/siemens-mosaic", "dwi-vendors/uih", "enhanced/canon-dwi",
                                         "enhanced/philips-fieldmap", "enhanced/siemens-xa10-bold",
                                         "enhanced/siemens-xa30-dwi", "odd-dicom", "study-brain-tumour",
                                         "study-prostate-dwi"));

}  // namespace
}  // namespace parotis
