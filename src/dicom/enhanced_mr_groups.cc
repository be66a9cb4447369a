#include "dicom/enhanced_mr_groups.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "dicom/enhanced_mr_writer.h"
#include "dicom/put.h"

namespace parotis::dicom {
namespace {

bool Has(const std::vector<std::string>& codes, const char* wanted) {
  return std::find(codes.begin(), codes.end(), wanted) != codes.end();
}

bool IsEchoPlanar(const MrSeries& series) {
  return Has(series.scanning_sequence, "EP") || series.acquisition_contrast == "DIFFUSION";
}

void PutGeometry(DcmItem& groups, const MrSeries& series, const image::Geometry& grid) {
  DcmItem& measures = AddItem(groups, DCM_PixelMeasuresSequence);
  PutDecimals(measures, DCM_PixelSpacing, {grid.spacing_mm[1], grid.spacing_mm[0]});
  PutDecimals(measures, DCM_SliceThickness, {series.slice_thickness_mm});
  PutDecimals(measures, DCM_SpacingBetweenSlices, {grid.spacing_mm[2]});
  const auto& d = grid.direction;
  PutDecimals(AddItem(groups, DCM_PlaneOrientationSequence), DCM_ImageOrientationPatient,
              {d[0][0], d[1][0], d[2][0], d[0][1], d[1][1], d[2][1]});
  DcmItem& anatomy = AddItem(groups, DCM_FrameAnatomySequence);
  Put(anatomy, DCM_FrameLaterality, "U");
  PutCode(anatomy, DCM_AnatomicRegionSequence, "T-D1600", "SRT", "Neck");
}

void PutTiming(DcmItem& groups, const MrSeries& series) {
  DcmItem& timing = AddItem(groups, DCM_MRTimingAndRelatedParametersSequence);
  PutDecimals(timing, DCM_RepetitionTime, {series.repetition_time_ms});
  PutDecimals(timing, DCM_FlipAngle, {series.flip_angle_deg});
  PutInteger(timing, DCM_EchoTrainLength, series.echo_train_length);
  const bool planar = IsEchoPlanar(series);
  PutWhole(timing, DCM_RFEchoTrainLength, planar ? 1 : series.echo_train_length);
  PutWhole(timing, DCM_GradientEchoTrainLength, planar ? series.echo_train_length : 0);
  DcmItem& sar = AddItem(timing, DCM_SpecificAbsorptionRateSequence);
  Put(sar, DCM_SpecificAbsorptionRateDefinition, "IEC_HEAD");
  PutDouble(sar, DCM_SpecificAbsorptionRateValue, 0);  // of a phantom
  Put(timing, DCM_GradientOutputType, "PER_NERVE_STIM");
  PutDouble(timing, DCM_GradientOutput, 0);
  for (const char* type : {"RF", "GRADIENT"}) {
    DcmItem& mode = AddItem(timing, DCM_OperatingModeSequence);
    Put(mode, DCM_OperatingModeType, type);
    Put(mode, DCM_OperatingMode, "IEC_NORMAL");
  }
}

void PutReadout(DcmItem& groups, const MrStudy& study, const MrSeries& series, const image::Geometry& grid) {
  DcmItem& view = AddItem(groups, DCM_MRFOVGeometrySequence);
  const bool along_rows = series.phase_encoding == "ROW";
  Put(view, DCM_InPlanePhaseEncodingDirection, along_rows ? "ROW" : "COLUMN");
  PutWhole(view, DCM_MRAcquisitionFrequencyEncodingSteps, static_cast<int>(grid.size[along_rows ? 1 : 0]));
  PutWhole(view, DCM_MRAcquisitionPhaseEncodingStepsInPlane, static_cast<int>(grid.size[along_rows ? 0 : 1]));
  if (series.three_dimensional)
    PutWhole(view, DCM_MRAcquisitionPhaseEncodingStepsOutOfPlane, static_cast<int>(grid.size[2]));
  PutDecimals(view, DCM_PercentSampling, {100});
  PutDecimals(view, DCM_PercentPhaseFieldOfView, {100});
  PutDouble(AddItem(groups, DCM_MREchoSequence), DCM_EffectiveEchoTime, series.echo_time_ms);
  DcmItem& imaging = AddItem(groups, DCM_MRImagingModifierSequence);
  Put(imaging, DCM_MagnetizationTransfer, "NONE");
  Put(imaging, DCM_BloodSignalNulling, "NO");
  Put(imaging, DCM_Tagging, "NONE");
  PutDouble(imaging, DCM_TransmitterFrequency, 42.577478 * study.field_strength_t);
  PutDecimals(imaging, DCM_PixelBandwidth, {series.pixel_bandwidth_hz});
  PutDecimals(AddItem(groups, DCM_MRAveragesSequence), DCM_NumberOfAverages, {series.averages});
}

void PutModifiers(DcmItem& groups, const MrSeries& series) {
  DcmItem& modifier = AddItem(groups, DCM_MRModifierSequence);
  const bool inversion = series.inversion_time_ms > 0;
  Put(modifier, DCM_InversionRecovery, inversion ? "YES" : "NO");
  if (inversion) PutDoubles(modifier, DCM_InversionTimes, {series.inversion_time_ms});
  Put(modifier, DCM_FlowCompensation, "NONE");
  const bool gradient = Has(series.scanning_sequence, "GR");
  Put(modifier, DCM_Spoiling, gradient ? "RF" : "NONE");
  Put(modifier, DCM_T2Preparation, "NO");
  Put(modifier, DCM_SpectrallySelectedExcitation, "NONE");
  Put(modifier, DCM_SpatialPresaturation, "NONE");
  Put(modifier, DCM_ParallelAcquisition, "NO");
  Put(modifier, DCM_PartialFourier, "NO");
}

void PutCoils(DcmItem& groups) {
  DcmItem& receive = AddItem(groups, DCM_MRReceiveCoilSequence);
  Put(receive, DCM_ReceiveCoilName, "SYNTHETIC");
  Put(receive, DCM_ReceiveCoilManufacturerName, "");
  Put(receive, DCM_ReceiveCoilType, "VOLUME");
  Put(receive, DCM_QuadratureReceiveCoil, "NO");
  DcmItem& transmit = AddItem(groups, DCM_MRTransmitCoilSequence);
  Put(transmit, DCM_TransmitCoilName, "SYNTHETIC");
  Put(transmit, DCM_TransmitCoilManufacturerName, "");
  Put(transmit, DCM_TransmitCoilType, "BODY");
}

struct DerivationCode {
  const char *type, *value, *meaning;
};
constexpr std::array<DerivationCode, 6> kDerivations = {{
    {"ADC", "113041", "Apparent Diffusion Coefficient"},
    {"MPR", "113072", "Multiplanar reformatting"},
    {"REFORMATTED", "113072", "Multiplanar reformatting"},
    {"MIP", "113078", "Maximum intensity projection"},
    {"SUBTRACTION", "113062", "Pixel by pixel subtraction"},
    {"SUBTRACT", "113062", "Pixel by pixel subtraction"},
}};

const DerivationCode& CodeOf(const MrVolume& volume) {
  const auto* const found = std::find_if(kDerivations.begin(), kDerivations.end(),
                                         [&](const DerivationCode& code) { return Has(volume.image_type, code.type); });
  return found == kDerivations.end() ? kDerivations.front() : *found;
}

void PutContent(DcmItem& groups, const Frame& frame) {
  const MrVolume& volume = frame.volume;
  DcmItem& content = AddItem(groups, DCM_FrameContentSequence);
  const auto slice = static_cast<std::size_t>(frame.slice);
  const auto& times_s = frame.series.slice_times_s;
  const double later_s = volume.start_s + (slice < times_s.size() ? times_s[slice] : 0);
  const std::string time = frame.study.date + TimeAfter(frame.series.time, later_s);
  Put(content, DCM_FrameAcquisitionDateTime, time);
  Put(content, DCM_FrameReferenceDateTime, time);
  PutDouble(content, DCM_FrameAcquisitionDuration, frame.series.repetition_time_ms);
  Put(content, DCM_StackID, "1");
  PutLong(content, DCM_InStackPositionNumber, {static_cast<int>(frame.slice) + 1});
  if (volume.temporal_position > 0) PutLong(content, DCM_TemporalPositionIndex, {volume.temporal_position});
  PutWhole(content, DCM_FrameAcquisitionNumber, volume.acquisition_number);
  PutLong(content, DCM_DimensionIndexValues, frame.dimension_index);
}

// PS3.3 C.8.13.5.9.
void PutDiffusion(DcmItem& groups, const MrVolume& volume) {
  if (!volume.b_value_s_mm2) return;
  DcmItem& diffusion = AddItem(groups, DCM_MRDiffusionSequence);
  PutDouble(diffusion, DCM_DiffusionBValue, *volume.b_value_s_mm2);
  const bool along = volume.direction_world.has_value();
  Put(diffusion, DCM_DiffusionDirectionality,
      *volume.b_value_s_mm2 == 0 ? "NONE"
      : along                    ? "DIRECTIONAL"
                                 : "ISOTROPIC");
  if (*volume.b_value_s_mm2 > 0 && !along) Put(diffusion, DCM_DiffusionAnisotropyType, "FRACTIONAL");
  if (!along) return;
  const auto& d = *volume.direction_world;
  PutDoubles(AddItem(diffusion, DCM_DiffusionGradientDirectionSequence), DCM_DiffusionGradientOrientation,
             {d[0], d[1], d[2]});
}

// PS3.3 C.7.6.16.2.6; codes of PS3.16 CID 7203.
void PutDerivation(DcmItem& groups, const Frame& frame) {
  const MrVolume& volume = frame.volume;
  const std::string& source = frame.series.source_series_uid;
  if (volume.image_type.front() != "DERIVED" || source.empty()) return;
  DcmItem& derivation = AddItem(groups, DCM_DerivationImageSequence);
  if (!volume.derivation.empty()) Put(derivation, DCM_DerivationDescription, volume.derivation);
  const DerivationCode& code = CodeOf(volume);
  PutCode(derivation, DCM_DerivationCodeSequence, code.value, "DCM", code.meaning);
  DcmItem& image = AddItem(derivation, DCM_SourceImageSequence);
  Put(image, DCM_ReferencedSOPClassUID, UID_EnhancedMRImageStorage);
  Put(image, DCM_ReferencedSOPInstanceUID, EnhancedObjectUid(source));
  PutCode(image, DCM_PurposeOfReferenceCodeSequence, "121322", "DCM", "Source image for image processing operation");
}

}  // namespace

double DurationSeconds(const MrSeries& series, const std::vector<MrVolume>& volumes) {
  double last_s = 0;
  for (const MrVolume& volume : volumes) last_s = std::max(last_s, volume.start_s);
  return last_s + series.repetition_time_ms / 1000;
}

void PutImageDescription(DcmItem& item, const MrSeries& series, const MrVolume& volume) {
  Put(item, DCM_PixelPresentation, "MONOCHROME");
  Put(item, DCM_VolumetricProperties, "VOLUME");
  Put(item, DCM_VolumeBasedCalculationTechnique, "NONE");
  Put(item, DCM_ComplexImageComponent, Has(volume.image_type, "P") ? "PHASE" : "MAGNITUDE");
  Put(item, DCM_AcquisitionContrast, series.acquisition_contrast);
}

void PutSharedGroups(DcmItem& groups, const MrStudy& study, const MrSeries& series, const MrVolume& volume) {
  const image::Geometry& grid = volume.image.geometry;
  PutGeometry(groups, series, grid);
  PutTiming(groups, series);
  PutReadout(groups, study, series, grid);
  PutModifiers(groups, series);
  PutCoils(groups);
  if (series.contrast_agent.empty()) return;
  DcmItem& usage = AddItem(groups, DCM_ContrastBolusUsageSequence);
  PutWhole(usage, DCM_ContrastBolusAgentNumber, 1);
  Put(usage, DCM_ContrastBolusAgentAdministered, "YES");
  Put(usage, DCM_ContrastBolusAgentDetected, "YES");
}

void PutFrameGroups(DcmItem& groups, const Frame& frame) {
  const MrVolume& volume = frame.volume;
  PutContent(groups, frame);
  const auto at = WorldFromVoxel(volume.image.geometry, {0, 0, static_cast<double>(frame.slice)});
  PutDecimals(AddItem(groups, DCM_PlanePositionSequence), DCM_ImagePositionPatient, {at[0], at[1], at[2]});
  DcmItem& type = AddItem(groups, DCM_MRImageFrameTypeSequence);
  Put(type, DCM_FrameType, fmt::format("{}", fmt::join(volume.image_type, "\\")));
  PutImageDescription(type, frame.series, volume);
  PutDiffusion(groups, volume);
  DcmItem& window = AddItem(groups, DCM_FrameVOILUTSequence);
  PutDecimals(window, DCM_WindowCenter, {frame.window.centre});
  PutDecimals(window, DCM_WindowWidth, {frame.window.width});
  DcmItem& transformation = AddItem(groups, DCM_PixelValueTransformationSequence);
  const Rescale rescale = volume.rescale.value_or(Rescale());
  PutDecimals(transformation, DCM_RescaleIntercept, {rescale.intercept});
  PutDecimals(transformation, DCM_RescaleSlope, {rescale.slope});
  Put(transformation, DCM_RescaleType, rescale.type);
  if (volume.unit) PutUnit(groups, *volume.unit, frame.study.signed_pixels);
  PutDerivation(groups, frame);
}

}  // namespace parotis::dicom
