#include "dicom/header.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "base/error.h"
#include "dicom/frame_times.h"
#include "dicom/load.h"
#include "dicom/lossy_compression.h"
#include "dicom/phase_encoding.h"
#include "dicom/philips_scale.h"
#include "dicom/text.h"
#include "dicom/tiles.h"

namespace parotis::dicom {
namespace {

constexpr const char* kNoUnit = "1";  // UCUM
constexpr std::uint64_t kMostPlanes = 100000;
constexpr std::uint64_t kFewestBytesPerPlane = 8;  // a slice costs far more memory than a claim

[[noreturn]] void Refuse(const std::filesystem::path& path, const std::string& fact) {
  base::Throw(base::ErrorKind::kInput, fmt::format("{} {}", path.string(), fact));
}

Study ReadStudy(DcmItem& dataset, const std::string& character_set) {
  Study study;
  study.uid = Code(dataset, tag::kStudyInstanceUid);
  study.id = Code(dataset, tag::kStudyId);
  study.date = Code(dataset, tag::kStudyDate);
  study.time = Code(dataset, tag::kStudyTime);
  study.description = Text(dataset, tag::kStudyDescription, character_set);
  study.accession_number = Code(dataset, tag::kAccessionNumber);
  study.patient.id = Text(dataset, tag::kPatientId, character_set);
  study.patient.issuer = Text(dataset, tag::kIssuerOfPatientId, character_set);
  study.patient.name = Text(dataset, tag::kPatientName, character_set);
  study.patient.birth_date = Code(dataset, tag::kPatientBirthDate);
  study.patient.sex = Code(dataset, tag::kPatientSex);
  study.patient.age = Code(dataset, tag::kPatientAge);
  return study;
}

bool ContainsCode(const std::vector<std::string>& codes, std::string_view wanted) {
  return std::find(codes.begin(), codes.end(), wanted) != codes.end();
}

std::optional<double> NumberIn(const FrameItems& items, const Tag& group, const Tag& attribute) {
  return Number(items.With(group, attribute), attribute);
}

// Enhanced MR names the kind of sequence in four attributes (PS3.3 C.8.13.4); classic MR in one (C.8.3.1).
std::vector<std::string> ScanningSequence(const FrameItems& items) {
  std::vector<std::string> codes = Codes(*items.dataset, tag::kScanningSequence);
  if (!codes.empty()) return codes;
  const std::string echo = Code(*items.dataset, tag::kEchoPulseSequence);
  if (echo == "SPIN" || echo == "BOTH") codes.emplace_back("SE");
  if (echo == "GRADIENT" || echo == "BOTH") codes.emplace_back("GR");
  if (Code(items.With(tag::kMrModifierSequence, tag::kInversionRecovery), tag::kInversionRecovery) == "YES") {
    codes.emplace_back("IR");
  }
  if (Code(*items.dataset, tag::kEchoPlanarPulseSequence) == "YES") codes.emplace_back("EP");
  return codes;
}

void ReadAcquisition(const FrameItems& items, Series& series) {
  DcmItem& dataset = *items.dataset;
  series.scanning_sequence = ScanningSequence(items);
  series.sequence_variant = Codes(dataset, tag::kSequenceVariant);
  series.scan_options = Codes(dataset, tag::kScanOptions);
  const std::string suppression = Code(dataset, tag::kSpectrallySelectedSuppression);
  series.fat_suppressed =
      ContainsCode(series.scan_options, "FS") || suppression == "FAT" || suppression == "FAT_AND_WATER";
  series.repetition_time_ms = NumberIn(items, tag::kMrTimingSequence, tag::kRepetitionTime);
  series.echo_train_length = NumberIn(items, tag::kMrTimingSequence, tag::kEchoTrainLength);
  series.echo_time_ms = NumberIn(items, tag::kMrEchoSequence, tag::kEffectiveEchoTime);
  if (!series.echo_time_ms) series.echo_time_ms = Number(dataset, tag::kEchoTime);
  series.inversion_time_ms = NumberIn(items, tag::kMrModifierSequence, tag::kInversionTimes);
  if (!series.inversion_time_ms) series.inversion_time_ms = Number(dataset, tag::kInversionTime);
  series.flip_angle_deg = Number(dataset, tag::kFlipAngle);
  series.field_strength_t = Number(dataset, tag::kMagneticFieldStrength);
}

Series ReadSeries(const FrameItems& items, const std::string& character_set) {
  DcmItem& dataset = *items.dataset;
  Series series;
  series.uid = Code(dataset, tag::kSeriesInstanceUid);
  series.number = Integer(dataset, tag::kSeriesNumber);
  series.description = Text(dataset, tag::kSeriesDescription, character_set);
  series.protocol = Text(dataset, tag::kProtocolName, character_set);
  series.sequence_name = Code(dataset, tag::kSequenceName);
  if (series.sequence_name.empty()) series.sequence_name = Code(dataset, tag::kPulseSequenceName);
  series.modality = Code(dataset, tag::kModality);
  series.body_part = Code(dataset, tag::kBodyPartExamined);
  DcmItem* region = SequenceItem(&dataset, tag::kAnatomicRegionSequence);
  if (region == nullptr) region = SequenceItem(items.Group(tag::kFrameAnatomySequence), tag::kAnatomicRegionSequence);
  if (region != nullptr) series.anatomic_region = Text(*region, tag::kCodeMeaning, character_set);
  series.manufacturer = Text(dataset, tag::kManufacturer, character_set);
  series.model = Text(dataset, tag::kModelName, character_set);
  series.station = Text(dataset, tag::kStationName, character_set);
  series.frame_of_reference_uid = Code(dataset, tag::kFrameOfReferenceUid);
  series.acquisition_time = Code(dataset, tag::kAcquisitionTime);
  if (series.acquisition_time.empty()) series.acquisition_time = Code(dataset, tag::kSeriesTime);
  series.image_type = Codes(dataset, tag::kImageType);
  series.contrast_agent = Text(dataset, tag::kContrastAgent, character_set);
  DcmItem* agent = SequenceItem(&dataset, tag::kContrastAgentSequence);
  if (series.contrast_agent.empty() && agent != nullptr)
    series.contrast_agent = Text(*agent, tag::kCodeMeaning, character_set);
  series.contrast_start_time = Code(dataset, tag::kContrastStartTime);
  for (DcmItem* source : SequenceItems(dataset, tag::kSourceImageSequence))
    series.source_images.push_back(Code(*source, tag::kReferencedSopInstanceUid));
  ReadAcquisition(items, series);
  return series;
}

// GE's image type is silent about it: 1 is phase, 2 and 3 are real and imaginary part.
bool SaysPhase(DcmItem& dataset) { return Number(dataset, tag::kGeComponent).value_or(0) > 0; }

// The unit of the values, and with it the way from what is stored to them: the modality's (PS3.3 C.7.6.16.2.9), else
// that of the real world values (C.7.6.16.2.11), which has a slope of its own.
void ReadValues(const FrameItems& items, PlaneHeader& plane) {
  const Tag& transformation = tag::kPixelValueTransformationSequence;
  plane.source.slope = NumberIn(items, transformation, tag::kRescaleSlope).value_or(1);
  plane.source.intercept = NumberIn(items, transformation, tag::kRescaleIntercept).value_or(0);
  plane.unit = Code(items.With(transformation, tag::kRescaleType), tag::kRescaleType);
  if (!plane.unit.empty() && plane.unit != "US" && plane.unit != "normalized") return;
  plane.unit.clear();
  DcmItem* mapping = items.Group(tag::kRealWorldValueMappingSequence);
  if (mapping == nullptr) mapping = SequenceItem(items.dataset, tag::kRealWorldValueMappingSequence);
  DcmItem* unit = SequenceItem(mapping, tag::kMeasurementUnitsSequence);
  if (unit == nullptr) return;
  const std::string code = Code(*unit, tag::kCodeValue);
  if (code == kNoUnit) return;  // Philips says of every image that its display has none
  plane.unit = code;
  const auto slope = Number(*mapping, tag::kRealWorldValueSlope);
  if (!slope || *slope == 0) return;
  plane.source.slope = *slope;
  plane.source.intercept = Number(*mapping, tag::kRealWorldValueIntercept).value_or(0);
}

void ReadPlacement(const FrameItems& items, PlaneHeader& plane) {
  plane.position_world = Vector(items.With(tag::kPlanePositionSequence, tag::kImagePosition), tag::kImagePosition);
  const auto orientation =
      Numbers(items.With(tag::kPlaneOrientationSequence, tag::kImageOrientation), tag::kImageOrientation);
  if (orientation.size() == 6) std::copy_n(orientation.begin(), 6, plane.orientation.emplace().begin());
  plane.patient_orientation = Codes(*items.dataset, tag::kPatientOrientation);
  const auto spacing = Numbers(items.With(tag::kPixelMeasuresSequence, tag::kPixelSpacing), tag::kPixelSpacing);
  if (spacing.size() == 2) plane.pixel_spacing_mm = {spacing[0], spacing[1]};
  plane.slice_spacing_mm = NumberIn(items, tag::kPixelMeasuresSequence, tag::kSpacingBetweenSlices);
  if (!plane.slice_spacing_mm || *plane.slice_spacing_mm <= 0) {
    plane.slice_spacing_mm = NumberIn(items, tag::kPixelMeasuresSequence, tag::kSliceThickness);
  }
}

// Nothing for a map of signal, or where the header does not say what it is.
base::Finding ColourProblem(DcmItem& dataset) {
  const std::string model = Code(dataset, tag::kPhotometricInterpretation);
  const bool grey = model.empty() || model == "MONOCHROME1" || model == "MONOCHROME2";
  if (grey && Integer(dataset, tag::kSamplesPerPixel).value_or(1) == 1) return {};
  return base::Found("picture_in_colour", fmt::format("it is a picture ({}), not a map of signal", model));
}

PlaneHeader ReadPlane(const FrameItems& items, int frame, const FileHeader& header) {
  DcmItem& dataset = *items.dataset;
  PlaneHeader plane;
  plane.source.frame = frame;
  plane.size = {Integer(dataset, tag::kColumns).value_or(0), Integer(dataset, tag::kRows).value_or(0)};
  ReadPlacement(items, plane);
  ReadValues(items, plane);
  plane.diffusion = ReadDiffusion(items);
  plane.phase_encoding = ReadPhaseEncoding(items);
  plane.image_type = Codes(items.With(tag::kMrImageFrameTypeSequence, tag::kFrameType), tag::kFrameType);
  if (plane.image_type.empty()) plane.image_type = header.series.image_type;
  if (SaysPhase(dataset)) plane.image_type.emplace_back("PHASE");
  plane.philips_scale = PhilipsScale(items, plane);
  plane.echo_time_ms = NumberIn(items, tag::kMrEchoSequence, tag::kEffectiveEchoTime);
  if (!plane.echo_time_ms) plane.echo_time_ms = header.series.echo_time_ms;
  plane.instance_number = Integer(dataset, tag::kInstanceNumber).value_or(0);
  const auto integer = [&](const Tag& group, const Tag& attribute) {
    return Integer(items.With(group, attribute), attribute);
  };
  plane.temporal_position = integer(tag::kFrameContentSequence, tag::kTemporalPositionIndex)
                                .value_or(Integer(dataset, tag::kTemporalPositionIdentifier).value_or(0));
  plane.times = ReadFrameTimes(items);
  plane.acquisition_number = integer(tag::kFrameContentSequence, tag::kFrameAcquisitionNumber)
                                 .value_or(Integer(dataset, tag::kAcquisitionNumber).value_or(0));
  plane.problem = ColourProblem(dataset);
  plane.stack = Code(items.With(tag::kFrameContentSequence, tag::kStackId), tag::kStackId);
  return plane;
}

std::vector<PlaneHeader> ReadPlanes(DcmItem& dataset, const FileHeader& header) {
  std::vector<PlaneHeader> planes;
  const std::string& sop_class = header.file.sop_class_uid;
  if (!sop_class.empty() && !dcmIsaStorageSOPClassUID(sop_class.c_str(), ESSC_Image)) return planes;
  if (!Has(dataset, tag::kRows) || !Has(dataset, tag::kColumns)) return planes;
  FrameItems items{&dataset, SequenceItem(&dataset, tag::kSharedFunctionalGroups), nullptr};
  const std::vector<DcmItem*> per_frame = SequenceItems(dataset, tag::kPerFrameFunctionalGroups);
  const int frames = Integer(dataset, tag::kNumberOfFrames).value_or(1);
  // One is always believed.
  const auto too_many = [&](std::uint64_t count) {
    return count > 1 && (count > kMostPlanes || count > 1 + FileBytes(header.file.path) / kFewestBytesPerPlane);
  };
  if (frames < 1 || too_many(static_cast<std::uint64_t>(frames)))
    Refuse(header.file.path, fmt::format("claims to hold {} frames", frames));
  std::vector<PlaneHeader> tiles;  // of one frame
  for (std::size_t f = 0; f < static_cast<std::size_t>(frames); ++f) {
    items.per_frame = f < per_frame.size() ? per_frame[f] : nullptr;
    // Frames of which the file says nothing are all like the first of them.
    if (f <= per_frame.size()) tiles = UnpackTiles(items, ReadPlane(items, static_cast<int>(f), header));
    for (PlaneHeader& tile : tiles) tile.source.frame = static_cast<int>(f);
    if (tiles.size() > 1 && too_many(planes.size() + tiles.size()))
      Refuse(header.file.path, fmt::format("claims to hold {} frames of {} slices each", frames, tiles.size()));
    planes.insert(planes.end(), tiles.begin(), tiles.end());
  }
  return planes;
}

std::optional<FileHeader> ReadDataset(DcmFileFormat& file, const std::filesystem::path& path) {
  DcmDataset& dataset = *file.getDataset();
  FileHeader header;
  header.file = {path, Code(dataset, tag::kSopClassUid), Code(dataset, tag::kSopInstanceUid),
                 ReadLossyCompression(dataset, Code(*file.getMetaInfo(), tag::kTransferSyntaxUid))};
  if (header.file.sop_class_uid.empty())
    header.file.sop_class_uid = Code(*file.getMetaInfo(), Tag{0x0002, 0x0002, "UI"});
  if (header.file.sop_class_uid == UID_MediaStorageDirectoryStorage) return std::nullopt;
  const std::string character_set = CleanText(RawText(dataset, tag::kSpecificCharacterSet));
  header.study = ReadStudy(dataset, character_set);
  const FrameItems items{&dataset, SequenceItem(&dataset, tag::kSharedFunctionalGroups),
                         SequenceItem(&dataset, tag::kPerFrameFunctionalGroups)};
  header.series = ReadSeries(items, character_set);
  if (header.study.uid.empty() || header.series.uid.empty()) {
    base::Throw(base::ErrorKind::kInput,
                path.string() + " belongs to no study and series: StudyInstanceUID or SeriesInstanceUID is missing",
                "identity_missing");
  }
  header.planes = ReadPlanes(dataset, header);
  return header;
}

}  // namespace

// "DICM" after 128 bytes; older files start with an element of group 0002 or 0008, in either byte order.
bool LooksLikeDicom(const std::filesystem::path& path) {
  std::array<char, 132> bytes{};
  std::ifstream file(path, std::ios::binary);
  if (!file) base::Throw(base::ErrorKind::kIo, fmt::format("cannot open {}; check its permissions", path.string()));
  file.read(bytes.data(), bytes.size());
  const std::streamsize count = file.gcount();
  if (count == 132 && std::string_view(bytes.data() + 128, 4) == "DICM") return true;
  const int group = static_cast<unsigned char>(bytes[0]) + static_cast<unsigned char>(bytes[1]);
  return count >= 8 && (bytes[0] == 0 || bytes[1] == 0) && (group == 2 || group == 8);
}

std::optional<FileHeader> ReadHeader(const ReadableFile& readable) {
  DcmFileFormat file;
  if (const auto reason = Load(file, readable, Extent::kHeader))
    Refuse(readable.name(), fmt::format("cannot be read as DICOM: {}", *reason));
  return ReadDataset(file, readable.name());
}

std::optional<FileHeader> ReadHeader(const std::filesystem::path& path) { return ReadHeader(ReadableFile(path)); }

}  // namespace parotis::dicom
