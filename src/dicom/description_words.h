// The words of scanners' protocols, by which a free description is cleaned: what is not one of them goes, whether or
// not anybody knows that it is a name.
#pragma once

#include <string>
#include <string_view>

namespace parotis::dicom {

// Keeps words of MR protocols and the head and neck, numbers of up to four digits, single letters, and what stands
// between them; "t2_tse_tra Meier 1957-03" → "t2_tse_tra".
std::string CleanDescription(std::string_view text);

// Canon's and others' "b=1500(0.895,0.445,0.000)" at the beginning; "" for any other comment.
std::string CleanImageComment(std::string_view text);

}  // namespace parotis::dicom
