// What goes back into a patient's study: written, judged by dciodvfy, read again.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <optional>

#include "base/files.h"
#include "dicom/colour_capture.h"
#include "dicom/encapsulated_pdf.h"
#include "dicom/measurement_report.h"
#include "dicom/parametric_map.h"
#include "dicom/segmentation.h"
#include "dicom/segmentation_writer.h"
#include "tests/support/dciodvfy.h"
#include "tests/support/dcmdump.h"
#include "tests/support/derived_study.h"
#include "tests/support/dicom_file.h"
#include "tests/support/errors.h"
#include "tests/support/geometries.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

using testing::HasSubstr;

const CodedConcept kAltered = {"49755003", "SCT", "Morphologically Altered Structure"};
const CodedConcept kNeoplasm = {"108369006", "SCT", "Neoplasm"};
const CodedConcept kParotid = {"45289007", "SCT", "Parotid gland"};
const CodedConcept kLeft = {"7771000", "SCT", "Left"};

SegmentDescription Described(int number) {
  SegmentDescription segment;
  segment.label = "Lesion " + std::to_string(number);
  segment.description = "Probably a tumour";
  segment.category = kAltered;
  segment.type = kNeoplasm;
  segment.region = kParotid;
  segment.laterality = kLeft;
  segment.tracking_id = "lesion " + std::to_string(number);
  segment.tracking_uid = UidFromName(segment.tracking_id);
  segment.algorithm_name = "parotis";
  segment.algorithm_version = "0.2.0";
  return segment;
}

image::LabelVolume RandomLesions(base::Random& random, const image::Geometry& grid, std::uint8_t lesions) {
  image::LabelVolume map(grid);
  for (auto& voxel : map.voxels)
    voxel = random.Integer(4) == 0 ? static_cast<std::uint8_t>(1 + random.Integer(lesions)) : std::uint8_t{0};
  return map;
}

void ExpectValid(const std::filesystem::path& object) {
  if (test::HasDciodvfy()) {
    EXPECT_EQ(test::ErrorsOfDciodvfy(object), "");
  }
}

class Written {
 public:
  Written() { std::filesystem::create_directory(images()); }
  std::filesystem::path images() const { return folder_.path() / "images"; }
  std::filesystem::path object() const { return folder_.path() / "object.dcm"; }

 private:
  test::TemporaryFolder folder_;
};

RC_GTEST_PROP(SegmentationWriter, EveryVoxelOfEverySegmentReturnsToItsPlaceOnAnyObliqueGrid, ()) {
  base::Random random(*rc::gen::arbitrary<std::uint64_t>());
  const image::Geometry grid = test::RightHandedGeometry(random, 9);
  const image::LabelVolume map = RandomLesions(random, grid, 2);
  const auto there = [&](std::uint8_t value) { return std::count(map.voxels.begin(), map.voxels.end(), value) > 0; };
  RC_PRE(there(1) && there(2));
  const Written written;
  const auto images = test::WriteImages(written.images(), grid);
  WriteSegmentation(written.object(), test::DerivedFrom(written.images(), "seg"), map, {Described(1), Described(2)},
                    images);
  const Segmentation read = ReadSegmentation(written.object());
  RC_ASSERT(read.segments.size() == 2U);
  for (std::size_t s = 0; s < 2; ++s) {
    const image::LabelVolume mask = MaskOf(read, read.segments[s]);
    std::int64_t voxels = 0;
    for (std::int64_t k = 0; k < mask.geometry.size[2]; ++k) {
      for (std::int64_t j = 0; j < mask.geometry.size[1]; ++j) {
        for (std::int64_t i = 0; i < mask.geometry.size[0]; ++i) {
          if (mask.At(i, j, k) == 0) continue;
          ++voxels;
          const image::Vector3 world = image::WorldFromVoxel(
              mask.geometry, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
          const image::Vector3 index = image::VoxelFromWorld(grid, world);
          const auto at = [&](int axis) { return static_cast<std::int64_t>(std::llround(index[axis])); };
          for (int axis = 0; axis < 3; ++axis) RC_ASSERT(std::abs(index[axis] - std::round(index[axis])) < 1e-3);
          RC_ASSERT(map.At(at(0), at(1), at(2)) == s + 1);
        }
      }
    }
    RC_ASSERT(voxels == std::count(map.voxels.begin(), map.voxels.end(), static_cast<std::uint8_t>(s + 1)));
  }
}

image::Geometry SomeGrid() {
  image::Geometry grid{{7, 5, 4}, {0.5, 0.75, 4}, {-12, 30, 7}, {}};
  const double c = std::sqrt(3.0) / 2, s = 0.5;
  grid.direction = {{{1, 0, 0}, {0, c, -s}, {0, s, c}}};
  return grid;
}

image::LabelVolume SomeLesion() {
  image::LabelVolume map(SomeGrid());
  map.At(2, 2, 1) = map.At(3, 2, 1) = map.At(3, 3, 2) = 1;
  return map;
}

TEST(SegmentationWriter, TheObjectIsValidAndSaysWhatWasFoundWhereAndByWhat) {
  const Written written;
  const auto images = test::WriteImages(written.images(), SomeGrid());
  WriteSegmentation(written.object(), test::DerivedFrom(written.images(), "seg"), SomeLesion(), {Described(1)}, images);
  ExpectValid(written.object());
  const Segmentation read = ReadSegmentation(written.object());
  EXPECT_EQ(read.object.study_uid, test::SomeStudy().uid);
  EXPECT_EQ(read.object.frame_of_reference_uid, test::SomeStudy().frame_of_reference_uid);
  EXPECT_THAT(read.object.referenced_series_uids, testing::ElementsAre(UidFromName("source series")));
  EXPECT_EQ(read.segments.at(0).label, "Lesion 1");
  EXPECT_THAT(read.segments.at(0).codes, testing::ElementsAre("SCT:108369006"));
}

TEST(SegmentationWriter, PatientAndStudyAreCopiedInTheirOwnCharacterSet) {
  dicom::MrStudy study = test::SomeStudy();
  study.patient_name = "Müller^Jörg";
  study.character_set = "ISO_IR 100";
  const Written written;
  const auto images = test::WriteImages(written.images(), SomeGrid(), study);
  WriteSegmentation(written.object(), test::DerivedFrom(written.images(), "seg"), SomeLesion(), {Described(1)}, images);
  const Index index = IndexDicom(written.object());
  EXPECT_EQ(index.studies.at(0).patient.name, "Müller^Jörg");
  EXPECT_EQ(index.studies.at(0).uid, study.uid);
}

TEST(SegmentationWriter, IdenticalInputGivesIdenticalBytes) {
  const Written written;
  const auto images = test::WriteImages(written.images(), SomeGrid());
  const auto bytes = [&] {
    WriteSegmentation(written.object(), test::DerivedFrom(written.images(), "seg"), SomeLesion(), {Described(1)},
                      images);
    return base::ReadFile(written.object());
  };
  EXPECT_EQ(bytes(), bytes());
}

TEST(SegmentationWriter, WhatNoSegmentationCanSayIsRefusedAndNothingIsWritten) {
  const Written written;
  const auto images = test::WriteImages(written.images(), SomeGrid());
  const DerivedObject object = test::DerivedFrom(written.images(), "seg");
  const auto write = [&](const image::LabelVolume& map, const std::vector<SegmentDescription>& segments,
                         const std::vector<SourceImage>& sources) {
    return test::ErrorOf([&] { WriteSegmentation(written.object(), object, map, segments, sources); });
  };
  EXPECT_THAT(write(SomeLesion(), {Described(1), Described(2)}, images), HasSubstr("segment 2 has no voxel"));
  EXPECT_THAT(write(SomeLesion(), {}, images), HasSubstr("with the value 1"));
  EXPECT_THAT(write(SomeLesion(), {Described(1)}, {images[0]}), HasSubstr("4 slices were made from 1 images"));
  image::LabelVolume mirrored = SomeLesion();
  for (auto& row : mirrored.geometry.direction) row[2] = -row[2];
  EXPECT_THAT(write(mirrored, {Described(1)}, images), HasSubstr("left-handed"));
  EXPECT_FALSE(std::filesystem::exists(written.object()));
}

MappedQuantity Adc() {
  return {{"113041", "DCM", "Apparent Diffusion Coefficient"},
          {"um2/s", "UCUM", "um2/s"},
          {"774007", "SCT", "Head and Neck"},
          {"129105", "DCM", "Diffusion image analysis"},
          "ADC",
          0.1};
}

TEST(ParametricMap, ValuesReturnToWithinHalfAStepAtTheSamePlace) {
  const Written written;
  const auto images = test::WriteImages(written.images(), SomeGrid());
  image::Volume map(SomeGrid());
  for (std::size_t v = 0; v < map.voxels.size(); ++v)
    map.voxels[v] = static_cast<float>(17.123 * static_cast<double>(v));
  WriteParametricMap(written.object(), test::DerivedFrom(written.images(), "adc"), map, Adc(), images, images);
  ExpectValid(written.object());
  const ParametricMap read = ReadParametricMap(written.object());
  EXPECT_TRUE(image::SameGrid(read.values.geometry, map.geometry, 1e-4));
  ASSERT_EQ(read.values.voxels.size(), map.voxels.size());
  for (std::size_t v = 0; v < map.voxels.size(); ++v) EXPECT_NEAR(read.values.voxels[v], map.voxels[v], 0.0501);
  EXPECT_EQ(read.quantity, Adc().quantity);
  EXPECT_EQ(read.unit, Adc().unit);
}

TEST(ParametricMap, WhatIsOutOfRangeIsHeldAtItsEnds) {
  const Written written;
  const auto images = test::WriteImages(written.images(), SomeGrid());
  image::Volume map(SomeGrid());
  map.voxels[0] = -5;
  map.voxels[1] = 7000;
  WriteParametricMap(written.object(), test::DerivedFrom(written.images(), "adc"), map, Adc(), images, images);
  const ParametricMap read = ReadParametricMap(written.object());
  EXPECT_FLOAT_EQ(read.values.voxels[0], 0);
  EXPECT_NEAR(read.values.voxels[1], 6553.5, 1e-3);
}

TEST(EncapsulatedPdf, TheDocumentReturnsByteByByte) {
  const Written written;
  const auto images = test::WriteImages(written.images(), SomeGrid());
  for (const std::string& pdf : {std::string("%PDF-1.4\nodd"), std::string("%PDF-1.4\neven")}) {
    WriteEncapsulatedPdf(written.object(), test::DerivedFrom(written.images(), "pdf"), pdf, "parotis", true, images);
    ExpectValid(written.object());
    EXPECT_EQ(ReadEncapsulatedPdf(written.object()), pdf);
  }
}

TEST(ColourCapture, ThePictureReturnsPixelByPixel) {
  const Written written;
  const auto images = test::WriteImages(written.images(), SomeGrid());
  image::Picture picture(5, 3);
  for (std::size_t v = 0; v < picture.rgb.size(); ++v) picture.rgb[v] = static_cast<std::uint8_t>(5 * v);
  WriteColourCapture(written.object(), test::DerivedFrom(written.images(), "key"), picture, "outlines on T2",
                     {images[0]});
  ExpectValid(written.object());
  const image::Picture read = ReadColourCapture(written.object());
  EXPECT_EQ(read.width, 5);
  EXPECT_EQ(read.height, 3);
  EXPECT_EQ(read.rgb, picture.rgb);
}

TEST(HeaviestCompression, IsThatOfTheFileWhoseStepsMultiplyToTheMost) {
  const LossyCompression once{{10}, {"ISO_10918_1"}}, twice{{4, 3}, {"ISO_10918_1", "ISO_15444_1"}}, unknown;
  EXPECT_EQ(HeaviestCompressionOf({{"a", "", ""}, {"b", "", ""}}), std::nullopt);
  EXPECT_EQ(HeaviestCompressionOf({{"a", "", ""}, {"b", "", "", unknown}}), unknown);
  EXPECT_EQ(HeaviestCompressionOf({{"a", "", "", once}, {"b", "", "", twice}, {"c", "", "", unknown}}), twice);
}

// Compresses every image of the folder with loss; says what index and dcmdump read in the first.
LossyCompression CompressAll(const std::filesystem::path& folder, const char* encoding) {
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    EXPECT_EQ(test::OutputOf(fmt::format("dcmcjpeg {0} '{1}' '{1}'", encoding, entry.path().string())), "");
  const FileReference file = IndexDicom(folder).studies.at(0).series.at(0).files.at(0);
  EXPECT_TRUE(file.lossy.has_value());
  EXPECT_EQ(test::ValueOf(file.path, "0028,2110"), "01");
  EXPECT_EQ(test::ValueOf(file.path, "0028,2114"), "ISO_10918_1");
  EXPECT_EQ(file.lossy->methods, std::vector<std::string>{"ISO_10918_1"});
  EXPECT_NEAR(file.lossy->ratios.at(0), std::stod(test::ValueOf(file.path, "0028,2112")), 1e-6);
  return *file.lossy;
}

TEST(LossyCompression, OfTheSourceIsSaidInEveryImageThatIsMadeFromIt) {
  if (!test::HasDcmtkTools()) GTEST_SKIP() << "needs the Debian package dcmtk";
  for (const char* encoding : {"--encode-baseline", "--encode-extended"}) {
    const Written written;
    test::WriteImages(written.images(), SomeGrid());
    DerivedObject object = test::DerivedFrom(written.images(), "x");
    object.lossy = CompressAll(written.images(), encoding);
    const Series series = IndexDicom(written.images()).studies.at(0).series.at(0);
    const auto images = SourceImagesOf(series, series.volumes.at(0));
    const auto expect_lossy = [&] {
      ExpectValid(written.object());
      EXPECT_EQ(test::ValueOf(written.object(), "0028,2110"), "01");
      EXPECT_EQ(std::stod(test::ValueOf(written.object(), "0028,2112")), object.lossy->ratios.at(0));
      EXPECT_EQ(test::ValueOf(written.object(), "0028,2114"), "ISO_10918_1");
      EXPECT_EQ(IndexDicom(written.object()).studies.at(0).series.at(0).files.at(0).lossy, object.lossy);
    };
    WriteSegmentation(written.object(), object, SomeLesion(), {Described(1)}, images);
    expect_lossy();
    WriteParametricMap(written.object(), object, image::Volume(SomeGrid()), Adc(), images, images);
    expect_lossy();
    WriteColourCapture(written.object(), object, image::Picture(5, 3), "outlines", images);
    expect_lossy();
  }
}

TEST(LossyCompression, IsDeniedWhereNoSourceHasIt) {
  if (!test::HasDcmtkTools()) GTEST_SKIP() << "needs the Debian package dcmtk";
  const Written written;
  const auto images = test::WriteImages(written.images(), SomeGrid());
  WriteColourCapture(written.object(), test::DerivedFrom(written.images(), "x"), image::Picture(5, 3), "outlines",
                     images);
  EXPECT_EQ(test::ValueOf(written.object(), "0028,2110"), "00");
  EXPECT_EQ(test::ValueOf(written.object(), "0028,2112"), "");
  EXPECT_EQ(IndexDicom(written.object()).studies.at(0).series.at(0).files.at(0).lossy, std::nullopt);
}

// Whoever compressed it forgot to say so, or said it in words that are no code.
TEST(LossyCompression, IsKnownByTheTransferSyntaxWhereTheAttributesAreSilent) {
  const Written written;
  const auto lossy_of = [&](const test::DicomItem& item, const char* transfer_syntax) {
    base::WriteFile(written.object(), test::FileBytes(item, transfer_syntax));
    return IndexDicom(written.object()).studies.at(0).series.at(0).files.at(0).lossy;
  };
  test::DicomItem item = test::MrSlice(1, 0);
  EXPECT_EQ(lossy_of(item, "1.2.840.10008.1.2.4.51"), (LossyCompression{{}, {"ISO_10918_1"}}));
  EXPECT_EQ(lossy_of(item, "1.2.840.10008.1.2.4.90"), std::nullopt);
  item.Set(0x0028, 0x2110, "CS", "01")
      .Set(0x0028, 0x2112, "DS", "7.5\\2")
      .Set(0x0028, 0x2114, "CS", "jpeg of some kind");
  EXPECT_EQ(lossy_of(item, "1.2.840.10008.1.2.1"), (LossyCompression{{7.5, 2}, {}}));
}

MeasurementReport SomeReport(const std::vector<SourceImage>& images) {
  MeasurementReport report;
  report.device_uid = UidFromName("device");
  report.device_name = "parotis";
  report.device_manufacturer = "parotis";
  report.device_model = "parotis 0.2.0";
  report.device_serial_number = "abc";
  report.procedure = {"363680008", "SCT", "Radiographic imaging procedure"};
  report.images = images;
  ReportedGroup lesion;
  lesion.tracking_id = "lesion 1";
  lesion.tracking_uid = UidFromName("lesion 1");
  lesion.finding = kNeoplasm;
  lesion.site = kParotid;
  lesion.laterality = kLeft;
  lesion.segment = ReferencedSegment{UidFromName("seg"), 1};
  lesion.source_series_uid = images[0].series_uid;
  lesion.measurements = {{{"118565006", "SCT", "Volume"}, 1234.5, {"mm3", "UCUM", "cubic millimeter"}, {}, {}},
                         {{"113041", "DCM", "Apparent Diffusion Coefficient"},
                          1073.25,
                          {"um2/s", "UCUM", "um2/s"},
                          CodedConcept{"373098007", "SCT", "Mean"},
                          {}},
                         {{"122157", "DCM", "Probability"},
                          0.625,
                          {"1", "UCUM", "no units"},
                          {},
                          {{{"121071", "DCM", "Finding"}, {"8360001", "SCT", "Pleomorphic adenoma"}}}}};
  lesion.evaluations = {{{"note", "99PAROTIS", "Note"}, {}, "largest in slice 3"}};
  ReportedGroup patient;
  patient.tracking_id = "patient";
  patient.tracking_uid = UidFromName("patient");
  patient.finding = kNeoplasm;
  patient.measurements = {lesion.measurements[2]};
  report.groups = {lesion, patient};
  report.evaluations = {{{"use", "99PAROTIS", "Intended use"}, {}, "research use only"},
                        {{"verdict", "99PAROTIS", "Verdict"}, CodedConcept{"class", "99PAROTIS", "Class"}, ""}};
  return report;
}

TEST(MeasurementReport, EverythingThatWasMeantReturns) {
  const Written written;
  const auto images = test::WriteImages(written.images(), SomeGrid());
  const MeasurementReport meant = SomeReport(images);
  WriteMeasurementReport(written.object(), test::DerivedFrom(written.images(), "sr"), meant, UidFromName("seg series"),
                         {"99PAROTIS", "parotis", "parotis"});
  ExpectValid(written.object());
  const MeasurementReport read = ReadMeasurementReport(written.object());
  EXPECT_EQ(read.images, meant.images);
  ASSERT_EQ(read.groups.size(), meant.groups.size());
  for (std::size_t g = 0; g < meant.groups.size(); ++g) {
    EXPECT_TRUE(read.groups[g].measurements == meant.groups[g].measurements) << g;
    EXPECT_TRUE(read.groups[g].evaluations == meant.groups[g].evaluations) << g;
  }
  EXPECT_TRUE(read == meant);
  // Comprehensive 3D SR.
  EXPECT_EQ(IndexDicom(written.object()).studies.at(0).series.at(0).files.at(0).sop_class_uid,
            "1.2.840.10008.5.1.4.1.1.88.34");
}

TEST(MeasurementReport, AnotherWritersReportIsRead) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  const MeasurementReport report = ReadMeasurementReport(test::SharedData() / "dicom-seg-sr" / "sr-example" / "sr.dcm");
  ASSERT_FALSE(report.groups.empty());
  EXPECT_FALSE(report.groups[0].measurements.empty());
  EXPECT_TRUE(report.groups[0].segment.has_value());
  EXPECT_TRUE(report.groups[0].site.has_value());
}

TEST(MeasurementReport, AnObjectThatIsNoneIsRefused) {
  const Written written;
  test::WriteImages(written.images(), SomeGrid());
  const auto image = test::DerivedFrom(written.images(), "x").source;
  EXPECT_THAT(test::ErrorOf([&] { ReadMeasurementReport(image); }), HasSubstr("is no measurement report"));
}

// This process's timezone for as long as it lives.
class Timezone {
 public:
  explicit Timezone(const char* name) {
    if (const char* former = std::getenv("TZ")) former_ = former;
    Set(name);
  }
  ~Timezone() { former_ ? Set(former_->c_str()) : (unsetenv("TZ"), tzset()); }
  Timezone(const Timezone&) = delete;
  Timezone& operator=(const Timezone&) = delete;

 private:
  static void Set(const char* name) {
    setenv("TZ", name, 1);
    tzset();
  }
  std::optional<std::string> former_;
};

// Of 2023-11-14 22:13:20 UTC, where the source names `offset` and the machine is three and a half hours west of
// Greenwich.
class InTimezone {
 public:
  explicit InTimezone(const std::string& offset) : images_(test::WriteImages(written_.images(), SomeGrid())) {
    EXPECT_EQ(test::OutputOf(fmt::format("dcmodify -nb -i '(0008,0201)={}' '{}'", offset, object().source.string())),
              "");
  }
  DerivedObject object() const { return test::DerivedFrom(written_.images(), "x"); }
  std::filesystem::path path() const { return written_.object(); }
  const std::vector<SourceImage>& images() const { return images_; }
  // Date, time and offset as dcmdump reads them.
  std::string Moment(const char* date, const char* time) const {
    return test::ValueOf(path(), date) + " " + test::ValueOf(path(), time) + " " + test::ValueOf(path(), "0008,0201");
  }

 private:
  Timezone machine_{"XYZ3:30"};
  Written written_;
  std::vector<SourceImage> images_;
};

TEST(DerivedObject, ItsTimesAreInTheSourcesTimezoneWhateverTheMachines) {
  if (!test::HasDcmtkTools()) GTEST_SKIP() << "needs the Debian package dcmtk";
  const InTimezone there("+0530");
  const auto expect_times = [&] {
    ExpectValid(there.path());
    EXPECT_EQ(there.Moment("0008,0012", "0008,0013"), "20231115 034320 +0530") << "creation";
    EXPECT_EQ(there.Moment("0008,0021", "0008,0031"), "20231115 034320 +0530") << "series";
    EXPECT_EQ(there.Moment("0008,0023", "0008,0033"), "20231115 034320 +0530") << "content";
    EXPECT_EQ(there.Moment("0008,0020", "0008,0030"), "20240102 101500 +0530") << "the study's own";
  };
  WriteSegmentation(there.path(), there.object(), SomeLesion(), {Described(1)}, there.images());
  expect_times();
  WriteMeasurementReport(there.path(), there.object(), SomeReport(there.images()), UidFromName("seg series"),
                         {"99PAROTIS", "parotis", "parotis"});
  expect_times();
  WriteParametricMap(there.path(), there.object(), image::Volume(SomeGrid()), Adc(), there.images(), there.images());
  expect_times();
  WriteEncapsulatedPdf(there.path(), there.object(), "%PDF-1.4", "parotis", true, there.images());
  expect_times();
}

TEST(DerivedObject, AnOffsetThatTheStandardDoesNotAllowIsNone) {
  if (!test::HasDcmtkTools()) GTEST_SKIP() << "needs the Debian package dcmtk";
  const auto moment = [](const std::string& offset) {
    const InTimezone there(offset);
    WriteColourCapture(there.path(), there.object(), image::Picture(5, 3), "outlines", there.images());
    ExpectValid(there.path());
    return there.Moment("0008,0023", "0008,0033");
  };
  EXPECT_EQ(moment("-1200"), "20231114 101320 -1200");
  EXPECT_EQ(moment("+1400"), "20231115 121320 +1400");
  EXPECT_EQ(moment("+0000"), "20231114 221320 +0000");
  for (const char* none : {"", "-0000", "+1401", "-1230", "+0160", "+01:0", "CET"})
    EXPECT_EQ(moment(none), "20231114 184320 ") << none;
}

TEST(AsciiOf, KeepsWhatPeopleRead) {
  EXPECT_EQ(AsciiOf("1.07 · 10⁻³ mm²/s – Größe ≥ 5 µm × 3"), "1.07 * 10-3 mm2/s - Grosse >= 5 um x 3");
  EXPECT_EQ(AsciiOf("日本"), "??");
  EXPECT_EQ(AsciiOf("bad\xff\xc3"), "bad??");
  EXPECT_EQ(AsciiOf("a\tb\x01"), "a b ");
}

}  // namespace
}  // namespace parotis::dicom
