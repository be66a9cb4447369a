#include "dicom/pseudonyms.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <sstream>
#include <system_error>

#include "base/error.h"
#include "base/files.h"
#include "base/hmac.h"
#include "base/log.h"
#include "dicom/mr_writer.h"
#include "dicom/text.h"

namespace parotis::dicom {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;

constexpr std::size_t kKeyDigits = 64;
constexpr std::size_t kPseudonymDigits = 12;

std::string Digits(const std::string& key, std::string_view what, const std::string& text) {
  return base::HmacSha256(key, std::string(what) + '\0' + text);
}

[[noreturn]] void ThrowSystem(const fs::path& path, std::string_view what) {
  base::Throw(ErrorKind::kIo, fmt::format("cannot {} {}: {}; check the path and its permissions", what, path.string(),
                                          std::generic_category().message(errno)));
}

bool WriteWhole(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// What a process that was killed here left behind: it holds what the file itself holds, and nobody knows of it.
void RemoveLeftBehind(const fs::path& path) {
  const std::string prefix = path.filename().string() + ".tmp-";
  std::error_code ignored;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix)) continue;
    const auto process = ParseNumber(name.substr(prefix.size()));
    if (process && ::kill(static_cast<pid_t>(*process), 0) != 0 && errno == ESRCH) fs::remove(entry.path(), ignored);
  }
}

// A file of the owner's alone. `replace`: an older one of this name goes; otherwise it stays and false is returned.
bool WriteSecret(const fs::path& path, const std::string& content, bool replace) {
  if (path.has_parent_path()) base::CreateFolder(path.parent_path());
  RemoveLeftBehind(path);
  const fs::path aside = path.string() + fmt::format(".tmp-{}", ::getpid());
  ::unlink(aside.c_str());
  const int descriptor = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) ThrowSystem(path, "create");
  const bool good = WriteWhole(descriptor, content) && ::fsync(descriptor) == 0;
  const int write_code = errno;
  ::close(descriptor);
  if (!good) {
    ::unlink(aside.c_str());
    errno = write_code;
    ThrowSystem(path, "write");
  }
  // A link never overwrites: of two processes that draw a key at the same time, one wins.
  const int status = replace ? ::rename(aside.c_str(), path.c_str()) : ::link(aside.c_str(), path.c_str());
  const int code = errno;
  if (!replace) ::unlink(aside.c_str());
  if (status == 0) return true;
  errno = code;
  if (!replace && code == EEXIST) return false;
  ThrowSystem(path, "write");
}

bool LiesWithin(const fs::path& file, const fs::path& folder) {
  const fs::path inner = fs::weakly_canonical(fs::absolute(file));
  fs::path outer = fs::weakly_canonical(fs::absolute(folder));
  if (!outer.has_filename()) outer = outer.parent_path();
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

std::string RandomKey() {
  std::array<unsigned char, kKeyDigits / 2> bytes{};
  if (::getentropy(bytes.data(), bytes.size()) != 0)
    base::Throw(ErrorKind::kIo, "the system gives no random numbers for a key; name one with --key");
  std::string key;
  for (const unsigned char byte : bytes) key += fmt::format("{:02x}", byte);
  return key;
}

std::string ReadKey(const fs::path& file) {
  std::string key = base::ReadFile(file, 4096);
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (key.size() != kKeyDigits || !std::all_of(key.begin(), key.end(), is_digit)) {
    base::Throw(ErrorKind::kInput,
                fmt::format("{} holds no key ({} hexadecimal digits); name the key file of the earlier run, or one "
                            "that does not exist yet",
                            file.string(), kKeyDigits));
  }
  struct stat info{};
  if (::stat(file.c_str(), &info) == 0 && (info.st_mode & 077) != 0)
    base::Warn("{} can be read by others than its owner; chmod 600 it", file.string());
  return key;
}

// A tab or line break within a value would make another row of it.
std::string Cell(std::string text) {
  std::replace_if(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return text;
}

class FileLock {
 public:
  explicit FileLock(const fs::path& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ < 0 || ::flock(descriptor_, LOCK_EX) != 0) ThrowSystem(path, "lock");
  }
  ~FileLock() { ::close(descriptor_); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace

std::string PatientPseudonym(const Patient& patient, const std::string& study_uid, const std::string& key) {
  const std::string identity = patient.id.empty() ? "study " + study_uid : patient.issuer + '\0' + patient.id;
  return "patient-" + Digits(key, "patient", identity).substr(0, kPseudonymDigits);
}

std::string CasePseudonym(const Study& study, const std::string& key) {
  const std::string identity = study.uid + '\0' + study.patient.issuer + '\0' + study.patient.id;
  return "case-" + Digits(key, "case", identity).substr(0, kPseudonymDigits);
}

std::string UidPseudonym(const std::string& uid, const std::string& key) {
  return UidFromName(Digits(key, "uid", uid));
}

int DateShiftDays(const std::string& patient_pseudonym, const std::string& key) {
  constexpr unsigned long kLeast = 400, kRange = 3600;
  const unsigned long drawn = std::stoul(Digits(key, "dates", patient_pseudonym).substr(0, 8), nullptr, 16);
  return static_cast<int>(kLeast + drawn % kRange);
}

std::string DateEarlier(const std::string& date, int days) {
  const bool digits =
      date.size() == 8 && std::all_of(date.begin(), date.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return {};
  namespace chrono = std::chrono;
  const chrono::year_month_day day{chrono::year(std::stoi(date.substr(0, 4))),
                                   chrono::month(static_cast<unsigned>(std::stoi(date.substr(4, 2)))),
                                   chrono::day(static_cast<unsigned>(std::stoi(date.substr(6, 2))))};
  if (!day.ok()) return {};
  const chrono::year_month_day earlier(chrono::sys_days(day) - chrono::days(days));
  return fmt::format("{:04}{:02}{:02}", static_cast<int>(earlier.year()), static_cast<unsigned>(earlier.month()),
                     static_cast<unsigned>(earlier.day()));
}

std::string KeyFingerprint(const std::string& key) {
  return Digits(key, "fingerprint", "").substr(0, kPseudonymDigits);
}

std::string ReadOrCreateKey(const fs::path& file, const std::vector<fs::path>& given_away) {
  for (const fs::path& folder : given_away) {
    if (!LiesWithin(file, folder)) continue;
    base::Throw(ErrorKind::kUsage,
                fmt::format("the key {} lies within {}, which it must not be given away with; name another place with "
                            "--key",
                            file.string(), folder.string()));
  }
  std::error_code ignored;
  if (!fs::exists(file, ignored) && WriteSecret(file, RandomKey() + '\n', false))
    base::Info("the key of the pseudonyms is {}; keep it apart from the data, and secret", file.string());
  return ReadKey(file);
}

fs::path MapFileOf(const fs::path& key_file) { return key_file.string() + ".map.tsv"; }

void AddToMap(const fs::path& key_file, const std::set<PseudonymRow>& rows) {
  const FileLock lock(key_file);
  const fs::path map = MapFileOf(key_file);
  std::set<std::string> lines;
  if (std::error_code ignored; fs::exists(map, ignored)) {
    std::istringstream known(base::ReadFile(map));
    for (std::string line; std::getline(known, line);) lines.insert(line);
  }
  constexpr const char* kHeader = "kind\tpseudonym\toriginal";
  lines.erase(kHeader);
  for (const PseudonymRow& row : rows)
    lines.insert(fmt::format("{}\t{}\t{}", row.kind, row.pseudonym, Cell(row.original)));
  std::string content = std::string(kHeader) + '\n';
  for (const std::string& line : lines) content += line + '\n';
  WriteSecret(map, content, true);
}

}  // namespace parotis::dicom
