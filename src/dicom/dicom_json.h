// One file in the DICOM JSON model (PS3.18 annex F), as the metadata of a DICOMweb server.
#pragma once

#include <filesystem>
#include <string>

namespace parotis::dicom {

// The dataset as one JSON object in UTF-8, whatever its character set was, without the file meta information and group
// lengths. Pixel data, encapsulated documents and bytes beyond 1 kB are BulkDataURI: `bulk_data_uri`, then "/" and the
// tag, and, within sequences, before it the sequence's tag and the item's number from 1 on
// ("…/00400275/1/00420011"). Shorter bytes are InlineBinary. Numbers that JSON cannot hold stand as text: whole ones
// beyond 2^53, and "NaN", "inf" and "-inf". Text that should be a number (DS, IS) and is none makes its attribute one
// of unknown representation (UN).
//
// Throws kInput when the file cannot be read as DICOM, kRefused (file_unsafe) as dicom/load.h.
std::string DicomJson(const std::filesystem::path& file, const std::string& bulk_data_uri);

}  // namespace parotis::dicom
