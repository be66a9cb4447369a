#include "results/study_objects.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/build_info.h"
#include "base/error.h"
#include "base/hash.h"
#include "dicom/colour_capture.h"
#include "dicom/encapsulated_pdf.h"
#include "dicom/mr_writer.h"
#include "dicom/parametric_map.h"
#include "dicom/segmentation_writer.h"
#include "report/drawing_picture.h"
#include "report/slice_picture.h"
#include "report/study_summary.h"
#include "results/label_codes.h"
#include "results/lesion_report.h"
#include "results/self_check.h"

namespace parotis::results {
namespace {

namespace fs = std::filesystem;
using dicom::CodedConcept;
using dicom::SourceImage;

constexpr const char* kSegmentation = "segmentation.dcm";
constexpr const char* kReport = "report.dcm";
constexpr const char* kAdcMap = "adc-map.dcm";
constexpr const char* kProbabilityMap = "probability-map.dcm";
constexpr const char* kPage = "page.dcm";
constexpr const char* kKeyImage = "key-image.dcm";

constexpr int kFirstSeriesNumber = 9001;  // behind those of any scanner
constexpr int kFirstReaderSeriesNumber = 9101;
constexpr double kAdcStep_um2_s = 0.1;  // up to 6553.5 µm²/s: free water at body temperature has 3000
constexpr double kProbabilityStep = 1.0 / 65535;
constexpr double kKeyPixelsPerPt = 2;

// Storage classes: PS3.4 B.5.
constexpr const char* kSegmentationClass = "1.2.840.10008.5.1.4.1.1.66.4";
constexpr const char* kReportClass = "1.2.840.10008.5.1.4.1.1.88.34";
constexpr const char* kMapClass = "1.2.840.10008.5.1.4.1.1.30";
constexpr const char* kPageClass = "1.2.840.10008.5.1.4.1.1.104.1";
constexpr const char* kKeyImageClass = "1.2.840.10008.5.1.4.1.1.7";

const CodedConcept kAltered = {"49755003", "SCT", "Morphologically Altered Structure"};  // PS3.16 CID 7150
const CodedConcept kHeadAndNeck = {"774007", "SCT", "Head and Neck"};                    // PS3.16 CID 4031

struct Reference {
  const dicom::Series& series;
  std::vector<SourceImage> slices;  // the image of each slice of the case's grid
};

Reference ReferenceOf(const StudyObjectsInput& input) {
  const std::string uid = input.examination.provenance.at("reference").at("series_uid").get<std::string>();
  for (const dicom::Series& series : input.study.series) {
    if (series.uid != uid) continue;
    for (const dicom::SeriesVolume& volume : series.volumes) {
      if (volume.problem.empty() && image::SameGrid(volume.geometry, input.examination.grid))
        return {series, dicom::SourceImagesOf(series, volume)};
    }
  }
  base::Throw(base::ErrorKind::kInternal, "the study holds no volume on the grid of its case");
}

// All series that a channel came from.
std::vector<const dicom::Series*> UsedSeries(const StudyObjectsInput& input) {
  std::set<std::string> used = {input.examination.provenance.at("reference").at("series_uid").get<std::string>()};
  for (const base::Json& channel : input.examination.provenance.at("channels")) {
    if (channel.is_object() && channel.contains("series_uid")) used.insert(channel["series_uid"].get<std::string>());
  }
  std::vector<const dicom::Series*> all;
  for (const dicom::Series& series : input.study.series) {
    if (used.contains(series.uid)) all.push_back(&series);
  }
  return all;
}

std::vector<SourceImage> ImagesOf(const std::vector<const dicom::Series*>& all) {
  std::vector<SourceImage> images;
  for (const dicom::Series* series : all) {
    const std::vector<SourceImage> own = dicom::SourceImagesOf(*series);
    images.insert(images.end(), own.begin(), own.end());
  }
  return images;
}

std::optional<dicom::LossyCompression> CompressionOf(const std::vector<const dicom::Series*>& all) {
  std::vector<dicom::FileReference> files;
  for (const dicom::Series* series : all) files.insert(files.end(), series->files.begin(), series->files.end());
  return dicom::HeaviestCompressionOf(files);
}

// What the analysis is a function of. The study's own results do not belong to it: they come back from the archive.
std::string NameOfAnalysis(const StudyObjectsInput& input) {
  std::vector<std::string> instances;
  for (const dicom::Series& series : input.study.series) {
    if (dicom::IsOwn(series)) continue;
    for (const dicom::FileReference& file : series.files) instances.push_back(file.sop_instance_uid);
  }
  std::sort(instances.begin(), instances.end());
  base::Sha256 hash;
  for (const std::string& instance : instances) hash.Update(instance + "\n");
  return fmt::format("parotis analysis\n{}\n{}\n{}\n{}\n{}", input.study.uid, hash.Hex(), input.model.file_hash,
                     base::Version(), input.settings);
}

std::string NameOfVersion(const StudyObjectsInput& input) {
  const std::string analysis = NameOfAnalysis(input);
  return input.reader == nullptr ? analysis : fmt::format("{}\nreader's version {}", analysis, input.reader->id);
}

class Writer {
 public:
  Writer(const std::function<fs::path(const std::string&)>& path_for, const StudyObjectsInput& input)
      : path_for_(path_for),
        input_(input),
        name_(NameOfVersion(input)),
        reference_(ReferenceOf(input)),
        used_(ImagesOf(UsedSeries(input))),
        lossy_(CompressionOf(UsedSeries(input))) {}

  std::vector<StudyObject> Write() {
    if (!input_.result.diagnosis.lesions.empty()) WriteSegments();
    WriteReport();
    if (input_.reader != nullptr) return written_;
    if (const image::Volume* adc = input_.examination.Find(dataset::kAdc)) WriteAdc(*adc);
    WriteProbability();
    WritePage();
    WriteKeyImage();
    return written_;
  }

 private:
  std::string UidOf(const char* file) const { return dicom::UidFromName(name_ + "\n" + file); }
  std::string SeriesUidOf(const char* file) const { return dicom::UidFromName(name_ + "\nseries of " + file); }

  dicom::DerivedObject ObjectOf(const char* file, int place, const std::string& what, const char* label) const {
    dicom::DerivedObject object;
    object.source = reference_.series.files.front().path;
    object.instance_uid = UidOf(file);
    object.series_uid = SeriesUidOf(file);
    object.series_number = (input_.reader == nullptr ? kFirstSeriesNumber : kFirstReaderSeriesNumber) + place;
    object.series_description =
        fmt::format("parotis: {}{} (research use only)", what, input_.reader == nullptr ? "" : ", by a reader");
    if (input_.reader != nullptr) object.creator = dicom::AsciiOf(input_.reader->reader);
    object.content_label = label;
    object.content_description = "research use only";
    object.made_at = input_.made_at;
    object.manufacturer = dicom::kOwnManufacturer;
    object.model = "parotis";
    object.serial_number = dicom::AsciiOf(base::BuildId());
    object.software = base::Version();
    object.lossy = lossy_;
    return object;
  }

  // Written by `write`, then held against what was meant by `check`.
  template <class Write, class Check>
  void Add(const char* file, const char* sop_class, const Write& write, const Check& check) {
    const fs::path path = path_for_(file);
    write(path);
    CheckIdentity(path, input_.study, UidOf(file), sop_class);
    check(path);
    written_.push_back({file, sop_class, UidOf(file), SeriesUidOf(file)});
  }

  OutlineMaker MakerOf(const dataset::Lesion& lesion) const {
    if (input_.reader == nullptr) return OutlineMaker::kProgram;
    return input_.reader->lesions.at(static_cast<std::size_t>(lesion.id - 1)).outline;
  }

  dicom::SegmentDescription SegmentOf(const dataset::Lesion& lesion) const {
    dicom::SegmentDescription segment;
    segment.label = NameOfLesion(lesion);
    const OutlineMaker maker = MakerOf(lesion);
    segment.description = maker == OutlineMaker::kProgram
                              ? "Found by a program, not verified; research use only"
                              : fmt::format("Outline by {}; research use only", NameOf(maker));
    segment.maker = maker == OutlineMaker::kProgram            ? dicom::SegmentMaker::kAutomatic
                    : maker == OutlineMaker::kProgramAndReader ? dicom::SegmentMaker::kSemiautomatic
                                                               : dicom::SegmentMaker::kManual;
    segment.category = kAltered;
    segment.type = Neoplasm();
    segment.region = ParotidGland();
    segment.laterality = CodeOfSide(lesion.side);
    segment.tracking_id = NameOfLesion(lesion);
    segment.tracking_uid = TrackingUid(input_, name_, lesion);
    segment.algorithm_name = "parotis, " + dicom::AsciiOf(input_.model.name);
    segment.algorithm_version = base::Version();
    segment.rgb = report::RgbOfLesion(lesion.id);
    return segment;
  }

  void WriteSegments() {
    std::vector<dicom::SegmentDescription> segments;
    segments.reserve(input_.result.diagnosis.lesions.size());
    for (const dataset::Lesion& lesion : input_.result.diagnosis.lesions) segments.push_back(SegmentOf(lesion));
    const image::LabelVolume& map = input_.result.lesion_map;
    Add(
        kSegmentation, kSegmentationClass,
        [&](const fs::path& path) {
          dicom::WriteSegmentation(path, ObjectOf(kSegmentation, 0, "lesions", "LESIONS"), map, segments,
                                   reference_.slices);
        },
        [&](const fs::path& path) { CheckSegmentation(path, map, segments); });
  }

  void WriteReport() {
    const bool has_lesions = !input_.result.diagnosis.lesions.empty();
    const dicom::MeasurementReport report =
        ReportOf(input_, {used_, reference_.series.uid, has_lesions ? UidOf(kSegmentation) : "", name_});
    Add(
        kReport, kReportClass,
        [&](const fs::path& path) {
          dicom::WriteMeasurementReport(path, ObjectOf(kReport, 1, "report", "REPORT"), report,
                                        SeriesUidOf(kSegmentation),
                                        {kOwnScheme, "Codes of the program parotis", "parotis"});
        },
        [&](const fs::path& path) { CheckReport(path, report); });
  }

  void WriteMap(const char* file, int place, const std::string& what, const char* label, const image::Volume& map,
                const dicom::MappedQuantity& quantity) {
    Add(
        file, kMapClass,
        [&](const fs::path& path) {
          dicom::WriteParametricMap(path, ObjectOf(file, place, what, label), map, quantity, reference_.slices, used_);
        },
        [&](const fs::path& path) { CheckMap(path, map, quantity); });
  }

  void WriteAdc(const image::Volume& adc) {
    WriteMap(kAdcMap, 2, "ADC", "ADC", adc,
             {{"113041", "DCM", "Apparent Diffusion Coefficient"},
              {"um2/s", "UCUM", "um2/s"},
              kHeadAndNeck,
              {"129105", "DCM", "Diffusion image analysis"},  // PS3.16 CID 7203
              "ADC",
              kAdcStep_um2_s});
  }

  void WriteProbability() {
    WriteMap(kProbabilityMap, 3, "tumour probability", "PROBABILITY", input_.tumour_probability,
             {{"122157", "DCM", "Probability"},
              {"1", "UCUM", "no units"},
              kHeadAndNeck,
              {"113076", "DCM", "Segmentation"},  // PS3.16 CID 7203
              "Tumour probab.",
              kProbabilityStep});
  }

  report::StudySummaryInput Summary() const {
    const dicom::Patient& patient = input_.study.patient;
    return {input_.result,
            input_.examination,
            input_.model,
            {{"Patient", patient.name},
             {"Id", patient.id},
             {"Born", patient.birth_date},
             {"Study of", input_.study.date},
             {"Accession number", input_.study.accession_number}},
            fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(input_.made_at))};
  }

  void WritePage() {
    const std::string pdf = report::StudySummaryPdf(Summary());
    Add(
        kPage, kPageClass,
        [&](const fs::path& path) {
          dicom::WriteEncapsulatedPdf(
              path, ObjectOf(kPage, 4, "page", "PAGE"), pdf,
              "parotis: " + dicom::AsciiOf(report::Headline(input_.result.diagnosis)) + " (research use only)", true,
              reference_.slices);
        },
        [&](const fs::path& path) { CheckPage(path, pdf); });
  }

  void WriteKeyImage() {
    const report::StudySummaryInput summary = Summary();
    const image::Picture picture = report::PictureOf(report::KeyDrawing(summary), kKeyPixelsPerPt, {0, 0, 0});
    // Slices are shown across the coarsest axis, which in an isotropic acquisition need not be that of its images.
    std::vector<SourceImage> shown = reference_.slices;
    if (image::SliceAxis(input_.examination.grid.spacing_mm) == 2)
      shown = {shown.at(static_cast<std::size_t>(report::KeySlice(summary)))};
    Add(
        kKeyImage, kKeyImageClass,
        [&](const fs::path& path) {
          dicom::WriteColourCapture(path, ObjectOf(kKeyImage, 5, "key image", "KEY"), picture,
                                    "Outlines of a program, not verified; research use only", shown);
        },
        [&](const fs::path& path) { CheckPicture(path, picture); });
  }

  const std::function<fs::path(const std::string&)>& path_for_;
  const StudyObjectsInput& input_;
  std::string name_;
  Reference reference_;
  std::vector<SourceImage> used_;
  std::optional<dicom::LossyCompression> lossy_;
  std::vector<StudyObject> written_;
};

}  // namespace

std::string NameOf(OutlineMaker maker) {
  switch (maker) {
    case OutlineMaker::kProgram: return "program";
    case OutlineMaker::kProgramAndReader: return "program and reader";
    case OutlineMaker::kReader: return "reader";
  }
  return "";
}

std::string TrackingUidOf(const StudyObjectsInput& input, const dataset::Lesion& lesion) {
  return TrackingUid(input, NameOfVersion(input), lesion);
}

std::vector<std::string> StudyObjectFiles() {
  return {kSegmentation, kReport, kAdcMap, kProbabilityMap, kPage, kKeyImage};
}

std::vector<StudyObject> WriteStudyObjects(const std::function<fs::path(const std::string&)>& path_for,
                                           const StudyObjectsInput& input) {
  return Writer(path_for, input).Write();
}

}  // namespace parotis::results
