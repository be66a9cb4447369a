// Every odd file against what DCMTK's, GDCM's and OpenJPEG's own programs make of it. What differs from them, or is not
// decoded here, is exactly what docs/encodings.md lists.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <mutex>
#include <regex>
#include <set>
#include <sstream>

#include "base/error.h"
#include "base/files.h"
#include "base/parallel.h"
#include "dicom/colour.h"
#include "dicom/pixel_file.h"
#include "tests/support/temporary_folder.h"

namespace parotis::dicom {
namespace {

namespace fs = std::filesystem;

bool Runs(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }

std::string Quoted(const fs::path& path) { return "'" + path.string() + "'"; }

// Pixels as bytes with what is needed to understand them, by dcmdump.
struct Dump {
  std::string bytes;
  std::string transfer_syntax, colour_model;
  int samples = 1, by_plane = 0, pixels = 0, allocated = 0, stored = 0, high = 0, is_signed = 0;
};

std::optional<Dump> DumpOf(const fs::path& file, const fs::path& folder) {
  const fs::path text = folder / "dump";
  if (std::system(
          ("dcmdump -q +W " + Quoted(folder) + " " + Quoted(file) + " >" + Quoted(text) + " 2>/dev/null").c_str()) != 0)
    return std::nullopt;
  std::map<std::string, std::string> found;  // attributes of the dataset itself: those of items are indented
  std::istringstream lines(base::ReadFile(text));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("(") && line.size() > 15) {
      const std::size_t start = line.find_first_not_of("=[", 15);
      found.emplace(line.substr(1, 9), line.substr(start, line.find_first_of("] #", start) - start));
    }
  }
  const fs::path raw = found["7fe0,0010"];
  if (!found.contains("0028,0010") || !fs::exists(raw)) return std::nullopt;
  const auto number = [&](const char* tag) { return std::atoi(found[tag].c_str()); };
  Dump dump{base::ReadFile(raw), found["0002,0010"], found["0028,0004"], 1, number("0028,0006"), 0, 0, 0, 0, 0};
  dump.samples = number("0028,0002");
  dump.pixels = number("0028,0010") * number("0028,0011");
  dump.allocated = number("0028,0100");
  dump.stored = number("0028,0101");
  dump.high = number("0028,0102");
  dump.is_signed = number("0028,0103");
  return dump;
}

double CellOf(const Dump& dump, std::size_t index) {
  std::uint64_t raw = 0;
  for (int bit = 0; bit < dump.allocated; ++bit) {
    const std::size_t at = index * static_cast<std::size_t>(dump.allocated) + static_cast<std::size_t>(bit);
    if (at / 8 >= dump.bytes.size()) return -1e9;
    raw |= static_cast<std::uint64_t>(static_cast<unsigned char>(dump.bytes[at / 8]) >> (at % 8) & 1) << bit;
  }
  raw = raw >> (dump.high + 1 - dump.stored) & ((std::uint64_t{1} << dump.stored) - 1);
  const bool negative = dump.is_signed == 1 && (raw >> (dump.stored - 1)) != 0;
  return static_cast<double>(raw) - (negative ? std::ldexp(1.0, dump.stored) : 0.0);
}

// [samples, pixels] of frame `frame`.
std::vector<double> FrameOf(const Dump& dump, int frame) {
  const auto pixels = static_cast<std::size_t>(dump.pixels);
  const auto samples = static_cast<std::size_t>(dump.samples);
  const bool halved = dump.colour_model.ends_with("_422") && dump.bytes.size() < pixels * samples;
  const std::size_t start = static_cast<std::size_t>(frame) * pixels * (halved ? 2 : samples);
  std::vector<double> values;
  for (std::size_t s = 0; s < samples; ++s) {
    for (std::size_t i = 0; i < pixels; ++i) {
      std::size_t at = dump.by_plane == 1 ? s * pixels + i : i * samples + s;
      if (halved) at = i / 2 * 4 + (s == 0 ? i % 2 : s + 1);
      values.push_back(CellOf(dump, start + at));
    }
  }
  return values;
}

// "" when they agree.
std::string Difference(const Dump& reference, PixelFile& file, const std::string& tool) {
  for (int frame = 0; frame < file.description().frames; ++frame) {
    Picture ours = file.Stored(frame);
    if (reference.colour_model == "RGB" && ours.colour_model != "RGB") ours = file.Shown(frame);
    std::vector<double> theirs = FrameOf(reference, frame);
    if (IsYbr(reference.colour_model) && ours.colour_model == "RGB")
      YbrToRgb(reference.colour_model, reference.stored, theirs);
    if (ours.values == theirs) continue;
    double largest = 0;
    for (std::size_t i = 0; i < std::min(theirs.size(), ours.values.size()); ++i)
      largest = std::max(largest, std::abs(ours.values[i] - theirs[i]));
    return tool + ": frame " + std::to_string(frame + 1) + " differs by up to " + std::to_string(largest);
  }
  return "";
}

// DCMTK's program for a transfer syntax as dcmdump names it; GDCM's reads all.
std::vector<std::string> CommandsFor(const std::string& transfer_syntax, const fs::path& in, const fs::path& out) {
  const std::string files = " " + Quoted(in) + " " + Quoted(out);
  std::vector<std::string> commands = {"gdcmconv --raw -i" + Quoted(in) + " -o " + Quoted(out)};
  if (transfer_syntax.starts_with("JPEGLS")) {
    commands.push_back("dcmdjpls" + files);
  } else if (transfer_syntax.starts_with("JPEG") && !transfer_syntax.starts_with("JPEG2000")) {
    commands.push_back("dcmdjpeg" + files);
  } else if (transfer_syntax.starts_with("RLE")) {
    commands.push_back("dcmdrle" + files);
  } else {
    commands.push_back("dcmconv" + files);
  }
  return commands;
}

// OpenJPEG's own program on the codestream of a file with one frame.
std::string DifferenceFromOpenJpeg(const fs::path& in, PixelFile& file, const fs::path& folder) {
  const std::string bytes = base::ReadFile(in);
  const std::size_t start = bytes.rfind("\xFF\x4F\xFF\x51");
  if (start == std::string::npos) return "";
  base::WriteFile(folder / "x.j2k", bytes.substr(start));
  if (!Runs("opj_decompress -i " + Quoted(folder / "x.j2k") + " -o " + Quoted(folder / "x.rawl"))) return "";
  const PixelDescription& d = file.description();
  Dump dump{base::ReadFile(folder / "x.rawl"), "", d.colour_model, d.samples, 1, 0, 0, 0, 0, d.is_signed ? 1 : 0};
  dump.pixels = static_cast<int>(d.pixels());
  const Picture ours = file.Stored(0);
  dump.allocated = static_cast<int>(8 * dump.bytes.size() / d.values());
  dump.stored = std::min(ours.bits, dump.allocated);
  dump.high = dump.stored - 1;
  return FrameOf(dump, 0) == ours.values ? "" : "opj_decompress differs";
}

// Why `path` is not decoded here or not as elsewhere; "" when it is. `references` counts what it was held against.
std::string Trouble(const fs::path& path, int& references) {
  const test::TemporaryFolder folder;
  const auto original = DumpOf(path, folder.path());
  const fs::path out = folder.path() / "out.dcm";
  try {
    PixelFile file(path);
    file.Shown(0);
    for (const std::string& command : CommandsFor(original ? original->transfer_syntax : "", path, out)) {
      fs::remove(out);
      if (!Runs("timeout 60 " + command)) continue;
      const auto dump = DumpOf(out, folder.path());
      if (!dump || dump->bytes.empty() || dump->transfer_syntax.find("Endian") == std::string::npos) continue;
      ++references;
      if (std::string difference = Difference(*dump, file, command.substr(0, command.find(' '))); !difference.empty())
        return difference;
    }
    if (original && original->transfer_syntax.starts_with("JPEG2000")) {
      ++references;
      return DifferenceFromOpenJpeg(path, file, folder.path());
    }
    return "";
  } catch (const base::Error& error) {
    return error.what();
  }
}

// The files of the manual's table.
std::set<std::string> Listed() {
  const std::string manual = base::ReadFile(fs::path(PAROTIS_SOURCE_DIR) / "docs" / "encodings.md");
  std::set<std::string> names;
  const std::regex row("\\n\\| ((?:`[^`]+`,? ?)+) \\|");
  const std::regex name("`([^`]+)`");
  for (std::sregex_iterator match(manual.begin(), manual.end(), row), end; match != end; ++match) {
    const std::string cell = (*match)[1];
    for (std::sregex_iterator each(cell.begin(), cell.end(), name); each != end; ++each) names.insert((*each)[1]);
  }
  return names;
}

TEST(ReferenceDecoders, AgreeOnEveryOddFileButThoseInTheManual) {
  if (test::SharedData().empty()) GTEST_SKIP() << "needs ../shared/data";
  if (!Runs("gdcmconv --version") || !Runs("dcmdump --version") || !Runs("which opj_decompress"))
    GTEST_SKIP() << "needs dcmtk, libgdcm-tools and libopenjp2-tools (scripts/setup.sh)";
  const fs::path root = test::SharedData() / "odd-dicom";
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::mutex mutex;
  std::map<std::string, std::string> troubles;
  int references = 0;
  base::ParallelFor(static_cast<std::int64_t>(files.size()), 0, [&](std::int64_t i) {
    const fs::path& path = files[static_cast<std::size_t>(i)];
    int held_against = 0;
    const std::string trouble = Trouble(path, held_against);
    const std::lock_guard lock(mutex);
    references += held_against;
    if (!trouble.empty()) troubles[fs::relative(path, root).string()] = trouble;
  });
  EXPECT_EQ(files.size(), 176U);
  EXPECT_GE(references, 140);
  const std::set<std::string> listed = Listed();
  for (const auto& [name, trouble] : troubles) EXPECT_TRUE(listed.contains(name)) << name << ": " << trouble;
  for (const std::string& name : listed) EXPECT_TRUE(troubles.contains(name)) << name << " is read as elsewhere";
}

}  // namespace
}  // namespace parotis::dicom
