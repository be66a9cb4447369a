// The attributes this module reads, by tag (DICOM PS3.6), with their value representation: a value that arrives as UN
// or OB (implicit VR without a dictionary, private attributes) is then still read as what it is.
#pragma once

#include <array>
#include <cstdint>

namespace parotis::dicom {

struct Tag {
  std::uint16_t group = 0;
  std::uint16_t element = 0;
  char vr[3] = "UN";
};

// A private attribute (PS3.5 7.8.1): its block is wherever the creator reserved it.
struct PrivateTag {
  std::uint16_t group = 0;
  std::uint8_t element = 0;
  char vr[3] = "UN";
  const char* creator = "";
};

namespace tag {

inline constexpr Tag kTransferSyntaxUid{0x0002, 0x0010, "UI"};
inline constexpr Tag kSpecificCharacterSet{0x0008, 0x0005, "CS"};
inline constexpr Tag kImageType{0x0008, 0x0008, "CS"};
inline constexpr Tag kSopClassUid{0x0008, 0x0016, "UI"};
inline constexpr Tag kSopInstanceUid{0x0008, 0x0018, "UI"};
inline constexpr Tag kStudyDate{0x0008, 0x0020, "DA"};
inline constexpr Tag kSeriesTime{0x0008, 0x0031, "TM"};
inline constexpr Tag kAcquisitionTime{0x0008, 0x0032, "TM"};
inline constexpr Tag kAcquisitionDateTime{0x0008, 0x002a, "DT"};
inline constexpr Tag kStudyTime{0x0008, 0x0030, "TM"};
inline constexpr Tag kContentTime{0x0008, 0x0033, "TM"};
inline constexpr Tag kAccessionNumber{0x0008, 0x0050, "SH"};
inline constexpr Tag kModality{0x0008, 0x0060, "CS"};
inline constexpr Tag kManufacturer{0x0008, 0x0070, "LO"};
inline constexpr Tag kTimezoneOffsetFromUtc{0x0008, 0x0201, "SH"};
inline constexpr Tag kCodeValue{0x0008, 0x0100, "SH"};
inline constexpr Tag kCodeMeaning{0x0008, 0x0104, "LO"};
inline constexpr Tag kStationName{0x0008, 0x1010, "SH"};
inline constexpr Tag kStudyDescription{0x0008, 0x1030, "LO"};
inline constexpr Tag kSeriesDescription{0x0008, 0x103e, "LO"};
inline constexpr Tag kModelName{0x0008, 0x1090, "LO"};
inline constexpr Tag kDerivationDescription{0x0008, 0x2111, "ST"};
inline constexpr Tag kReferencedSopInstanceUid{0x0008, 0x1155, "UI"};
inline constexpr Tag kSourceImageSequence{0x0008, 0x2112, "SQ"};
inline constexpr Tag kAnatomicRegionSequence{0x0008, 0x2218, "SQ"};
inline constexpr Tag kFrameType{0x0008, 0x9007, "CS"};
inline constexpr Tag kComplexImageComponent{0x0008, 0x9208, "CS"};
inline constexpr Tag kAcquisitionContrast{0x0008, 0x9209, "CS"};
inline constexpr Tag kPatientName{0x0010, 0x0010, "PN"};
inline constexpr Tag kPatientId{0x0010, 0x0020, "LO"};
inline constexpr Tag kIssuerOfPatientId{0x0010, 0x0021, "LO"};
inline constexpr Tag kPatientBirthDate{0x0010, 0x0030, "DA"};
inline constexpr Tag kPatientSex{0x0010, 0x0040, "CS"};
inline constexpr Tag kPatientAge{0x0010, 0x1010, "AS"};
inline constexpr Tag kContrastAgent{0x0018, 0x0010, "LO"};
inline constexpr Tag kContrastAgentSequence{0x0018, 0x0012, "SQ"};
inline constexpr Tag kBodyPartExamined{0x0018, 0x0015, "CS"};
inline constexpr Tag kScanningSequence{0x0018, 0x0020, "CS"};
inline constexpr Tag kSequenceVariant{0x0018, 0x0021, "CS"};
inline constexpr Tag kScanOptions{0x0018, 0x0022, "CS"};
inline constexpr Tag kAcquisitionType{0x0018, 0x0023, "CS"};
inline constexpr Tag kSequenceName{0x0018, 0x0024, "SH"};
inline constexpr Tag kSliceThickness{0x0018, 0x0050, "DS"};
inline constexpr Tag kRepetitionTime{0x0018, 0x0080, "DS"};
inline constexpr Tag kEchoTime{0x0018, 0x0081, "DS"};
inline constexpr Tag kInversionTime{0x0018, 0x0082, "DS"};
inline constexpr Tag kEchoNumbers{0x0018, 0x0086, "IS"};
inline constexpr Tag kMagneticFieldStrength{0x0018, 0x0087, "DS"};
inline constexpr Tag kSpacingBetweenSlices{0x0018, 0x0088, "DS"};
inline constexpr Tag kEchoTrainLength{0x0018, 0x0091, "IS"};
inline constexpr Tag kContrastStartTime{0x0018, 0x1042, "TM"};
inline constexpr Tag kTriggerTime{0x0018, 0x1060, "DS"};
inline constexpr Tag kProtocolName{0x0018, 0x1030, "LO"};
inline constexpr Tag kPhaseEncodingDirection{0x0018, 0x1312, "CS"};
inline constexpr Tag kFlipAngle{0x0018, 0x1314, "DS"};
inline constexpr Tag kPulseSequenceName{0x0018, 0x9005, "SH"};
inline constexpr Tag kEchoPulseSequence{0x0018, 0x9008, "CS"};
inline constexpr Tag kInversionRecovery{0x0018, 0x9009, "CS"};
inline constexpr Tag kEchoPlanarPulseSequence{0x0018, 0x9018, "CS"};
inline constexpr Tag kSpectrallySelectedSuppression{0x0018, 0x9025, "CS"};
inline constexpr Tag kPhaseEncodeReordering{0x0018, 0x9034, "CS"};
inline constexpr Tag kDiffusionDirectionality{0x0018, 0x9075, "CS"};
inline constexpr Tag kDiffusionGradientDirectionSequence{0x0018, 0x9076, "SQ"};
inline constexpr Tag kInversionTimes{0x0018, 0x9079, "FD"};
inline constexpr Tag kEffectiveEchoTime{0x0018, 0x9082, "FD"};
inline constexpr Tag kDiffusionBValue{0x0018, 0x9087, "FD"};
inline constexpr Tag kDiffusionGradientOrientation{0x0018, 0x9089, "FD"};
inline constexpr Tag kMrTimingSequence{0x0018, 0x9112, "SQ"};
inline constexpr Tag kMrEchoSequence{0x0018, 0x9114, "SQ"};
inline constexpr Tag kMrModifierSequence{0x0018, 0x9115, "SQ"};
inline constexpr Tag kMrDiffusionSequence{0x0018, 0x9117, "SQ"};
inline constexpr Tag kMrFovGeometrySequence{0x0018, 0x9125, "SQ"};
inline constexpr Tag kMrImageFrameTypeSequence{0x0018, 0x9226, "SQ"};
inline constexpr Tag kDiffusionBMatrixSequence{0x0018, 0x9601, "SQ"};
inline constexpr Tag kDiffusionBValueXx{0x0018, 0x9602, "FD"};
inline constexpr Tag kDiffusionBValueXy{0x0018, 0x9603, "FD"};
inline constexpr Tag kDiffusionBValueXz{0x0018, 0x9604, "FD"};
inline constexpr Tag kDiffusionBValueYy{0x0018, 0x9605, "FD"};
inline constexpr Tag kFrameAcquisitionDateTime{0x0018, 0x9074, "DT"};
inline constexpr Tag kFrameReferenceDateTime{0x0018, 0x9151, "DT"};
inline constexpr Tag kDiffusionBValueYz{0x0018, 0x9606, "FD"};
inline constexpr Tag kDiffusionBValueZz{0x0018, 0x9607, "FD"};
inline constexpr Tag kStudyInstanceUid{0x0020, 0x000d, "UI"};
inline constexpr Tag kSeriesInstanceUid{0x0020, 0x000e, "UI"};
inline constexpr Tag kStudyId{0x0020, 0x0010, "SH"};
inline constexpr Tag kSeriesNumber{0x0020, 0x0011, "IS"};
inline constexpr Tag kAcquisitionNumber{0x0020, 0x0012, "IS"};
inline constexpr Tag kInstanceNumber{0x0020, 0x0013, "IS"};
inline constexpr Tag kPatientOrientation{0x0020, 0x0020, "CS"};
inline constexpr Tag kImagePosition{0x0020, 0x0032, "DS"};
inline constexpr Tag kImageOrientation{0x0020, 0x0037, "DS"};
inline constexpr Tag kFrameOfReferenceUid{0x0020, 0x0052, "UI"};
inline constexpr Tag kTemporalPositionIdentifier{0x0020, 0x0100, "IS"};
inline constexpr Tag kTemporalResolution{0x0020, 0x0110, "DS"};
inline constexpr Tag kImageComments{0x0020, 0x4000, "LT"};
inline constexpr Tag kStackId{0x0020, 0x9056, "SH"};
inline constexpr Tag kFrameAnatomySequence{0x0020, 0x9071, "SQ"};
inline constexpr Tag kFrameContentSequence{0x0020, 0x9111, "SQ"};
inline constexpr Tag kPlanePositionSequence{0x0020, 0x9113, "SQ"};
inline constexpr Tag kPlaneOrientationSequence{0x0020, 0x9116, "SQ"};
inline constexpr Tag kTemporalPositionIndex{0x0020, 0x9128, "UL"};
inline constexpr Tag kFrameAcquisitionNumber{0x0020, 0x9156, "US"};
inline constexpr Tag kTemporalPositionSequence{0x0020, 0x9310, "SQ"};
inline constexpr Tag kTemporalPositionTimeOffset{0x0020, 0x930d, "FD"};
inline constexpr Tag kSamplesPerPixel{0x0028, 0x0002, "US"};
inline constexpr Tag kPhotometricInterpretation{0x0028, 0x0004, "CS"};
inline constexpr Tag kPlanarConfiguration{0x0028, 0x0006, "US"};
inline constexpr Tag kNumberOfFrames{0x0028, 0x0008, "IS"};
inline constexpr Tag kRows{0x0028, 0x0010, "US"};
inline constexpr Tag kColumns{0x0028, 0x0011, "US"};
inline constexpr Tag kPixelSpacing{0x0028, 0x0030, "DS"};
inline constexpr Tag kLossyImageCompression{0x0028, 0x2110, "CS"};
inline constexpr Tag kLossyImageCompressionRatio{0x0028, 0x2112, "DS"};
inline constexpr Tag kLossyImageCompressionMethod{0x0028, 0x2114, "CS"};
inline constexpr Tag kBitsAllocated{0x0028, 0x0100, "US"};
inline constexpr Tag kBitsStored{0x0028, 0x0101, "US"};
inline constexpr Tag kHighBit{0x0028, 0x0102, "US"};
inline constexpr Tag kPixelRepresentation{0x0028, 0x0103, "US"};
inline constexpr Tag kPixelPaddingValue{0x0028, 0x0120, "US"};
inline constexpr Tag kPixelPaddingRangeLimit{0x0028, 0x0121, "US"};
inline constexpr Tag kFloatPixelPaddingValue{0x0028, 0x0122, "FL"};
inline constexpr Tag kDoubleFloatPixelPaddingValue{0x0028, 0x0123, "FD"};
inline constexpr Tag kRescaleIntercept{0x0028, 0x1052, "DS"};
inline constexpr Tag kRescaleSlope{0x0028, 0x1053, "DS"};
inline constexpr Tag kRescaleType{0x0028, 0x1054, "LO"};
inline constexpr Tag kPixelMeasuresSequence{0x0028, 0x9110, "SQ"};
inline constexpr Tag kPixelValueTransformationSequence{0x0028, 0x9145, "SQ"};
inline constexpr Tag kMeasurementUnitsSequence{0x0040, 0x08ea, "SQ"};
inline constexpr Tag kRealWorldValueMappingSequence{0x0040, 0x9096, "SQ"};
inline constexpr Tag kRealWorldValueIntercept{0x0040, 0x9224, "FD"};
inline constexpr Tag kRealWorldValueSlope{0x0040, 0x9225, "FD"};
inline constexpr Tag kSharedFunctionalGroups{0x5200, 0x9229, "SQ"};
inline constexpr Tag kPerFrameFunctionalGroups{0x5200, 0x9230, "SQ"};
inline constexpr Tag kExtendedOffsetTable{0x7fe0, 0x0001, "OV"};
inline constexpr Tag kFloatPixelData{0x7fe0, 0x0008, "OF"};
inline constexpr Tag kDoubleFloatPixelData{0x7fe0, 0x0009, "OD"};
inline constexpr Tag kPixelData{0x7fe0, 0x0010, "OW"};

// Vendors' conformance statements; also read as dcm2niix documents them.
inline constexpr PrivateTag kSiemensMosaicImages{0x0019, 0x0a, "US", "SIEMENS MR HEADER"};
inline constexpr PrivateTag kSiemensBValue{0x0019, 0x0c, "IS", "SIEMENS MR HEADER"};
inline constexpr PrivateTag kSiemensDirectionality{0x0019, 0x0d, "CS", "SIEMENS MR HEADER"};
inline constexpr PrivateTag kSiemensGradientDirection{0x0019, 0x0e, "FD", "SIEMENS MR HEADER"};
inline constexpr PrivateTag kSiemensBMatrix{0x0019, 0x27, "FD", "SIEMENS MR HEADER"};
inline constexpr PrivateTag kSiemensSdiMosaicImages{0x0021, 0x01, "US", "SIEMENS MR SDI 02"};
inline constexpr PrivateTag kSiemensSdiSliceNormal{0x0021, 0x02, "FD", "SIEMENS MR SDI 02"};
inline constexpr PrivateTag kSiemensSdiBValue{0x0021, 0x05, "IS", "SIEMENS MR SDI 02"};
inline constexpr PrivateTag kSiemensSdiPhaseEncodingPositive{0x0021, 0x1c, "IS", "SIEMENS MR SDI 02"};
inline constexpr PrivateTag kSiemensSdiDirectionality{0x0021, 0x21, "CS", "SIEMENS MR SDI 02"};
inline constexpr PrivateTag kSiemensSdiBMatrix{0x0021, 0x23, "FD", "SIEMENS MR SDI 02"};
inline constexpr PrivateTag kSiemensSdiGradientDirection{0x0021, 0x46, "FD", "SIEMENS MR SDI 02"};
inline constexpr PrivateTag kSiemensSdiImageType{0x0021, 0x75, "CS", "SIEMENS MR SDI 02"};
inline constexpr PrivateTag kSiemensSdiSequenceName{0x0021, 0x77, "LO", "SIEMENS MR SDI 02"};
inline constexpr PrivateTag kSiemensSdiSequence{0x0021, 0xfe, "SQ", "SIEMENS MR SDI 02"};
inline constexpr PrivateTag kSiemensSdsProtocol{0x0021, 0x19, "OB", "SIEMENS MR SDS 01"};
inline constexpr PrivateTag kSiemensCsaSeriesHeader{0x0029, 0x20, "OB", "SIEMENS CSA HEADER"};
inline constexpr PrivateTag kSiemensCsaImageHeader{0x0029, 0x10, "OB", "SIEMENS CSA HEADER"};
inline constexpr PrivateTag kGeGradientX{0x0019, 0xbb, "DS", "GEMS_ACQU_01"};
inline constexpr PrivateTag kGeGradientY{0x0019, 0xbc, "DS", "GEMS_ACQU_01"};
inline constexpr PrivateTag kGeGradientZ{0x0019, 0xbd, "DS", "GEMS_ACQU_01"};
inline constexpr PrivateTag kGeComponent{0x0043, 0x2f, "SS", "GEMS_PARM_01"};
inline constexpr PrivateTag kGeRawDataType{0x0043, 0x30, "SS", "GEMS_PARM_01"};
inline constexpr PrivateTag kGeSlopIntegers{0x0043, 0x39, "IS", "GEMS_PARM_01"};
inline constexpr PrivateTag kPhilipsBFactor{0x2001, 0x03, "FL", "Philips Imaging DD 001"};
inline constexpr PrivateTag kPhilipsDirection{0x2001, 0x04, "CS", "Philips Imaging DD 001"};
inline constexpr PrivateTag kPhilipsFrameSequence{0x2005, 0x0f, "SQ", "Philips MR Imaging DD 005"};
inline constexpr PrivateTag kPhilipsScaleSlope{0x2005, 0x0e, "FL", "Philips MR Imaging DD 001"};
inline constexpr PrivateTag kPhilipsDynamicBegin{0x2005, 0xa0, "FL", "Philips MR Imaging DD 001"};
inline constexpr PrivateTag kPhilipsGradientRl{0x2005, 0xb0, "FL", "Philips MR Imaging DD 001"};
inline constexpr PrivateTag kPhilipsGradientAp{0x2005, 0xb1, "FL", "Philips MR Imaging DD 001"};
inline constexpr PrivateTag kPhilipsGradientFh{0x2005, 0xb2, "FL", "Philips MR Imaging DD 001"};
inline constexpr PrivateTag kUihBValue{0x0065, 0x09, "FD", "Image Private Header"};
inline constexpr PrivateTag kUihNominalBValue{0x0065, 0x0a, "FD", "Image Private Header"};
inline constexpr PrivateTag kUihGradientDirection{0x0065, 0x37, "FD", "Image Private Header"};
inline constexpr PrivateTag kUihGridSlices{0x0065, 0x50, "DS", "Image Private Header"};
inline constexpr PrivateTag kUihGridSequence{0x0065, 0x51, "SQ", "Image Private Header"};

}  // namespace tag
}  // namespace parotis::dicom
