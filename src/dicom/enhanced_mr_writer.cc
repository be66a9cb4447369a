#include "dicom/enhanced_mr_writer.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "dicom/dcmtk_setup.h"
#include "dicom/enhanced_mr_groups.h"
#include "dicom/mr_objects.h"
#include "dicom/put.h"

namespace parotis::dicom {
namespace {

namespace fs = std::filesystem;

bool Has(const std::vector<std::string>& codes, const char* wanted) {
  return std::find(codes.begin(), codes.end(), wanted) != codes.end();
}

const char* YesNo(bool yes) { return yes ? "YES" : "NO"; }

bool IsOriginal(const MrVolume& volume) { return volume.image_type.front() == "ORIGINAL"; }

// The common value, else MIXED (PS3.3 C.8.16.1).
std::string CommonType(const std::vector<MrVolume>& volumes, std::size_t value) {
  const std::string& first = volumes.front().image_type[value];
  const bool same = std::all_of(volumes.begin(), volumes.end(),
                                [&](const MrVolume& volume) { return volume.image_type[value] == first; });
  return same ? first : "MIXED";
}

// MR Pulse Sequence module (PS3.3 C.8.13.4).
void PutPulseSequence(DcmItem& item, const MrSeries& series) {
  const bool gradient = Has(series.scanning_sequence, "GR") && !Has(series.scanning_sequence, "SE");
  const bool planar = Has(series.scanning_sequence, "EP") || series.acquisition_contrast == "DIFFUSION";
  Put(item, DCM_PulseSequenceName, series.sequence_name.empty() ? (gradient ? "GRE" : "SE") : series.sequence_name);
  Put(item, DCM_MRAcquisitionType, series.three_dimensional ? "3D" : "2D");
  Put(item, DCM_EchoPulseSequence, gradient ? "GRADIENT" : "SPIN");
  if (!gradient) Put(item, DCM_MultipleSpinEcho, YesNo(!planar && series.echo_train_length > 1));
  Put(item, DCM_MultiPlanarExcitation, "NO");
  Put(item, DCM_PhaseContrast, "NO");
  Put(item, DCM_TimeOfFlightContrast, "NO");
  Put(item, DCM_SteadyStatePulseSequence, "NONE");
  Put(item, DCM_EchoPlanarPulseSequence, YesNo(planar));
  Put(item, DCM_SaturationRecovery, "NO");
  Put(item, DCM_SpectrallySelectedSuppression, Has(series.scan_options, "FS") ? "FAT" : "NONE");
  Put(item, DCM_OversamplingPhase, "NONE");
  Put(item, DCM_GeometryOfKSpaceTraversal, "RECTILINEAR");
  Put(item, DCM_RectilinearPhaseEncodeReordering, "LINEAR");
  Put(item, DCM_SegmentedKSpaceTraversal, planar ? "SINGLE" : "PARTIAL");
  if (series.three_dimensional) Put(item, DCM_CoverageOfKSpace, "FULL");
  PutWhole(item, DCM_NumberOfKSpaceTrajectories, 1);
}

// Enhanced MR Image module (PS3.3 C.8.13.1).
void PutEnhancedImage(DcmItem& item, const MrStudy& study, const MrSeries& series,
                      const std::vector<MrVolume>& volumes) {
  std::vector<std::string> type;
  for (std::size_t value = 0; value < 4; ++value) type.push_back(CommonType(volumes, value));
  if (type[1] == "MIXED") type[1] = "PRIMARY";
  Put(item, DCM_ImageType, fmt::format("{}", fmt::join(type, "\\")));
  PutImageDescription(item, series, volumes.front());
  Put(item, DCM_BurnedInAnnotation, "NO");
  Put(item, DCM_LossyImageCompression, "00");
  Put(item, DCM_PresentationLUTShape, "IDENTITY");
  Put(item, DCM_ContentQualification, "RESEARCH");
  Put(item, DCM_ResonantNucleus, "1H");
  Put(item, DCM_KSpaceFiltering, "NONE");
  Put(item, DCM_ApplicableSafetyStandardAgency, "IEC");
  PutInteger(item, DCM_AcquisitionNumber, 1);
  Put(item, DCM_AcquisitionDateTime, study.date + TimeAfter(series.time, volumes.front().start_s));
  PutDouble(item, DCM_AcquisitionDuration, DurationSeconds(series, volumes));
}

// Enhanced Contrast/Bolus module (PS3.3 C.7.6.4b).
void PutContrast(DcmItem& item, const MrSeries& series) {
  if (series.contrast_agent.empty()) return;
  DcmItem& agent = AddItem(item, DCM_ContrastBolusAgentSequence);
  Put(agent, DCM_CodeValue, "C-B03CB");
  Put(agent, DCM_CodingSchemeDesignator, "SRT");
  Put(agent, DCM_CodeMeaning, series.contrast_agent);
  PutWhole(agent, DCM_ContrastBolusAgentNumber, 1);
  PutCode(agent, DCM_ContrastBolusAdministrationRouteSequence, "G-D101", "SRT", "Intravenous route");
  PutCode(agent, DCM_ContrastBolusIngredientCodeSequence, "C-17800", "SRT", "Gadolinium");
  PutDecimals(agent, DCM_ContrastBolusVolume, {15});
  PutDecimals(agent, DCM_ContrastBolusIngredientConcentration, {380});
  if (!series.contrast_start_time.empty()) {
    DcmItem& given = AddItem(agent, DCM_ContrastAdministrationProfileSequence);
    PutDecimals(given, DCM_ContrastBolusVolume, {15});
    Put(given, DCM_ContrastBolusStartTime, series.contrast_start_time);
  }
}

void PutSource(DcmItem& item, const MrStudy& study, const MrSeries& series) {
  if (series.source_series_uid.empty()) return;
  DcmItem& evidence = AddItem(item, DCM_SourceImageEvidenceSequence);
  Put(evidence, DCM_StudyInstanceUID, study.uid);
  DcmItem& source = AddItem(evidence, DCM_ReferencedSeriesSequence);
  Put(source, DCM_SeriesInstanceUID, series.source_series_uid);
  DcmItem& object = AddItem(source, DCM_ReferencedSOPSequence);
  Put(object, DCM_ReferencedSOPClassUID, UID_EnhancedMRImageStorage);
  Put(object, DCM_ReferencedSOPInstanceUID, EnhancedObjectUid(series.source_series_uid));
  PutCode(object, DCM_PurposeOfReferenceCodeSequence, "121322", "DCM", "Source image for image processing operation");
}

// Which index a frame has along each dimension, from 1.
struct Dimensions {
  std::vector<double> b_values;  // distinct; empty where there is no diffusion weighting
  bool directions = false;
  bool temporal = false;
};

Dimensions DimensionsOf(const std::vector<MrVolume>& volumes) {
  std::set<double> b_values;
  Dimensions dimensions;
  for (const MrVolume& volume : volumes) {
    if (volume.b_value_s_mm2) b_values.insert(*volume.b_value_s_mm2);
    dimensions.directions = dimensions.directions || volume.direction_world.has_value();
    dimensions.temporal = dimensions.temporal || volume.temporal_position > 0;
  }
  dimensions.b_values.assign(b_values.begin(), b_values.end());
  return dimensions;
}

void PutDimensions(DcmItem& item, const Dimensions& dimensions, const std::string& uid) {
  Put(AddItem(item, DCM_DimensionOrganizationSequence), DCM_DimensionOrganizationUID, uid);
  const auto add = [&](const DcmTagKey& pointer, const DcmTagKey& group) {
    DcmItem& index = AddItem(item, DCM_DimensionIndexSequence);
    Put(index, DCM_DimensionOrganizationUID, uid);
    index.putAndInsertTagKey(DCM_DimensionIndexPointer, pointer);
    index.putAndInsertTagKey(DCM_FunctionalGroupPointer, group);
  };
  add(DCM_StackID, DCM_FrameContentSequence);
  add(DCM_InStackPositionNumber, DCM_FrameContentSequence);
  if (dimensions.temporal) add(DCM_TemporalPositionIndex, DCM_FrameContentSequence);
  if (!dimensions.b_values.empty()) add(DCM_DiffusionBValue, DCM_MRDiffusionSequence);
  if (dimensions.directions) add(DCM_DiffusionGradientOrientation, DCM_MRDiffusionSequence);
}

// `direction`: number of the volume among those of its b-value.
std::vector<int> IndexValues(const Dimensions& dimensions, const MrVolume& volume, std::int64_t slice, int direction) {
  std::vector<int> values = {1, static_cast<int>(slice) + 1};
  if (dimensions.temporal) values.push_back(std::max(1, volume.temporal_position));
  if (!dimensions.b_values.empty()) {
    const auto at =
        std::find(dimensions.b_values.begin(), dimensions.b_values.end(), volume.b_value_s_mm2.value_or(-1));
    values.push_back(static_cast<int>(at - dimensions.b_values.begin()) + 1);
  }
  if (dimensions.directions) values.push_back(direction);
  return values;
}

std::vector<int> DirectionNumbers(const std::vector<MrVolume>& volumes) {
  std::vector<int> numbers;
  for (std::size_t v = 0; v < volumes.size(); ++v) {
    const bool same_b = v > 0 && volumes[v].b_value_s_mm2 == volumes[v - 1].b_value_s_mm2;
    numbers.push_back(same_b ? numbers.back() + 1 : 1);
  }
  return numbers;
}

void PutFrames(DcmItem& item, const MrStudy& study, const MrSeries& series, const std::vector<MrVolume>& volumes,
               const Dimensions& dimensions) {
  std::vector<Window> windows;
  windows.reserve(volumes.size());
  for (const MrVolume& volume : volumes) windows.push_back(WindowOf(volume));
  const std::vector<int> directions = DirectionNumbers(volumes);
  const std::vector<Instance> frames = InstancesInOrder(series, volumes);
  std::vector<std::uint16_t> pixels;
  for (const Instance& frame : frames) {
    const MrVolume& volume = volumes[frame.volume];
    DcmItem& groups = AddItem(item, DCM_PerFrameFunctionalGroupsSequence);
    PutFrameGroups(groups, {study, series, volume, windows[frame.volume], frame.slice,
                            IndexValues(dimensions, volume, frame.slice, directions[frame.volume])});
    PutAttributes(groups, volume.attributes);
    const std::vector<std::uint16_t> plane = PixelsOf(volume, frame.slice);
    pixels.insert(pixels.end(), plane.begin(), plane.end());
  }
  PutInteger(item, DCM_NumberOfFrames, static_cast<int>(frames.size()));
  item.putAndInsertUint16Array(DCM_PixelData, pixels.data(), static_cast<unsigned long>(pixels.size()));
}

void WriteObject(const fs::path& path, const MrStudy& study, const MrSeries& series,
                 const std::vector<MrVolume>& volumes, int number) {
  DcmFileFormat file;
  DcmDataset& item = *file.getDataset();
  const std::string uid = EnhancedObjectUid(series.uid, number);
  Put(item, DCM_SOPClassUID, UID_EnhancedMRImageStorage);
  Put(item, DCM_SOPInstanceUID, uid);
  PutPatientStudyAndEquipment(item, study);
  PutSeriesAndDates(item, study, series);
  Put(item, DCM_ContentTime, series.time);
  PutInteger(item, DCM_InstanceNumber, number);
  PutPixelDescription(item, study, volumes.front().image.geometry);
  PutEnhancedImage(item, study, series, volumes);
  if (std::any_of(volumes.begin(), volumes.end(), IsOriginal)) PutPulseSequence(item, series);
  PutContrast(item, series);
  PutSource(item, study, series);
  item.insertEmptyElement(DCM_AcquisitionContextSequence);
  const Dimensions dimensions = DimensionsOf(volumes);
  PutDimensions(item, dimensions, UidFromName(uid + " dimensions"));
  if (dimensions.temporal) PutInteger(item, DCM_NumberOfTemporalPositions, static_cast<int>(volumes.size()));
  PutSharedGroups(AddItem(item, DCM_SharedFunctionalGroupsSequence), study, series, volumes.front());
  PutFrames(item, study, series, volumes, dimensions);
  PutAttributes(item, series.attributes);
  SaveObject(path, file, study);
}

// Volumes of one grid, in the order in which the grids come.
std::vector<std::vector<MrVolume>> ByGrid(const std::vector<MrVolume>& volumes) {
  std::vector<std::vector<MrVolume>> groups;
  for (const MrVolume& volume : volumes) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const std::vector<MrVolume>& group) {
      return SameGrid(group.front().image.geometry, volume.image.geometry);
    });
    if (same != groups.end()) {
      same->push_back(volume);
    } else {
      groups.push_back({volume});
    }
  }
  return groups;
}

}  // namespace

std::string EnhancedObjectUid(const std::string& series_uid, int number) {
  return UidFromName(fmt::format("{} object {}", series_uid, number));
}

void WriteEnhancedMrSeries(const fs::path& folder, const MrStudy& study, const MrSeries& series,
                           const std::vector<MrVolume>& volumes) {
  for (const MrVolume& volume : volumes) {
    if (volume.image_type.size() == 4) continue;
    base::Throw(base::ErrorKind::kInternal, "an enhanced object needs four values of image type");
  }
  SetUpDcmtk();
  base::CreateFolder(folder);
  int number = 0;
  for (const std::vector<MrVolume>& group : ByGrid(volumes)) {
    ++number;
    WriteObject(folder / fmt::format("IM{:04d}.dcm", number), study, series, group, number);
  }
}

}  // namespace parotis::dicom
