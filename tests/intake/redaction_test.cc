#include "intake/redaction.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <regex>

#include "intake/import_identity.h"

namespace parotis::intake {
namespace {

TEST(Redact, QuotedTextUidsAndPathsGo) {
  EXPECT_EQ(Redact("series 3 says \"Meier\nHans\" twice"), "series 3 says (text) twice");
  EXPECT_EQ(Redact("study 1.2.840.113619.2 at 1.5 T, 3.4.5"), "study (UID) at 1.5 T, 3.4.5");
  EXPECT_EQ(Redact("/data/Meier/1.2.3.4: damaged, mm/s and/or /x"), "(path): damaged, mm/s and/or /x");
  EXPECT_EQ(Redact("an open \" stays, \"\" goes"), "an open (text)\" goes");
  EXPECT_EQ(Redact(""), "");
}

// The same in three regular expressions: the definition.
std::string ByRegularExpression(std::string text) {
  text = std::regex_replace(text, std::regex("\"[^\"]*\""), "(text)");
  text = std::regex_replace(text, std::regex("[0-9]+(\\.[0-9]+){3,}"), "(UID)");
  return std::regex_replace(text, std::regex("(/[^/\\s:;,]+){2,}"), "(path)");
}

RC_GTEST_PROP(Redact, DoesWhatThreeRegularExpressionsSay, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab12..//\"\" :,")));
  RC_ASSERT(Redact(text) == ByRegularExpression(text));
}

TEST(Redact, AMegabyteIsNoMatterOfDepth) {
  const std::string letters(1 << 20, 'x');
  EXPECT_EQ(Redact('"' + letters + '"'), "(text)");
  EXPECT_EQ(Redact("/a/" + letters), "(path)");
  EXPECT_EQ(Redact(letters), letters);
  std::string uid = "1";
  for (int i = 0; i < 1 << 19; ++i) uid += ".1";
  EXPECT_EQ(Redact(uid), "(UID)");
}

TEST(WithoutIdentity, ADescriptionOfAMegabyteGoesWhateverItHolds) {
  dicom::Study study;
  study.patient.name = "Meier^Hans";
  study.series.resize(1);
  for (int i = 0; i < 1 << 16; ++i) study.series[0].description += "\" Meier 1.2 /";
  const std::string& description = study.series[0].description;
  EXPECT_EQ(WithoutIdentity("series 3 (" + description + ") has a gap", study), "series 3 has a gap");
  EXPECT_EQ(WithoutIdentity("its description \"" + description + "\" says T2", study),
            "its description (text) says T2");
}

TEST(WithoutIdentity, FilesOfOutlinesAreNotNamed) {
  const std::filesystem::path file = "/truth/of Erika Muster/mask.nrrd";
  EXPECT_EQ(WithoutIdentity(file.string() + " is damaged", {}, {file}), "a file is damaged");
}

}  // namespace
}  // namespace parotis::intake
