// Attributes as plain data, for what the writers of images do not know themselves: a vendor's private attributes, and
// whatever else one scanner writes and another does not.
#pragma once

#include <string>
#include <vector>

#include "dicom/tags.h"

namespace parotis::dicom {

struct WrittenAttribute {
  Tag tag;              // of a private attribute the low byte of the element; its block is reserved by the writer
  std::string creator;  // of private attributes (PS3.5 7.8.1), "" else
  std::string text;     // of text representations (UTF-8, values separated by '\') and of OB (bytes)
  std::vector<double> numbers;                       // of US SS UL SL FL FD
  std::vector<std::vector<WrittenAttribute>> items;  // of SQ
};
using WrittenAttributes = std::vector<WrittenAttribute>;

WrittenAttribute TextAttribute(const Tag& tag, std::string text);
WrittenAttribute TextAttribute(const PrivateTag& tag, std::string text);
// DS and IS become text.
WrittenAttribute NumberAttribute(const Tag& tag, std::vector<double> numbers);
WrittenAttribute NumberAttribute(const PrivateTag& tag, std::vector<double> numbers);
WrittenAttribute SequenceAttribute(const Tag& tag, std::vector<WrittenAttributes> items);
WrittenAttribute SequenceAttribute(const PrivateTag& tag, std::vector<WrittenAttributes> items);

// A decimal string of at most 16 characters (PS3.5 6.2). Throws kInternal for what is no number.
std::string DecimalString(double value);

void Append(WrittenAttributes& all, WrittenAttributes more);

}  // namespace parotis::dicom
