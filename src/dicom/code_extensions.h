// Text that changes its character set in the middle (ISO/IEC 2022), as Japanese, Korean and Chinese machines write it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace parotis::dicom {

// `character_set`: Specific Character Set (0008,0005) with all of its values, separated by backslashes. As UTF-8, when
// one of them is ISO 2022 IR 13, 58, 87, 149 or 159, or the first is ISO_IR 13 (PS3.3 C.12.1.1.2, tables C.12-2 to
// C.12-4; PS3.5 6.1.2.5). Nothing for other sets, and for bytes that do not fit.
std::optional<std::string> Utf8FromCodeExtensions(std::string_view text, std::string_view character_set);

}  // namespace parotis::dicom
