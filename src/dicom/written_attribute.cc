#include "dicom/written_attribute.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace parotis::dicom {
namespace {

Tag TagOf(const PrivateTag& tag) { return {tag.group, tag.element, {tag.vr[0], tag.vr[1], '\0'}}; }

WrittenAttribute Private(const PrivateTag& tag, WrittenAttribute attribute) {
  attribute.creator = tag.creator;
  return attribute;
}

}  // namespace

WrittenAttribute TextAttribute(const Tag& tag, std::string text) { return {tag, {}, std::move(text), {}, {}}; }

WrittenAttribute TextAttribute(const PrivateTag& tag, std::string text) {
  return Private(tag, TextAttribute(TagOf(tag), std::move(text)));
}

WrittenAttribute NumberAttribute(const Tag& tag, std::vector<double> numbers) {
  const std::string_view vr = tag.vr;
  if (vr != "DS" && vr != "IS") return {tag, {}, {}, std::move(numbers), {}};
  std::vector<std::string> texts;
  texts.reserve(numbers.size());
  for (const double number : numbers)
    texts.push_back(vr == "DS" ? DecimalString(number) : fmt::format("{:.0f}", number));
  return TextAttribute(tag, fmt::format("{}", fmt::join(texts, "\\")));
}

WrittenAttribute NumberAttribute(const PrivateTag& tag, std::vector<double> numbers) {
  return Private(tag, NumberAttribute(TagOf(tag), std::move(numbers)));
}

WrittenAttribute SequenceAttribute(const Tag& tag, std::vector<WrittenAttributes> items) {
  return {tag, {}, {}, {}, std::move(items)};
}

WrittenAttribute SequenceAttribute(const PrivateTag& tag, std::vector<WrittenAttributes> items) {
  return Private(tag, SequenceAttribute(TagOf(tag), std::move(items)));
}

std::string DecimalString(double value) {
  for (int digits = 12; digits > 0 && std::isfinite(value); --digits) {
    std::string text = fmt::format("{:.{}g}", value, digits);
    if (text.size() <= 16) return text == "-0" ? "0" : text;
  }
  base::Throw(base::ErrorKind::kInternal, fmt::format("{} cannot be written as a DICOM decimal string", value));
}

void Append(WrittenAttributes& all, WrittenAttributes more) {
  for (WrittenAttribute& each : more) all.push_back(std::move(each));
}

}  // namespace parotis::dicom
