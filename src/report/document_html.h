// A document as one self-contained page: contents, tables that scroll where the screen is narrow, figures as inline
// SVG.
#pragma once

#include <string>

#include "report/document.h"

namespace parotis::report {

std::string HtmlOf(const Document& document);

}  // namespace parotis::report
