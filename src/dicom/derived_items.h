// How derived objects are put together and saved. Private to this folder.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "dicom/archive.h"
#include "dicom/derived_object.h"
#include "dicom/tags.h"

class DcmDataset;
class DcmFileFormat;
class DcmItem;
class DcmTagKey;
class OFCondition;

namespace parotis::dicom {

// The header of an object's source, open for as long as this lives. Throws kInput when it cannot be read.
class SourceHeader {
 public:
  explicit SourceHeader(const std::filesystem::path& path);
  ~SourceHeader();
  SourceHeader(const SourceHeader&) = delete;
  SourceHeader& operator=(const SourceHeader&) = delete;
  DcmDataset& dataset();

 private:
  ReadableFile readable_;
  std::unique_ptr<DcmFileFormat> file_;
};

// The code in the first item of that sequence; empty when there is none.
CodedConcept CodeIn(DcmItem* item, const Tag& sequence, const std::string& character_set);

// Throws kInternal, naming what was attempted, unless the condition is good.
void Demand(const OFCondition& condition, const char* attempt);

// Everything that `object` says, and of `source` the patient and the study; whatever a library had put there is
// replaced. With `placed`, the frame of reference too.
void PutDerivedObject(DcmItem& item, DcmItem& source, const DerivedObject& object, bool placed);
// A new item of that sequence which refers to the object (PS3.3 table 10-11).
DcmItem& AddReference(DcmItem& item, const DcmTagKey& sequence, const std::string& sop_class_uid,
                      const std::string& sop_instance_uid);
// Referenced Series Sequence (PS3.3 C.12.2) of images of the same study.
void PutReferencedSeries(DcmItem& item, const std::vector<SourceImage>& images);

// Explicit VR little endian; whole or not at all.
void SaveDerivedObject(const std::filesystem::path& path, DcmFileFormat& file);

}  // namespace parotis::dicom
