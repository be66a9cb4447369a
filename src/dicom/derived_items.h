// How derived objects are put together and saved. Private to this folder.
#pragma once

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <filesystem>
#include <string>

#include "dicom/archive.h"
#include "dicom/derived_object.h"

namespace parotis::dicom {

// The header of an object's source, open for as long as this lives. Throws kInput when it cannot be read.
class SourceHeader {
 public:
  explicit SourceHeader(const std::filesystem::path& path);
  DcmDataset& dataset() { return *file_.getDataset(); }

 private:
  ReadableFile readable_;
  DcmFileFormat file_;
};

// Throws kInternal, naming what was attempted, unless the condition is good.
void Demand(const OFCondition& condition, const char* attempt);

// Everything that `object` says, and of `source` the patient and the study; whatever a library had put there is
// replaced. With `placed`, the frame of reference too.
void PutDerivedObject(DcmItem& item, DcmItem& source, const DerivedObject& object, bool placed);
// Referenced Series Sequence (PS3.3 C.12.2) of images of the same study.
void PutReferencedSeries(DcmItem& item, const std::vector<SourceImage>& images);

// Explicit VR little endian; whole or not at all.
void SaveDerivedObject(const std::filesystem::path& path, DcmFileFormat& file);

}  // namespace parotis::dicom
