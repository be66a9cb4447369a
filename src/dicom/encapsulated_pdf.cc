#include "dicom/encapsulated_pdf.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include "base/error.h"
#include "dicom/derived_items.h"
#include "dicom/put.h"

namespace parotis::dicom {

void WriteEncapsulatedPdf(const std::filesystem::path& path, const DerivedObject& object, const std::string& pdf,
                          const std::string& title, bool names_patient, const std::vector<SourceImage>& images) {
  SourceHeader source(object.source);
  DcmFileFormat file;
  DcmDataset& dataset = *file.getDataset();
  PutDerivedObject(dataset, source.dataset(), object, false);
  Put(dataset, DCM_SOPClassUID, UID_EncapsulatedPDFStorage);
  Put(dataset, DCM_Modality, "DOC");
  Put(dataset, DCM_ConversionType, "WSD");
  Put(dataset, DCM_AcquisitionDateTime, "");
  Put(dataset, DCM_BurnedInAnnotation, names_patient ? "YES" : "NO");
  Put(dataset, DCM_DocumentTitle, title);
  AddItem(dataset, DCM_ConceptNameCodeSequence);
  dataset.findAndDeleteSequenceItem(DCM_ConceptNameCodeSequence, 0);  // type 2: there, and empty
  Put(dataset, DCM_VerificationFlag, "UNVERIFIED");
  for (const SourceImage& image : images)
    AddReference(dataset, DCM_SourceInstanceSequence, image.sop_class_uid, image.sop_instance_uid);
  Put(dataset, DCM_MIMETypeOfEncapsulatedDocument, "application/pdf");
  PutBytes(dataset, DCM_EncapsulatedDocument, {pdf.begin(), pdf.end()});
  PutLong(dataset, DCM_EncapsulatedDocumentLength, {static_cast<int>(pdf.size())});
  SaveDerivedObject(path, file);
}

std::string ReadEncapsulatedPdf(const std::filesystem::path& path) {
  SourceHeader header(path);
  const Uint8* bytes = nullptr;
  unsigned long count = 0;
  if (header.dataset().findAndGetUint8Array(DCM_EncapsulatedDocument, bytes, &count).bad() || bytes == nullptr)
    base::Throw(base::ErrorKind::kInput, fmt::format("{} encapsulates no document", path.string()));
  Uint32 length = 0;
  if (header.dataset().findAndGetUint32(DCM_EncapsulatedDocumentLength, length).bad() || length > count)
    length = static_cast<Uint32>(count);
  return {reinterpret_cast<const char*>(bytes), length};
}

}  // namespace parotis::dicom
