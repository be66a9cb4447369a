// The text of a PDF, page by page, as poppler's pdftotext reads it.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "tests/support/temporary_folder.h"

namespace parotis::test {

// Nothing where the tool is not there. A file that it cannot read is one page that says so.
inline std::optional<std::vector<std::string>> PagesOfPdf(const std::string& name, const std::string& bytes) {
  if (std::system("command -v pdftotext > /dev/null 2>&1") != 0) return std::nullopt;
  const TemporaryFolder folder;
  base::WriteFile(folder.path() / "it.pdf", bytes);
  const std::string into = (folder.path() / "it").string();
  std::vector<std::string> pages;
  if (std::system(("pdftotext -layout '" + into + ".pdf' '" + into + ".txt' 2> '" + into + ".err'").c_str()) != 0) {
    pages.push_back(name + " cannot be read: " + base::ReadFile(into + ".err"));
    return pages;
  }
  std::string page;
  for (const char c : base::ReadFile(into + ".txt")) {
    if (c != '\f') {
      page += c;
      continue;
    }
    pages.push_back(page);
    page.clear();
  }
  return pages;
}

}  // namespace parotis::test
