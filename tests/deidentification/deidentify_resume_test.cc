// `parotis deidentify` killed at any moment, on a disk that is full, and what it says became of every file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "base/hash.h"
#include "base/resumable.h"
#include "tests/intake/study_files.h"
#include "tests/support/program.h"
#include "tests/support/zip_file.h"

namespace parotis {
namespace {

namespace fs = std::filesystem;
using test::DicomItem;

constexpr int kStudies = 12;
constexpr intake::Grid kGrid = {40, 32, 3, 3, 4, {0, 0, 0}};

class DeidentifyAnExport : public testing::Test {
 protected:
  void SetUp() override {
    for (int study = 0; study < kStudies; ++study) WriteOne(study);
  }

  void WriteOne(int study, const std::function<void(DicomItem&)>& change = [](DicomItem&) {}) const {
    const auto value = [study](double x, double y, double z) { return 100 + study + x + 2 * y + 3 * z; };
    intake::WriteVolume(In() / std::to_string(study), kGrid, fmt::format("1.2.3.{}.1", study), 1, value,
                        [&](DicomItem& item) {
                          item.Set(0x0020, 0x000d, "UI", fmt::format("1.2.3.{}", study));
                          item.Set(0x0010, 0x0020, "LO", fmt::format("PAT-{:03}", study / 2));
                          change(item);
                        });
  }

  fs::path In() const { return folder_.path() / "in"; }
  fs::path At(const std::string& name) const { return folder_.path() / name; }
  std::vector<std::string> Command(const std::string& out, const std::string& key = {}) const {
    std::vector<std::string> arguments = {"deidentify", In().string(), At(out).string(), "--quiet"};
    if (!key.empty()) arguments.insert(arguments.end(), {"--key", At(key).string()});
    return arguments;
  }

 private:
  test::TemporaryFolder folder_;
};

// Of every file that has its final name.
std::map<std::string, std::string> HashesBelow(const fs::path& folder) {
  std::map<std::string, std::string> hashes;
  if (!fs::exists(folder)) return hashes;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && !entry.path().filename().string().starts_with(".tmp-"))
      hashes[fs::relative(entry.path(), folder).string()] = base::HashOfFile(entry.path());
  }
  return hashes;
}

std::size_t HalfWrittenBelow(const fs::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    count += entry.path().filename().string().starts_with(".tmp-") ? 1 : 0;
  return count;
}

std::set<std::string> PatientsBelow(const fs::path& folder) {
  std::set<std::string> patients;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory()) patients.insert(entry.path().filename().string());
  }
  return patients;
}

TEST_F(DeidentifyAnExport, KilledAtTwentyRandomMomentsEndsWithTheSameBits) {
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(test::RunProgram(Command("whole", "key")).exit_code, 0);
  const double whole_run_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto whole = HashesBelow(At("whole"));
  ASSERT_EQ(whole.size(), 3U * kStudies + 4U);  // images; settings, lock, two reports
  std::mt19937 random(std::random_device{}());
  int interrupted = 0;
  for (int moment = 0; moment < 20; ++moment) {
    fs::remove_all(At("broken"));
    test::RunningProgram program(Command("broken", "key"));
    const double after_s = std::uniform_real_distribution(0.0, 1.0)(random) * whole_run_s;
    std::this_thread::sleep_for(std::chrono::duration<double>(after_s));
    kill(program.process(), SIGKILL);
    interrupted += program.Wait().exit_code != 0 ? 1 : 0;
    for (const auto& [name, hash] : HashesBelow(At("broken"))) EXPECT_EQ(hash, whole.at(name)) << name;
    EXPECT_EQ(test::RunProgram(Command("broken", "key")).exit_code, 0);
    EXPECT_EQ(HashesBelow(At("broken")), whole);
    EXPECT_EQ(HalfWrittenBelow(At("broken")), 0U);
  }
  EXPECT_GE(interrupted, 5);
}

// The key is made by the run that is killed, and is the next run's.
TEST_F(DeidentifyAnExport, KilledWithoutAKeyThereIsOnePseudonymForEachPatientAllTheSame) {
  std::mt19937 random(std::random_device{}());
  for (int moment = 0; moment < 5; ++moment) {
    const std::string out = fmt::format("out{}", moment);
    test::RunningProgram program(Command(out));
    std::this_thread::sleep_for(std::chrono::duration<double>(std::uniform_real_distribution(0.0, 0.5)(random)));
    kill(program.process(), SIGKILL);
    program.Wait();
    EXPECT_EQ(test::RunProgram(Command(out)).exit_code, 0);
    EXPECT_EQ(PatientsBelow(At(out)).size(), kStudies / 2U);
    EXPECT_EQ(HashesBelow(At(out)).size(), 3U * kStudies + 4U);
  }
  for (const auto& entry : fs::directory_iterator(At("")))
    EXPECT_EQ(entry.path().filename().string().find(".tmp-"), std::string::npos) << "a key or map left behind";
}

// A limit on the size of files stands for a full disk: the system refuses in the middle of a file.
TEST_F(DeidentifyAnExport, AFullDiskIsOneSentenceAndNothingIsHalfWritten) {
  test::RunProgram(Command("other", "key"));
  std::string line = fmt::format("ulimit -f 3; '{}'", PAROTIS_PROGRAM);
  for (const std::string& argument : Command("full", "key")) line += fmt::format(" '{}'", argument);
  const int status = std::system((line + fmt::format(" 2> '{}'", At("err").string())).c_str());
  EXPECT_EQ(WEXITSTATUS(status), 1);
  const std::string said = base::ReadFile(At("err"));
  EXPECT_THAT(said, testing::HasSubstr("File too large"));
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
  EXPECT_EQ(HalfWrittenBelow(At("full")), 0U);
  for (const auto& [name, hash] : HashesBelow(At("full"))) EXPECT_FALSE(name.ends_with(".dcm")) << name;
  EXPECT_EQ(test::RunProgram(Command("full", "key")).exit_code, 0) << "and goes on when there is space";
  EXPECT_EQ(HashesBelow(At("full")), HashesBelow(At("other")));
}

TEST_F(DeidentifyAnExport, TheTableSaysWhatBecameOfEveryFile) {
  WriteOne(90, [](DicomItem& item) { item.Set(0x0028, 0x0301, "CS", "YES"); });
  base::WriteFile(In() / "PAT-007 letter.txt", "no DICOM");
  ASSERT_EQ(test::RunProgram(Command("out", "key")).exit_code, 3);
  const std::string text = base::ReadFile(At("out") / "deidentify-report.tsv");
  EXPECT_EQ(text.find("PAT-"), std::string::npos);
  std::map<std::string, int> rows;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "path\tpatient\tstudy\tsop_class\toutcome\tcode");
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    std::string path, patient, study, sop_class, outcome, code;
    cells >> path >> patient >> study >> sop_class >> outcome >> code;
    ++rows[outcome + " " + code];
    EXPECT_EQ(fs::exists(At("out") / path), outcome == "written") << path;
    EXPECT_EQ(sop_class, code == "not_dicom" ? "n/a" : "1.2.840.10008.5.1.4.1.1.4");
  }
  EXPECT_EQ(rows["written n/a"], 3 * kStudies);
  EXPECT_EQ(rows["left_out burned_in_text"], 3);
  EXPECT_EQ(rows["left_out not_dicom"], 1);
}

TEST_F(DeidentifyAnExport, AnArchiveIsAsGoodAsAFolder) {
  std::vector<test::ZipEntry> entries;
  for (const auto& entry : fs::recursive_directory_iterator(In())) {
    if (entry.is_regular_file())
      entries.push_back({fs::relative(entry.path(), In()).string(), base::ReadFile(entry.path())});
  }
  base::WriteFile(At("export.zip"), test::ZipBytes(entries));
  ASSERT_EQ(test::RunProgram(Command("folder", "key")).exit_code, 0);
  std::vector<std::string> of_archive = Command("archive", "key");
  of_archive[1] = At("export.zip").string();
  ASSERT_EQ(test::RunProgram(of_archive).exit_code, 0);
  EXPECT_EQ(HashesBelow(At("archive")), HashesBelow(At("folder")));
}

TEST_F(DeidentifyAnExport, TwoRunsDoNotWriteToOneFolder) {
  ASSERT_EQ(test::RunProgram(Command("out", "key")).exit_code, 0);
  const base::OutputLock other(At("out") / ".deidentify.lock", "busy");
  const test::Outcome outcome = test::RunProgram(Command("out", "key"));
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, testing::HasSubstr("another deidentify"));
}

}  // namespace
}  // namespace parotis
