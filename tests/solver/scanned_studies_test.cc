// Examinations that our own scanner writes as DICOM, renamed, repeated, lengthened and mixed with public series of real
// scanners. Each right answer was written down before the study was first run.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "dicom/index.h"
#include "scanner/dicom_study.h"
#include "tests/solver/study_checks.h"
#include "tests/support/temporary_folder.h"

namespace parotis::intake::studies {
namespace {

namespace fs = std::filesystem;
using scanner::DicomSeries;
using scanner::DicomStudy;
using scanner::SeriesKind;

// What the scanner scans in one examination, in its own words.
struct Parts {
  DicomStudy whole;
  DicomSeries localizer, t2, t1, diffusion, adc, t1c;
};

// One scan serves all: the patient's index alone decides how the site names and sends it.
DicomStudy Examination(std::int64_t index) {
  static const phantom::Priors priors = phantom::DefaultPriors();
  static physics::Examination scanned = physics::Scan(phantom::DrawPatient(priors, 13, 0, "pleomorphic"), priors,
                                                      {.vendor = physics::Vendor::kStandard, .extras = true});
  scanned.patient.index = index;
  return scanner::MakeDicomStudy(scanned, {.enhanced = false});
}

// The first examination that has the vendor's map and all of its b-values in one series.
const Parts& AnyParts() {
  static const Parts parts = [] {
    for (std::int64_t index = 0;; ++index) {
      const DicomStudy study = Examination(index);
      if (study.series.size() != 6) continue;
      const auto of = [&](SeriesKind kind) {
        return *std::find_if(study.series.begin(), study.series.end(),
                             [&](const DicomSeries& series) { return series.kind == kind; });
      };
      if (std::none_of(study.series.begin(), study.series.end(),
                       [](const DicomSeries& series) { return series.kind == SeriesKind::kAdc; }))
        continue;
      return Parts{study,
                   of(SeriesKind::kLocalizer),
                   of(SeriesKind::kT2),
                   of(SeriesKind::kT1),
                   of(SeriesKind::kDiffusion),
                   of(SeriesKind::kAdc),
                   of(SeriesKind::kT1c)};
    }
  }();
  return parts;
}

// Puts series together as they were acquired, three minutes each, and reads back what was written.
class Assembly {
 public:
  explicit Assembly(const std::string& description) {
    study_.header = AnyParts().whole.header;
    study_.header.description = description;
  }

  // Numbered from 1 on.
  DicomSeries& Add(DicomSeries series, const std::string& description) {
    series.header.number = static_cast<int>(study_.series.size()) + 1;
    series.header.uid = dicom::UidFromName(fmt::format("assembled {}", series.header.number));
    series.header.description = series.header.protocol = description;
    series.header.time = fmt::format("{:02}{:02}00", 9 + clock_min_ / 60, clock_min_ % 60);
    clock_min_ += 3;
    study_.series.push_back(std::move(series));
    return study_.series.back();
  }

  dicom::Study Read() const {
    const test::TemporaryFolder folder;
    scanner::WriteDicomStudy(folder.path() / "study", study_);
    return dicom::IndexDicom(folder.path()).studies.at(0);
  }

 private:
  DicomStudy study_;
  int clock_min_ = 0;
};

// The lower slices only: a run that was stopped.
void Stop(DicomSeries& series, std::int64_t slices) {
  for (dicom::MrVolume& volume : series.volumes) {
    auto& image = volume.image;
    image.geometry.size[2] = slices;
    image.voxels.resize(static_cast<std::size_t>(image.geometry.size[0] * image.geometry.size[1] * slices));
  }
}

// The same place in coronal slices, 4 mm apart.
void TurnCoronal(DicomSeries& series) {
  for (dicom::MrVolume& volume : series.volumes) {
    const image::Geometry axial = volume.image.geometry;
    image::Geometry coronal = axial;
    coronal.size = {axial.size[0], axial.size[0], 20};
    coronal.spacing_mm = {axial.spacing_mm[0], axial.spacing_mm[0], 4};
    coronal.direction = {{{1, 0, 0}, {0, 0, 1}, {0, -1, 0}}};
    coronal.origin_world[2] -= 40;
    volume.image = image::Volume(coronal);
  }
}

fs::path Public(const std::string& name) { return test::SharedData() / name; }

// The series with images of a public study, numbered from `first` on, in their own frame of reference or in `frame`.
void AddPublic(dicom::Study& study, const std::string& name, int first, const std::string& frame = {}) {
  const dicom::Index index = dicom::IndexDicom(Public(name));
  for (dicom::Series series : index.studies.at(0).series) {
    if (series.volumes.empty()) continue;
    series.number = first++;
    if (!frame.empty()) series.frame_of_reference_uid = frame;
    study.series.push_back(std::move(series));
  }
}

// ---- with our own series alone

TEST(ScannedStudies, German) {
  Assembly study("MRT Hals");
  study.Add(AnyParts().localizer, "Planung");
  study.Add(AnyParts().t2, "T2 TSE transversal");
  study.Add(AnyParts().t1, "T1 TSE transversal nativ");
  study.Add(AnyParts().diffusion, "Diffusion b0 b1000 tra");
  study.Add(AnyParts().adc, "Diffusion ADC");
  study.Add(AnyParts().t1c, "T1 TSE FS transversal nach KM");
  EXPECT_EQ(Answer(study.Read()), Answer(Truth{2, 6, {4}, 5}));
}

TEST(ScannedStudies, FrenchWithTheAgentInWordsAlone) {
  Assembly study("IRM parotides");
  study.Add(AnyParts().localizer, "Reperage");
  study.Add(AnyParts().diffusion, "AX DIFFUSION");
  study.Add(AnyParts().adc, "CARTE ADC");
  study.Add(AnyParts().t2, "AX T2 TSE");
  study.Add(AnyParts().t1, "AX T1 sans injection");
  study.Add(AnyParts().t1c, "AX T1 FS apres gado").header.contrast_agent = "";
  EXPECT_EQ(Answer(study.Read()), Answer(Truth{4, 6, {2}, 3}));
}

TEST(ScannedStudies, ItalianWithASubtraction) {
  Assembly study("RM collo");
  study.Add(AnyParts().t2, "T2 assiale");
  study.Add(AnyParts().t1, "T1 assiale");
  study.Add(AnyParts().diffusion, "DWI assiale");
  study.Add(AnyParts().adc, "mappa ADC");
  study.Add(AnyParts().t1c, "T1 FS assiale mdc");
  study.Add(AnyParts().t1c, "T1 FS assiale mdc sottrazione").volumes[0].image_type = {"DERIVED", "PRIMARY",
                                                                                      "SUBTRACTION"};
  EXPECT_EQ(Answer(study.Read()), Answer(Truth{1, 5, {3}, 4}));
}

TEST(ScannedStudies, SpanishWithAndWithoutFatSuppression) {
  Assembly study("RM de cuello");
  study.Add(AnyParts().localizer, "localizador");
  study.Add(AnyParts().t2, "T2 TSE axial FS").header.scan_options = {"FS"};
  study.Add(AnyParts().t2, "T2 TSE axial");
  study.Add(AnyParts().diffusion, "DIFUSION axial");
  study.Add(AnyParts().adc, "ADC axial");
  study.Add(AnyParts().t1, "T1 TSE axial sin contraste");
  study.Add(AnyParts().t1c, "T1 TSE axial FS con contraste");
  EXPECT_EQ(Answer(study.Read()), Answer(Truth{3, 7, {4}, 5}));
}

TEST(ScannedStudies, PortugueseWithCoronalSeries) {
  Assembly study("RM pescoco");
  study.Add(AnyParts().localizer, "localizador");
  TurnCoronal(study.Add(AnyParts().t2, "T2 COR"));
  study.Add(AnyParts().t2, "T2 AX");
  study.Add(AnyParts().t1, "T1 AX sem contraste");
  study.Add(AnyParts().diffusion, "DIFUSAO AX");
  study.Add(AnyParts().adc, "ADC AX");
  study.Add(AnyParts().t1c, "T1 AX FS com contraste");
  TurnCoronal(study.Add(AnyParts().t1c, "T1 COR FS com contraste"));
  EXPECT_EQ(Answer(study.Read()), Answer(Truth{3, 7, {5}, 6}));
}

TEST(ScannedStudies, DutchWithTheDiffusionRepeatedAndBothMaps) {
  Assembly study("MR hals");
  study.Add(AnyParts().localizer, "survey");
  study.Add(AnyParts().t2, "T2 TSE tra");
  study.Add(AnyParts().t1, "T1 TSE tra blanco");
  study.Add(AnyParts().diffusion, "DWI tra");
  study.Add(AnyParts().adc, "DWI tra ADC");
  study.Add(AnyParts().diffusion, "DWI tra herhaald");
  study.Add(AnyParts().adc, "DWI tra herhaald ADC");
  study.Add(AnyParts().t1c, "T1 TSE SPIR tra na gadolinium");
  EXPECT_EQ(Answer(study.Read()), Answer(Truth{2, 8, {6}, 7}));
}

TEST(ScannedStudies, AT2RepeatedForMotionIsTakenTheSecondTime) {
  Assembly study("MRI neck");
  study.Add(AnyParts().localizer, "localizer");
  study.Add(AnyParts().t2, "AX T2");
  study.Add(AnyParts().t2, "AX T2 rpt motion");
  study.Add(AnyParts().t1, "AX T1");
  study.Add(AnyParts().diffusion, "AX DWI");
  study.Add(AnyParts().adc, "AX ADC");
  study.Add(AnyParts().t1c, "AX T1 FS +C");
  EXPECT_EQ(Answer(study.Read()), Answer(Truth{3, 7, {5}, 6}));
}

TEST(ScannedStudies, ARepetitionThatWasStoppedIsNotTaken) {
  Assembly study("MRI neck");
  study.Add(AnyParts().localizer, "localizer");
  study.Add(AnyParts().t2, "AX T2");
  Stop(study.Add(AnyParts().t2, "AX T2"), 8);
  study.Add(AnyParts().t1, "AX T1");
  study.Add(AnyParts().diffusion, "AX DWI");
  study.Add(AnyParts().adc, "AX ADC");
  study.Add(AnyParts().t1c, "AX T1 FS +C");
  Stop(study.Add(AnyParts().t1c, "AX T1 FS +C"), 8);
  EXPECT_EQ(Answer(study.Read()), Answer(Truth{2, 7, {5}, 6}));
}

TEST(ScannedStudies, NamesThatSayNothing) {
  Assembly study("");
  int name = 0;
  for (const DicomSeries* series :
       {&AnyParts().localizer, &AnyParts().t1, &AnyParts().t2, &AnyParts().diffusion, &AnyParts().adc, &AnyParts().t1c})
    study.Add(*series, fmt::format("prot_{}", ++name));
  EXPECT_EQ(Answer(study.Read()), Answer(Truth{3, 6, {4}, 5}));
}

TEST(ScannedStudies, AfterContrastAgentByNameAndWithoutByAttributeIsRefused) {
  Assembly study("MRI parotid");
  study.Add(AnyParts().localizer, "localizer");
  study.Add(AnyParts().t2, "AX T2");
  study.Add(AnyParts().t1, "AX T1 pre");
  study.Add(AnyParts().diffusion, "AX DWI");
  study.Add(AnyParts().adc, "AX ADC");
  study.Add(AnyParts().t1c, "AX T1 FS post Gd").header.contrast_agent = "NONE";
  EXPECT_EQ(Answer(study.Read()), Answer(Truth{2, 0, {4}, 5, {"t1c"}}));
}

// ---- mixed with public series

class MixedStudies : public testing::Test {
 protected:
  void SetUp() override {
    if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  }
  // Localizer, T2, T1, diffusion, map, T1 after contrast agent: 1 to 6; without diffusion 1 to 4.
  static dicom::Study Neck(bool with_diffusion = true) {
    Assembly study("MRI neck");
    study.Add(AnyParts().localizer, "localizer");
    study.Add(AnyParts().t2, "AX T2");
    study.Add(AnyParts().t1, "AX T1");
    if (with_diffusion) {
      study.Add(AnyParts().diffusion, "AX DWI");
      study.Add(AnyParts().adc, "AX ADC");
    }
    study.Add(AnyParts().t1c, "AX T1 FS +C");
    return study.Read();
  }
};

TEST_F(MixedStudies, DiffusionOfTheBrainByOtherVendorsDoesNotReplaceThatOfTheNeck) {
  dicom::Study study = Neck();
  AddPublic(study, "dwi-vendors/ge", 30);
  AddPublic(study, "dwi-vendors/siemens-mosaic", 40);
  AddPublic(study, "dwi-vendors/philips", 50);
  EXPECT_EQ(Answer(study), Answer(Truth{2, 6, {4}, 5}));
}

TEST_F(MixedStudies, TheOnlyDiffusionServesWhoeverMadeIt) {
  for (const char* vendor : {"uih", "canon", "ge"}) {
    dicom::Study study = Neck(false);
    AddPublic(study, std::string("dwi-vendors/") + vendor, 30, study.series[0].frame_of_reference_uid);
    EXPECT_EQ(Answer(study), Answer(Truth{2, 4, {30}, 0})) << vendor;
  }
}

TEST_F(MixedStudies, AnExaminationOfTheBrainBesideThatOfTheNeck) {
  dicom::Study study = Neck();
  AddPublic(study, "study-brain-tumour", 30);
  EXPECT_EQ(Answer(study), Answer(Truth{2, 6, {4}, 5}));
}

TEST_F(MixedStudies, AnExaminationOfTheProstateBesideThatOfTheNeck) {
  dicom::Study study = Neck();
  AddPublic(study, "study-prostate-dwi", 30);
  EXPECT_EQ(Answer(study), Answer(Truth{2, 6, {4}, 5}));
}

// The series of the brain are 12, 34909, 36459 and 37916; numbered 30 to 33 in that order.
TEST_F(MixedStudies, TheBrainIsTheSubjectBesideOurLocalizerAndACoronalSeries) {
  Assembly more("MRI");
  more.Add(AnyParts().localizer, "localizer");
  TurnCoronal(more.Add(AnyParts().t2, "T2 COR"));
  dicom::Study study = more.Read();
  AddPublic(study, "study-brain-tumour", 30);
  EXPECT_EQ(Answer(study), Answer(Truth{33, 30, {}, 0}));
}

TEST_F(MixedStudies, TheBrainWithTheMosaicOfAnotherScanner) {
  dicom::Study study = dicom::IndexDicom(Public("study-brain-tumour")).studies.at(0);
  AddPublic(study, "dwi-vendors/siemens-mosaic", 40, study.series[0].frame_of_reference_uid);
  EXPECT_EQ(Answer(study), Answer(Truth{37916, 12, {40}, 0}));
}

TEST_F(MixedStudies, TheEnhancedDiffusionOfAnotherScannerServesToo) {
  for (const char* vendor : {"canon-dwi", "siemens-xa30-dwi"}) {
    dicom::Study study = Neck(false);
    AddPublic(study, std::string("enhanced/") + vendor, 30, study.series[0].frame_of_reference_uid);
    EXPECT_EQ(Answer(study), Answer(Truth{2, 4, {30}, 0})) << vendor;
  }
}

}  // namespace
}  // namespace parotis::intake::studies
