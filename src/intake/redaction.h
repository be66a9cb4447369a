// Takes out of a sentence what may identify somebody whoever wrote it: quoted text, UIDs and paths. One pass each, in
// linear time, whatever the length. Private to this folder.
#pragma once

#include <string>
#include <string_view>

namespace parotis::intake {

// "quoted" → (text), four or more numbers joined by dots → (UID), two or more /segments → (path). A segment ends at
// white space and at , : and ;. A quotation mark without a second one stays.
std::string Redact(std::string_view sentence);

}  // namespace parotis::intake
