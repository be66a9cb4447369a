#include "dicom/secondary_capture.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include "base/files.h"
#include "dicom/dcmtk_setup.h"
#include "dicom/mr_objects.h"
#include "dicom/put.h"

namespace parotis::dicom {

void WriteSecondaryCapture(const std::filesystem::path& folder, const MrStudy& study, const MrSeries& series,
                           const MrVolume& picture) {
  SetUpDcmtk();
  base::CreateFolder(folder);
  DcmFileFormat file;
  DcmDataset& item = *file.getDataset();
  Put(item, DCM_SOPClassUID, UID_SecondaryCaptureImageStorage);
  Put(item, DCM_SOPInstanceUID, InstanceUid(series, 0, 0));
  PutPatientStudyAndEquipment(item, study);
  item.findAndDeleteElement(DCM_FrameOfReferenceUID);
  item.findAndDeleteElement(DCM_PositionReferenceIndicator);
  Put(item, DCM_Modality, "MR");
  Put(item, DCM_SeriesInstanceUID, series.uid);
  PutInteger(item, DCM_SeriesNumber, series.number);
  Put(item, DCM_SeriesDescription, series.description);
  Put(item, DCM_BodyPartExamined, series.body_part);
  if (series.body_part.empty()) Put(item, DCM_Laterality, "");
  for (const DcmTagKey& date : {DCM_SeriesDate, DCM_ContentDate}) Put(item, date, study.date);
  for (const DcmTagKey& time : {DCM_SeriesTime, DCM_ContentTime}) Put(item, time, series.time);
  Put(item, DCM_ConversionType, "WSD");
  Put(item, DCM_ImageType, "DERIVED\\SECONDARY\\SCREEN SAVE");
  Put(item, DCM_PatientOrientation, "");
  PutInteger(item, DCM_InstanceNumber, 1);
  PutPixelDescription(item, study, picture.image.geometry);
  const std::vector<std::uint16_t> pixels = PixelsOf(picture, 0);
  item.putAndInsertUint16Array(DCM_PixelData, pixels.data(), static_cast<unsigned long>(pixels.size()));
  SaveObject(folder / "IM0001.dcm", file, study);
}

}  // namespace parotis::dicom
