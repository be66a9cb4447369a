// What the documents refer to within the repository is there.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

namespace parotis {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> Documents() {
  const fs::path root = PAROTIS_SOURCE_DIR;
  std::vector<fs::path> documents = {root / "README.md", root / "ARCHITECTURE.md", root / "CHANGELOG.md",
                                     root / "web/README.md", root / "models/README.md"};
  for (const auto& entry : fs::recursive_directory_iterator(root / "docs")) {
    if (entry.path().extension() == ".md") documents.push_back(entry.path());
  }
  return documents;
}

std::string ReadText(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Every match's first group.
std::vector<std::string> FindAll(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) found.push_back((*at)[1]);
  return found;
}

TEST(Links, EveryOneLeadsToAFileThatIsThere) {
  const std::regex link(R"(\]\(([^)\s#]+))"), named(R"(\b(docs/[\w/-]+\.(?:md|png)))");
  for (const fs::path& document : Documents()) {
    const std::string text = ReadText(document);
    for (const std::string& target : FindAll(text, link)) {
      if (target.find(':') != std::string::npos) continue;  // another site, or an address to write to
      EXPECT_TRUE(fs::exists(document.parent_path() / target)) << document << ": " << target;
    }
    for (const std::string& target : FindAll(text, named))
      EXPECT_TRUE(fs::exists(fs::path(PAROTIS_SOURCE_DIR) / target)) << document << ": " << target;
  }
}

}  // namespace
}  // namespace parotis
