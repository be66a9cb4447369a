#include "dimse/file_head.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <string_view>

namespace parotis::dimse {
namespace {

constexpr std::size_t kPreambleBytes = 128;
constexpr std::string_view kPrefix = "DICM";

void Append(std::string& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * static_cast<unsigned>(i)) & 0xFFU);
}

// Explicit VR little endian (PS3.5 7.1.2), of group 0002.
void AppendElement(std::string& out, std::uint16_t element, std::string_view vr, std::string value) {
  if (value.size() % 2 != 0) value += vr == "UI" ? '\0' : ' ';
  Append(out, 0x0002, 2);
  Append(out, element, 2);
  out += vr;
  if (vr == "OB") {
    Append(out, 0, 2);
    Append(out, static_cast<std::uint32_t>(value.size()), 4);
  } else {
    Append(out, static_cast<std::uint32_t>(value.size()), 2);
  }
  out += value;
}

}  // namespace

std::string FileHeadBytes(const FileHead& head) {
  std::string elements;
  AppendElement(elements, 0x0001, "OB", std::string("\0\1", 2));
  AppendElement(elements, 0x0002, "UI", head.sop_class_uid);
  AppendElement(elements, 0x0003, "UI", head.sop_instance_uid);
  AppendElement(elements, 0x0010, "UI", head.transfer_syntax_uid);
  AppendElement(elements, 0x0012, "UI", OFFIS_IMPLEMENTATION_CLASS_UID);
  AppendElement(elements, 0x0013, "SH", OFFIS_DTK_IMPLEMENTATION_VERSION_NAME);
  if (!head.source_ae.empty()) AppendElement(elements, 0x0016, "AE", head.source_ae);
  std::string length;
  Append(length, static_cast<std::uint32_t>(elements.size()), 4);
  std::string bytes(kPreambleBytes, '\0');
  bytes += kPrefix;
  AppendElement(bytes, 0x0000, "UL", length);
  return bytes + elements;
}

}  // namespace parotis::dimse
