#include "service/spool.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <system_error>

#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "dicom/instance_identity.h"
#include "service/node_log.h"

namespace parotis::service {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kRecordLimit_bytes = 256 << 20;  // of the longest commitment that is taken, as JSON

// What the names of records end in.
constexpr const char* kInstance = ".instance";
constexpr const char* kRelease = ".release";
constexpr const char* kCommitment = ".commitment";
constexpr const char* kReport = ".report";
constexpr const char* kUnreadable = ".unreadable";

// Unique among all processes of a node, in the order of time.
std::string NewName() {
  static std::atomic<int> count{0};
  const auto now =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch());
  return fmt::format("{:017}-{}-{:06}", now.count(), ::getpid(), count++);
}

void Move(const fs::path& from, const fs::path& to) {
  std::error_code code;
  fs::rename(from, to, code);
  if (code) {
    base::Throw(base::ErrorKind::kIo,
                fmt::format("cannot put {} in place: {}; check space and permissions", to.string(), code.message()));
  }
}

std::vector<fs::path> FilesEndingIn(const fs::path& folder, const std::string& extension) {
  std::vector<fs::path> files;
  std::error_code code;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
    if (entry->path().extension() == extension && entry->path().filename().string().front() != '.')
      files.push_back(entry->path());
  }
  if (code && code != std::errc::no_such_file_or_directory)
    base::Throw(base::ErrorKind::kIo, fmt::format("cannot list {}: {}", folder.string(), code.message()));
  std::sort(files.begin(), files.end());
  return files;
}

Spooled::Record ReadInstance(const fs::path& file) {
  const base::Json json = base::ReadJson(file, kRecordLimit_bytes);
  base::JsonObject object(json, file.string());
  Spooled::Record record;
  record.file = file;
  record.dataset = fs::path(file).replace_extension(".dcm");
  jobs::Instance& instance = record.instance;
  object.ReadRequired("study_uid", instance.study_uid);
  object.ReadRequired("series_uid", instance.series_uid);
  object.ReadRequired("sop_class_uid", instance.sop_class_uid);
  object.ReadRequired("sop_instance_uid", instance.sop_instance_uid);
  object.ReadRequired("transfer_syntax_uid", instance.transfer_syntax_uid);
  object.ReadRequired("file", instance.file);
  object.ReadRequired("bytes", instance.bytes);
  object.ReadRequired("sender", instance.sender);
  object.Finish();
  return record;
}

Spooled::Commitment ReadCommitment(const fs::path& file) {
  const std::string text = base::ReadFile(file, kRecordLimit_bytes);
  const base::Json json = base::ParseJson(text, file.string());
  base::JsonObject object(json, file.string());
  Spooled::Commitment commitment{file, object.Get<std::string>("peer_ae"), object.Get<std::string>("transaction_uid"),
                                 object.Require("references").dump()};
  object.Finish();
  return commitment;
}

base::Json ToJson(const std::vector<dimse::CommitmentAnswer::Reference>& references) {
  base::Json list = base::Json::array();
  for (const auto& each : references)
    list.push_back({{"class", each.sop_class_uid}, {"instance", each.sop_instance_uid}, {"failure", each.failure}});
  return list;
}

Spooled::Report ReadReport(const fs::path& file) {
  const base::Json json = base::ReadJson(file, kRecordLimit_bytes);
  base::JsonObject object(json, file.string());
  Spooled::Report report{file, object.Get<std::string>("peer_ae"), {object.Get<std::string>("transaction_uid"), {}}};
  for (const base::Json& item : object.Require("references")) {
    base::JsonObject reference(item, file.string());
    report.answer.references.push_back({reference.Get<std::string>("class"), reference.Get<std::string>("instance"),
                                        static_cast<std::uint16_t>(reference.Get<int>("failure"))});
    reference.Finish();
  }
  object.Finish();
  return report;
}

template <class Read>
void ReadEach(const std::vector<fs::path>& files, const Read& read) {
  for (const fs::path& file : files) {
    try {
      read(file);
    } catch (const base::Error& error) {
      if (error.kind() != base::ErrorKind::kInput) throw;  // of the disk: it will be read yet
      LogEvent("error", "record_set_aside", {{"record", file.filename().string()}});
      std::error_code ignored;
      fs::rename(file, fs::path(file) += kUnreadable, ignored);
    }
  }
}

}  // namespace

bool IsRecord(const fs::path& file) {
  constexpr const char* kAll[] = {kInstance, kRelease, kCommitment, kReport, kUnreadable};
  return std::any_of(std::begin(kAll), std::end(kAll),
                     [&](const char* extension) { return file.extension() == extension; });
}

bool HasRecord(const fs::path& dataset) {
  const fs::path record = fs::path(dataset).replace_extension(kInstance);
  return fs::exists(record) || fs::exists(fs::path(record) += kUnreadable);
}

void SpoolArrival(const fs::path& incoming, const dimse::Arrival& arrival) {
  const std::string name = NewName();
  const std::string content = dicom::HashOfDataset(arrival.file, arrival.transfer_syntax_uid);
  const std::uint64_t bytes = fs::file_size(arrival.file);
  const fs::path dataset = incoming / (name + ".dcm");
  Move(arrival.file, dataset);
  try {
    base::WriteJson(incoming / (name + kInstance), {{"study_uid", arrival.study_uid},
                                                    {"series_uid", arrival.series_uid},
                                                    {"sop_class_uid", arrival.sop_class_uid},
                                                    {"sop_instance_uid", arrival.sop_instance_uid},
                                                    {"transfer_syntax_uid", arrival.transfer_syntax_uid},
                                                    {"file", content.substr(0, 40) + ".dcm"},
                                                    {"bytes", bytes},
                                                    {"sender", arrival.calling_ae}});
  } catch (const base::Error&) {
    std::error_code ignored;
    fs::remove(dataset, ignored);
    throw;
  }
}

void SpoolRelease(const fs::path& incoming, const std::vector<std::string>& study_uids) {
  base::WriteJson(incoming / (NewName() + kRelease), {{"study_uids", study_uids}});
}

void SpoolCommitment(const fs::path& incoming, const dimse::CommitmentRequest& request) {
  base::Json references = base::Json::array();
  for (const auto& reference : request.references)
    references.push_back({{"class", reference.sop_class_uid}, {"instance", reference.sop_instance_uid}});
  base::WriteJson(
      incoming / (NewName() + kCommitment),
      {{"peer_ae", request.calling_ae}, {"transaction_uid", request.transaction_uid}, {"references", references}});
}

void SpoolReport(const fs::path& incoming, const dimse::CommitmentReport& report) {
  base::WriteJson(incoming / (NewName() + kReport), {{"peer_ae", report.calling_ae},
                                                     {"transaction_uid", report.answer.transaction_uid},
                                                     {"references", ToJson(report.answer.references)}});
}

Spooled ReadSpool(const fs::path& incoming, std::size_t most) {
  Spooled spooled;
  // These first: what is listed after them was there before them, too.
  const std::vector<fs::path> releases = FilesEndingIn(incoming, kRelease);
  const std::vector<fs::path> commitments = FilesEndingIn(incoming, kCommitment);
  const std::vector<fs::path> reports = FilesEndingIn(incoming, kReport);
  std::vector<fs::path> instances = FilesEndingIn(incoming, kInstance);
  const bool all = instances.size() <= most;
  if (!all) instances.resize(most);
  ReadEach(instances, [&](const fs::path& file) { spooled.instances.push_back(ReadInstance(file)); });
  if (!all) return spooled;
  ReadEach(releases, [&](const fs::path& file) {
    const base::Json json = base::ReadJson(file, kRecordLimit_bytes);
    spooled.releases.push_back(
        {file, base::JsonObject(json, file.string()).Get<std::vector<std::string>>("study_uids")});
  });
  ReadEach(commitments, [&](const fs::path& file) { spooled.commitments.push_back(ReadCommitment(file)); });
  ReadEach(reports, [&](const fs::path& file) { spooled.reports.push_back(ReadReport(file)); });
  return spooled;
}

}  // namespace parotis::service
