// Putting values into DCMTK's items: what all writers of images share. Private to this folder. All throw kInternal
// when DCMTK refuses a value.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "dicom/written_attribute.h"

class DcmItem;
class DcmTagKey;

namespace parotis::dicom {

// Text representations; DS and IS as text, too.
void Put(DcmItem& item, const DcmTagKey& tag, const std::string& value);
void PutDecimals(DcmItem& item, const DcmTagKey& tag, std::initializer_list<double> values);
void PutInteger(DcmItem& item, const DcmTagKey& tag, int value);                    // IS
void PutWhole(DcmItem& item, const DcmTagKey& tag, int value);                      // US
void PutLong(DcmItem& item, const DcmTagKey& tag, const std::vector<int>& values);  // UL
void PutDouble(DcmItem& item, const DcmTagKey& tag, double value);                  // FD
void PutDoubles(DcmItem& item, const DcmTagKey& tag, const std::vector<double>& values);
// OB, padded to an even number of bytes (PS3.5 8.1.1).
void PutBytes(DcmItem& item, const DcmTagKey& tag, std::vector<std::uint8_t> bytes);
// A new item of that sequence.
DcmItem& AddItem(DcmItem& item, const DcmTagKey& sequence);
void PutCode(DcmItem& item, const DcmTagKey& sequence, const char* value, const char* scheme, const char* meaning);

// Private blocks are reserved as they come (PS3.5 7.8.1).
void PutAttributes(DcmItem& item, const WrittenAttributes& attributes);

// Turns every text of the dataset from UTF-8 into `character_set` and says so in (0008,0005): "ISO_IR 192" (UTF-8),
// "ISO_IR 100" (Latin-1), "GB18030", or "\ISO 2022 IR 87" (Japanese, PS3.5 H). Throws kInternal for what it cannot
// hold.
void EncodeTexts(DcmItem& dataset, const std::string& character_set);

}  // namespace parotis::dicom
