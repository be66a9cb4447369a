#include "dicom/identifiers.h"

#include <gtest/gtest.h>

namespace parotis::dicom {
namespace {

Identifiers OfName(const std::string& name) {
  Identifiers identifiers;
  identifiers.AddName(name);
  identifiers.Prepare();
  return identifiers;
}

TEST(Identifiers, ComponentsAreFoundInEveryEncodingAndCase) {
  const Identifiers identifiers = OfName("Müller-Özdemir^Jürgen");
  for (const std::string text : {"xx MÜLLER", "m\xFCller", "M\xDCLLER tra", "Mueller", "muller", "OEZDEMIR", "jurgen",
                                 "JÜRGEN", "Müller-Özdemir^Jürgen"}) {
    EXPECT_TRUE(identifiers.Find(text)) << text;
  }
  EXPECT_TRUE(identifiers.Find(std::string("J\0\xFC\0r\0g\0e\0n\0", 12)));
  EXPECT_TRUE(identifiers.Find(std::string("\0J\0\xFC\0r\0g\0e\0n", 12)));
  EXPECT_FALSE(identifiers.Find("t2_tse_tra"));
}

TEST(Identifiers, NamesInOtherScriptsAreFoundInTheirBytes) {
  const Identifiers identifiers = OfName("Yamada^Tarou=山田^太郎=やまだ^たろう");
  for (const char* text : {"YAMADA", "x山田x", "太郎", "やまだ"}) EXPECT_TRUE(identifiers.Find(text)) << text;
  const Identifiers cyrillic = OfName("Иванов^Пётр");
  EXPECT_TRUE(cyrillic.Find("ИВАНОВ"));
  EXPECT_TRUE(cyrillic.Find("иванов"));
}

TEST(Identifiers, TitlesAndParticlesAreNoNames) {
  const Identifiers identifiers = OfName("von der Leyen^Ursula^^Prof. Dr. med.");
  EXPECT_TRUE(identifiers.Find("leyen"));
  EXPECT_FALSE(identifiers.Find("medial, derived"));
}

TEST(Identifiers, DatesAreFoundInTheUsualForms) {
  Identifiers identifiers;
  identifiers.AddDate("19560702");
  identifiers.Prepare();
  for (const char* text : {"19560702", "1956-07-02", "02.07.1956", "02/07/1956", "07/02/1956", "02071956"})
    EXPECT_TRUE(identifiers.Find(text)) << text;
  EXPECT_FALSE(identifiers.Find("19570702"));
}

TEST(Identifiers, ShortValuesAreNotLookedForAndLongOnesAloneWhereAsked) {
  Identifiers identifiers;
  for (const char* value : {"AB", "Lee", "Hospital-4711"}) identifiers.AddValue(value);
  identifiers.Prepare();
  EXPECT_FALSE(identifiers.Find("xABx"));
  EXPECT_TRUE(identifiers.Find("xLEEx"));
  EXPECT_FALSE(identifiers.Find("xLEEx", 7));
  EXPECT_TRUE(identifiers.Find("xhospital-4711x", 7));
  EXPECT_FALSE(identifiers.FindWord("SLEEP"));
  EXPECT_TRUE(identifiers.FindWord("SLEEP\\LEE"));
}

TEST(Identifiers, ScrubbingTakesTheWholeWord) {
  const Identifiers identifiers = OfName("Muster^Erika");
  EXPECT_EQ(identifiers.Scrub("t2 tra Musters ERIKA_2 fs"), "t2 tra  _2 fs");
  EXPECT_EQ(identifiers.Scrub("nothing here"), "nothing here");
}

}  // namespace
}  // namespace parotis::dicom
