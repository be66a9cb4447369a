#include "dicom/put.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iconv.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/error.h"

namespace parotis::dicom {
namespace {

constexpr Uint16 kFirstBlock = 0x10;
constexpr Uint16 kLastBlock = 0xFF;

void Check(const OFCondition& condition, const DcmTagKey& tag) {
  if (condition.good()) return;
  base::Throw(base::ErrorKind::kInternal,
              fmt::format("cannot put {} into a DICOM object: {}", DcmTag(tag).getTagName(), condition.text()));
}

// The block of a creator in its group; reserved when it is new.
Uint16 BlockOf(DcmItem& item, Uint16 group, const std::string& creator) {
  for (Uint16 block = kFirstBlock; block <= kLastBlock; ++block) {
    OFString there;
    if (item.findAndGetOFString(DcmTagKey(group, block), there).bad()) {
      Check(item.putAndInsertString(DcmTag(group, block, EVR_LO), creator.c_str()), DcmTagKey(group, block));
      return block;
    }
    if (there == creator) return block;
  }
  base::Throw(base::ErrorKind::kInternal, "no private block is left for " + creator);
}

DcmTag TagOf(DcmItem& item, const WrittenAttribute& attribute) {
  const DcmVR vr(attribute.tag.vr);
  if (attribute.creator.empty()) return {attribute.tag.group, attribute.tag.element, vr};
  const Uint16 block = BlockOf(item, attribute.tag.group, attribute.creator);
  return {attribute.tag.group, static_cast<Uint16>(block << 8U | (attribute.tag.element & 0xFFU)), vr};
}

template <class T>
std::vector<T> As(const std::vector<double>& numbers) {
  std::vector<T> values;
  values.reserve(numbers.size());
  for (const double number : numbers) values.push_back(static_cast<T>(number));
  return values;
}

OFCondition PutNumbers(DcmElement& element, const std::vector<double>& numbers) {
  const auto count = static_cast<unsigned long>(numbers.size());
  switch (element.ident()) {
    case EVR_US: return element.putUint16Array(As<Uint16>(numbers).data(), count);
    case EVR_SS: return element.putSint16Array(As<Sint16>(numbers).data(), count);
    case EVR_UL: return element.putUint32Array(As<Uint32>(numbers).data(), count);
    case EVR_SL: return element.putSint32Array(As<Sint32>(numbers).data(), count);
    case EVR_FL: return element.putFloat32Array(As<Float32>(numbers).data(), count);
    default: return element.putFloat64Array(numbers.data(), count);
  }
}

// OB holds an even number of bytes (PS3.5 8.1.1).
std::vector<Uint8> Even(std::vector<Uint8> bytes) {
  if (bytes.size() % 2 != 0) bytes.push_back(0);
  return bytes;
}

OFCondition PutBytes(DcmElement& element, const std::string& bytes) {
  const std::vector<Uint8> even = Even({bytes.begin(), bytes.end()});
  return element.putUint8Array(even.data(), static_cast<unsigned long>(even.size()));
}

void PutAttribute(DcmItem& item, const WrittenAttribute& attribute) {
  const DcmTag tag = TagOf(item, attribute);
  if (tag.getEVR() == EVR_SQ) {
    auto* sequence = new DcmSequenceOfItems(tag);
    Check(item.insert(sequence, OFTrue), tag);  // owns it
    for (const WrittenAttributes& each : attribute.items) {
      auto* added = new DcmItem();
      Check(sequence->append(added), tag);  // owns it
      PutAttributes(*added, each);
    }
    return;
  }
  DcmElement* element = nullptr;
  Check(DcmItem::newDicomElementWithVR(element, tag), tag);
  std::unique_ptr<DcmElement> owned(element);
  const bool bytes = tag.getEVR() == EVR_OB || tag.getEVR() == EVR_UN;
  Check(!attribute.numbers.empty() ? PutNumbers(*element, attribute.numbers)
        : bytes                    ? PutBytes(*element, attribute.text)
                                   : element->putString(attribute.text.c_str()),
        tag);
  Check(item.insert(element, OFTrue), tag);
  std::ignore = owned.release();
}

const char* EncodingOf(const std::string& character_set) {
  if (character_set == "ISO_IR 100") return "ISO-8859-1";
  if (character_set == "GB18030") return "GB18030";
  if (character_set == "\\ISO 2022 IR 87") return "ISO-2022-JP";
  return nullptr;
}

std::string Converted(const std::string& text, const char* encoding) {
  const iconv_t converter = iconv_open(encoding, "UTF-8");
  std::vector<char> input(text.begin(), text.end());
  std::vector<char> output(4 * text.size() + 16);
  char* from = input.data();
  char* to = output.data();
  std::size_t left = input.size(), room = output.size();
  const bool good = iconv(converter, &from, &left, &to, &room) != static_cast<std::size_t>(-1) &&
                    iconv(converter, nullptr, nullptr, &to, &room) != static_cast<std::size_t>(-1);
  iconv_close(converter);
  if (!good) base::Throw(base::ErrorKind::kInternal, fmt::format("\"{}\" cannot be written as {}", text, encoding));
  return {output.data(), output.size() - room};
}

bool IsText(DcmEVR vr) {
  return vr == EVR_LO || vr == EVR_SH || vr == EVR_PN || vr == EVR_LT || vr == EVR_ST || vr == EVR_UT;
}

}  // namespace

void Put(DcmItem& item, const DcmTagKey& tag, const std::string& value) {
  Check(item.putAndInsertString(tag, value.c_str()), tag);
}

void PutDecimals(DcmItem& item, const DcmTagKey& tag, std::initializer_list<double> values) {
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(DecimalString(value));
  Put(item, tag, fmt::format("{}", fmt::join(texts, "\\")));
}

void PutInteger(DcmItem& item, const DcmTagKey& tag, int value) { Put(item, tag, std::to_string(value)); }

void PutWhole(DcmItem& item, const DcmTagKey& tag, int value) {
  Check(item.putAndInsertUint16(tag, static_cast<Uint16>(value)), tag);
}

void PutLong(DcmItem& item, const DcmTagKey& tag, const std::vector<int>& values) {
  const std::vector<Uint32> longs(values.begin(), values.end());
  DcmElement* element = nullptr;
  Check(DcmItem::newDicomElementWithVR(element, DcmTag(tag)), tag);
  Check(element->putUint32Array(longs.data(), static_cast<unsigned long>(longs.size())), tag);
  Check(item.insert(element, OFTrue), tag);
}

void PutDouble(DcmItem& item, const DcmTagKey& tag, double value) { Check(item.putAndInsertFloat64(tag, value), tag); }

void PutDoubles(DcmItem& item, const DcmTagKey& tag, const std::vector<double>& values) {
  Check(item.putAndInsertFloat64Array(tag, values.data(), static_cast<unsigned long>(values.size())), tag);
}

void PutBytes(DcmItem& item, const DcmTagKey& tag, std::vector<std::uint8_t> bytes) {
  const std::vector<Uint8> even = Even(std::move(bytes));
  Check(item.putAndInsertUint8Array(tag, even.data(), static_cast<unsigned long>(even.size())), tag);
}

DcmItem& AddItem(DcmItem& item, const DcmTagKey& sequence) {
  DcmItem* added = nullptr;
  Check(item.findOrCreateSequenceItem(sequence, added, -2), sequence);
  return *added;
}

void PutCode(DcmItem& item, const DcmTagKey& sequence, const char* value, const char* scheme, const char* meaning) {
  DcmItem& code = AddItem(item, sequence);
  Put(code, DCM_CodeValue, value);
  Put(code, DCM_CodingSchemeDesignator, scheme);
  Put(code, DCM_CodeMeaning, meaning);
}

void PutAttributes(DcmItem& item, const WrittenAttributes& attributes) {
  for (const WrittenAttribute& attribute : attributes) PutAttribute(item, attribute);
}

void EncodeTexts(DcmItem& dataset, const std::string& character_set) {
  Put(dataset, DCM_SpecificCharacterSet, character_set);
  const char* encoding = EncodingOf(character_set);
  if (encoding == nullptr) return;  // UTF-8 it is
  DcmStack stack;
  while (dataset.nextObject(stack, OFTrue).good()) {
    auto* element = dynamic_cast<DcmElement*>(stack.top());
    if (element == nullptr || !IsText(element->ident())) continue;
    char* raw = nullptr;
    if (element->getString(raw).bad() || raw == nullptr) continue;
    const std::string text(raw);
    const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
    if (!ascii) Check(element->putString(Converted(text, encoding).c_str()), element->getTag());
  }
}

}  // namespace parotis::dicom
