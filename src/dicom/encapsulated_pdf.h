// Encapsulated PDF Storage objects (PS3.3 A.45.1): a page for viewers that show neither segmentations nor reports.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dicom/derived_object.h"

namespace parotis::dicom {

// `title`: ASCII, at most 1024 characters. `images`: what it was made from. `names_patient`: whether the page itself
// does (Burned In Annotation).
void WriteEncapsulatedPdf(const std::filesystem::path& path, const DerivedObject& object, const std::string& pdf,
                          const std::string& title, bool names_patient, const std::vector<SourceImage>& images);

// The document's bytes, without padding. Throws kInput when there is none.
std::string ReadEncapsulatedPdf(const std::filesystem::path& path);

}  // namespace parotis::dicom
