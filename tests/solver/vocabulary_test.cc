#include "intake/vocabulary.h"

#include <gtest/gtest.h>

#include "intake/acquisition_times.h"
#include "intake/dixon.h"
#include "tests/intake/examples.h"

namespace parotis::intake {
namespace {

TEST(Vocabulary, AgentsInSevenLanguages) {
  for (const char* after : {"T1 post", "t1 fs nach KM", "T1 après injection", "T1 gado", "T1 dopo mdc",
                            "T1 con contraste", "T1 com contraste", "T1 na gadolinium", "T1 met contrast", "T1 FS +C",
                            "t1+gd", "T1 c+", "T1 CE", "t1_vibe_km", "T1 增强"}) {
    const AgentSaid said = AgentSaidBy(Words({after}));
    EXPECT_TRUE(said.after && !said.before) << after;
  }
  for (const char* before :
       {"T1 pre", "T1 nativ", "T1 ohne KM", "t1 vor KM", "T1 sans injection", "T1 avant gado", "T1 senza mdc",
        "T1 prima del mdc", "T1 sin contraste", "T1 antes de contraste", "T1 sem contraste", "T1 s/ contraste",
        "T1 zonder contrast", "T1 blanco", "T1 w/o contrast", "T1 non-contrast", "T1 no gd", "T1 平扫"}) {
    const AgentSaid said = AgentSaidBy(Words({before}));
    EXPECT_TRUE(said.before && !said.after) << before;
  }
  for (const char* neither : {"T1 posterior", "T1 post op", "t1 postoperativ", "t1 presat", "T1 pre sat", "t1+cor",
                              "T1 cervical", "T1 Kmart", "T1 incendio"}) {
    const AgentSaid said = AgentSaidBy(Words({neither}));
    EXPECT_FALSE(said.before || said.after) << neither;
  }
}

TEST(Vocabulary, FatSuppressionInSevenLanguages) {
  for (const char* yes : {"t2_tse_fs", "T2 fat sat", "T1 fettgesättigt", "T1 sat de graisse", "T2 grasa saturada",
                          "T2 supresión de grasa", "T2 soppressione del grasso", "T1 supressão de gordura",
                          "T2 vetonderdrukking", "T2 SPAIR", "t2_tirm", "STIR"}) {
    EXPECT_TRUE(SaysFatSuppressed(Words({yes}))) << yes;
  }
  for (const char* no : {"t2_tse", "T2 Stirn", "T2 ohne FS", "T2 non fs", "T2 without fat sat", "T2 fsv"})
    EXPECT_FALSE(SaysFatSuppressed(Words({no}))) << no;
}

TEST(Vocabulary, WeightingsAreNotVertebrae) {
  EXPECT_TRUE(WeightingSaidBy(Words({"T1w tra"})).t1);
  EXPECT_FALSE(WeightingSaidBy(Words({"spine T12 L1"})).t1);
  EXPECT_TRUE(WeightingSaidBy(Words({"t2_tse"})).t2);
  EXPECT_FALSE(WeightingSaidBy(Words({"Stirn"})).t2);
}

TEST(Vocabulary, SubtractionsAreNotPlaces) {
  EXPECT_TRUE(SaysSubtraction(Words({"t1 sub"})));
  EXPECT_TRUE(SaysSubtraction(Words({"soustraction"})));
  EXPECT_FALSE(SaysSubtraction(Words({"sub mandibular"})));
  EXPECT_FALSE(SaysSubtraction(Words({"submental restaging"})));
}

TEST(Dixon, PartsByTheVendorsTypesAndByTheirLabels) {
  dicom::Series series = T1Series();
  const auto part_by_type = [&](const char* type) {
    series.volumes[0].image_type = {"ORIGINAL", "PRIMARY", type};
    return DixonPartOf(series, series.volumes[0]);
  };
  EXPECT_EQ(part_by_type("W"), DixonPart::kWater);
  EXPECT_EQ(part_by_type("OPP_PHASE"), DixonPart::kOpposedPhase);
  EXPECT_EQ(part_by_type("FAT_FRACTION"), DixonPart::kFatFraction);
  const auto part_by_name = [](const char* description) {
    const dicom::Series named = T1Series(1, description);
    return DixonPartOf(named, named.volumes[0]);
  };
  EXPECT_EQ(part_by_name("t1_vibe_dixon_tra_W"), DixonPart::kWater);
  EXPECT_EQ(part_by_name("t1_vibe_dixon_tra_opp"), DixonPart::kOpposedPhase);
  EXPECT_EQ(part_by_name("FAT: Ax LAVA"), DixonPart::kFat);
  EXPECT_EQ(part_by_name("t1 dixon fat sat"), DixonPart::kNone);
  EXPECT_EQ(part_by_name("t1 in f"), DixonPart::kNone);
}

TEST(AcquisitionTimes, AreComparedAcrossMidnight) {
  EXPECT_EQ(SecondsOfDay("101530.25"), 36930.25);
  EXPECT_EQ(SecondsOfDay("10:15:30"), 36930);
  EXPECT_FALSE(SecondsOfDay("251530"));
  EXPECT_FALSE(SecondsOfDay("soon"));
  EXPECT_EQ(SecondsBetween("235000", "001000"), 1200);
  EXPECT_EQ(SecondsBetween("001000", "235000"), -1200);
  EXPECT_FALSE(SecondsBetween("", "001000"));
}

TEST(Vocabulary, EastAsianScriptsEndAWordOfLatinLetters) {
  EXPECT_EQ(Words({"T1增强 ADC图"}).words(), (std::vector<std::string>{"t1", "增强", "adc", "图"}));
  EXPECT_EQ(Words({"造影T1強調"}).words(), (std::vector<std::string>{"造影", "t1", "強調"}));
  EXPECT_EQ(Words({"głowa"}).words(), std::vector<std::string>{"głowa"});
}

}  // namespace
}  // namespace parotis::intake
