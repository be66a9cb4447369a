#include "report/document.h"

#include <utility>

namespace parotis::report {

Text& Text::Add(std::string text, Style style) {
  spans.push_back({std::move(text), style});
  return *this;
}

std::string Text::plain() const {
  std::string all;
  for (const Span& span : spans) all += span.text;
  return all;
}

}  // namespace parotis::report
