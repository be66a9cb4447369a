// The house's arrows and fences, read from the sources themselves: who may include whom, and where third-party
// headers may appear. ARCHITECTURE.md explains the reasons.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace parotis {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, std::set<std::string>> kMayInclude = {
    {"base", {}},
    {"weights", {"base"}},
    {"image", {"base"}},
    {"dataset", {"image"}},
    {"maps", {"image"}},
    {"privacy", {"image"}},
    {"dicom", {"image", "privacy"}},
    {"align", {"image"}},
    {"intake", {"dicom", "dataset", "align", "maps"}},
    {"phantom", {"dataset"}},
    {"physics", {"phantom", "maps"}},
    {"scanner", {"physics", "dicom"}},
    {"results", {"dicom", "report"}},
    {"review", {"results"}},
    {"view", {"intake", "diagnose"}},
    {"dimse", {"dicom"}},
    {"http", {"base"}},
    {"jobs", {"base"}},
    {"accounts", {"jobs"}},
    {"service", {"dimse", "http", "accounts", "dicom"}},
    {"lab", {"http", "report", "experiment", "view"}},
    {"page", {"service", "review", "view"}},
    {"plan", {"dataset", "weights"}},
    {"prepare", {"plan"}},
    {"model", {"plan"}},
    {"infer", {"prepare", "model"}},
    {"diagnose", {"plan"}},
    {"evaluate", {"dataset"}},
    {"train", {"infer", "evaluate"}},
    {"report", {"evaluate", "diagnose"}},
    {"audit", {"physics", "maps", "report"}},
    {"experiment", {"evaluate", "diagnose"}},
};

struct Fence {
  const char* headers;  // regular expression on the included name
  const char* only_in;  // regular expression on the including file's path below src/
};
const std::vector<Fence> kFences = {
    {"^itk", "^$"},
    {"^dcmtk/", "^(dicom|dimse)/[^/]*\\.cc$"},
    {"^dcmtk/(dcmnet|dcmtls)/", "^dimse/[^/]*\\.cc$"},
    {"^(boost/(beast|asio)|openssl/)", "^http/[^/]*\\.cc$"},
    {"^(SQLiteCpp|sqlite3|pqxx)", "^jobs/[^/]*\\.cc$"},
    {"^argon2", "^accounts/[^/]*\\.cc$"},
    {"^openjpeg", "^dicom/[^/]*\\.cc$"},
    {"^(torch|ATen|c10)/", "^(model|infer|train)/"},
    {"^CLI/", "^app/"},
    {"^gdcm", "^$"},
    {"^(Eigen|unsupported/Eigen)/", "^(physics|audit|diagnose)/[^/]*\\.cc$"},
    {"^png\\.h", "^image/[^/]*\\.cc$"},
    {"^bzlib\\.h", "^image/nrrd_encoding\\.cc$"},
    {"^zip\\.h", "^dicom/archive(_writer)?\\.cc$"},
    {"^hpdf", "^report/[^/]*\\.cc$"},
    {"^cairo", "^report/[^/]*\\.cc$"},
    {"^zlib\\.h", "^(image|prepare|weights)/[^/]*\\.cc$"},
};
// Parsers of bytes that come from outside are compiled and fuzzed without the big libraries' headers.
const std::regex kUntrustedParsers("^(base/(json|safetensors|csv)|image/(nifti|nrrd)|dicom/|weights/)");

struct Include {
  std::string file;    // below src/, "image/nifti.cc"
  std::string target;  // as written between the quotes or brackets
};

std::vector<Include> AllIncludes() {
  const fs::path src = fs::path(PAROTIS_SOURCE_DIR) / "src";
  const std::regex pattern("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]");
  std::vector<Include> includes;
  for (const auto& entry : fs::recursive_directory_iterator(src)) {
    const auto extension = entry.path().extension();
    if (extension != ".h" && extension != ".cc") continue;
    std::ifstream stream(entry.path());
    std::smatch match;
    for (std::string line; std::getline(stream, line);) {
      if (std::regex_search(line, match, pattern))
        includes.push_back({fs::relative(entry.path(), src).string(), match[1]});
    }
  }
  return includes;
}

std::string FolderOf(const std::string& path) { return path.substr(0, path.find('/')); }

std::set<std::string> Reachable(const std::string& folder) {
  std::set<std::string> reached;
  const std::function<void(const std::string&)> visit = [&](const std::string& from) {
    for (const std::string& to : kMayInclude.at(from)) {
      if (reached.insert(to).second) visit(to);
    }
  };
  visit(folder);
  return reached;
}

TEST(Architecture, TheSourcesAreFound) { EXPECT_GT(AllIncludes().size(), 200U); }

TEST(Architecture, EveryFolderIsAModuleOfTheHouse) {
  for (const auto& entry : fs::directory_iterator(fs::path(PAROTIS_SOURCE_DIR) / "src")) {
    const std::string folder = entry.path().filename().string();
    EXPECT_TRUE(folder == "app" || kMayInclude.contains(folder)) << folder << " is not in the table of modules";
  }
}

TEST(Architecture, IncludesFollowTheArrows) {
  for (const Include& include : AllIncludes()) {
    const std::string from = FolderOf(include.file);
    const std::string to = FolderOf(include.target);
    if (from == "app" || from == to || !(to == "app" || kMayInclude.contains(to))) continue;
    EXPECT_TRUE(to != "app" && Reachable(from).contains(to)) << include.file << " must not include " << include.target;
  }
}

TEST(Architecture, NoTwoFoldersIncludeEachOther) {
  for (const auto& [folder, direct] : kMayInclude) {
    for (const std::string& reached : Reachable(folder))
      EXPECT_FALSE(Reachable(reached).contains(folder)) << folder << " and " << reached;
  }
}

TEST(Architecture, ThirdPartyHeadersStayBehindTheirFences) {
  for (const Include& include : AllIncludes()) {
    for (const Fence& fence : kFences) {
      if (!std::regex_search(include.target, std::regex(fence.headers, std::regex::icase))) continue;
      EXPECT_TRUE(std::regex_search(include.file, std::regex(fence.only_in)))
          << include.file << " must not include " << include.target;
    }
  }
}

TEST(Architecture, ParsersOfUntrustedBytesSeeNeitherItkNorLibTorch) {
  for (const Include& include : AllIncludes()) {
    if (!std::regex_search(include.file, kUntrustedParsers)) continue;
    EXPECT_FALSE(std::regex_search(include.target, std::regex("^(itk|torch/|ATen/|c10/)"))) << include.file;
  }
}

// Labels and channels come from the data: only the synthetic cohort and the default plan know a tumour by name.
TEST(Architecture, OnlyThePhantomAndTheDefaultPlanKnowATumourByName) {
  const fs::path src = fs::path(PAROTIS_SOURCE_DIR) / "src";
  const std::regex names("warthin|pleomorphic", std::regex::icase);
  for (const auto& entry : fs::recursive_directory_iterator(src)) {
    const std::string file = fs::relative(entry.path(), src).string();
    if (!entry.is_regular_file() || file.starts_with("phantom/") || file == "plan/default_plan.cc") continue;
    std::ifstream stream(entry.path());
    int number = 0;
    for (std::string line; std::getline(stream, line);) {
      ++number;
      const bool is_comment = line.find("//") != std::string::npos;
      EXPECT_TRUE(is_comment || !std::regex_search(line, names)) << file << ":" << number << ": " << line;
    }
  }
}

}  // namespace
}  // namespace parotis
