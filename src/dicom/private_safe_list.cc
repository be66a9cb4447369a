#include "dicom/private_safe_list.h"

#include <algorithm>
#include <array>

namespace parotis::dicom {
namespace {

// Vendors' conformance statements, and PS3.15 table E.3.10-1 for those that it lists.
constexpr auto kSafe = std::to_array<SafePrivate>({
    {"SIEMENS MR HEADER", 0x0019, 0x0a},                               // images in a mosaic
    {"SIEMENS MR HEADER", 0x0019, 0x0b},                               // slice measurement duration, ms
    {"SIEMENS MR HEADER", 0x0019, 0x0c},                               // b-value
    {"SIEMENS MR HEADER", 0x0019, 0x0d, SafeKind::kCode},              // directionality
    {"SIEMENS MR HEADER", 0x0019, 0x0e},                               // gradient direction
    {"SIEMENS MR HEADER", 0x0019, 0x27},                               // b-matrix
    {"SIEMENS MR HEADER", 0x0019, 0x28},                               // bandwidth per pixel in phase direction, Hz
    {"SIEMENS MR HEADER", 0x0019, 0x29},                               // times of a mosaic's slices, ms
    {"SIEMENS CSA HEADER", 0x0029, 0x10, SafeKind::kCsa},              // image header
    {"SIEMENS MR SDI 02", 0x0021, 0x01},                               // images in a mosaic
    {"SIEMENS MR SDI 02", 0x0021, 0x02},                               // normal of its slices
    {"SIEMENS MR SDI 02", 0x0021, 0x05},                               // b-value
    {"SIEMENS MR SDI 02", 0x0021, 0x1c},                               // phase encoding in positive direction
    {"SIEMENS MR SDI 02", 0x0021, 0x21, SafeKind::kCode},              // directionality
    {"SIEMENS MR SDI 02", 0x0021, 0x23},                               // b-matrix
    {"SIEMENS MR SDI 02", 0x0021, 0x46},                               // gradient direction
    {"SIEMENS MR SDI 02", 0x0021, 0xfe, SafeKind::kSequence},          // where enhanced files hold the above
    {"GEMS_ACQU_01", 0x0019, 0xbb},                                    // gradient direction x
    {"GEMS_ACQU_01", 0x0019, 0xbc},                                    // y
    {"GEMS_ACQU_01", 0x0019, 0xbd},                                    // z
    {"GEMS_ACQU_01", 0x0019, 0xe0},                                    // number of directions
    {"GEMS_PARM_01", 0x0043, 0x2f},                                    // magnitude, phase, real or imaginary part
    {"GEMS_PARM_01", 0x0043, 0x30},                                    // raw data type: which image of a diffusion set
    {"GEMS_PARM_01", 0x0043, 0x39},                                    // b-value and more
    {"GEMS_PARM_01", 0x0043, 0x7f},                                    // what was added to the b-value
    {"Philips Imaging DD 001", 0x2001, 0x03},                          // b-value
    {"Philips Imaging DD 001", 0x2001, 0x04, SafeKind::kCode},         // direction
    {"Philips MR Imaging DD 001", 0x2005, 0x0d},                       // scale intercept
    {"Philips MR Imaging DD 001", 0x2005, 0x0e},                       // scale slope
    {"Philips MR Imaging DD 001", 0x2005, 0xa0},                       // when a dynamic scan began
    {"Philips MR Imaging DD 001", 0x2005, 0xb0},                       // gradient direction, right to left
    {"Philips MR Imaging DD 001", 0x2005, 0xb1},                       // anterior to posterior
    {"Philips MR Imaging DD 001", 0x2005, 0xb2},                       // feet to head
    {"Philips MR Imaging DD 005", 0x2005, 0x0f, SafeKind::kSequence},  // the frame's own attributes
    {"Image Private Header", 0x0065, 0x09},                            // United Imaging: effective b-value
    {"Image Private Header", 0x0065, 0x0a},                            // nominal b-value
    {"Image Private Header", 0x0065, 0x37},                            // gradient direction
    {"Image Private Header", 0x0065, 0x50},                            // slices in a grid
    {"Image Private Header", 0x0065, 0x51, SafeKind::kSequence},       // where they lie
});

}  // namespace

std::span<const SafePrivate> PrivateSafeList() { return kSafe; }

std::optional<SafeKind> SafeKindOf(std::string_view creator, std::uint16_t group, std::uint8_t element) {
  const auto* const found = std::find_if(kSafe.begin(), kSafe.end(), [&](const SafePrivate& each) {
    return each.creator == creator && each.group == group && each.element == element;
  });
  if (found == kSafe.end()) return std::nullopt;
  return found->kind;
}

}  // namespace parotis::dicom
