// A node as an administrator runs it, for tests: its configuration, its process, an archive that takes its results
// (DCMTK's storescp), and scanners that send to it.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "dicom/mr_writer.h"
#include "dimse/peer.h"
#include "http/client.h"
#include "jobs/catalogue.h"
#include "tests/support/background.h"
#include "tests/support/mr_study.h"
#include "tests/support/temporary_folder.h"

namespace parotis::test {

// One series of a few small slices; its study's description tells a fake node what to do (tests/support/fake_node.cc).
inline std::vector<std::filesystem::path> WriteStudyToSend(const std::filesystem::path& folder, const std::string& name,
                                                           const std::string& description = "", int slices = 3,
                                                           const std::string& series_name = "t2") {
  dicom::MrStudy study = SomeStudy();
  study.uid = dicom::UidFromName("study " + name);
  study.patient_id = name;
  study.description = description;
  dicom::MrSeries series;
  series.uid = dicom::UidFromName("series " + series_name + " of " + name);
  series.description = series_name;
  series.repetition_time_ms = 4000, series.echo_time_ms = 90, series.slice_thickness_mm = 4;
  dicom::MrVolume volume;
  image::Geometry grid;
  grid.size = {16, 16, slices};
  grid.spacing_mm = {1, 1, 4};
  volume.image = image::Volume(grid, 100);
  const std::filesystem::path into = folder / (name + "-" + series_name);
  dicom::WriteMrSeries(into, study, series, {volume});
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(into)) files.push_back(entry.path());
  return files;
}

class NodeFixture {
 public:
  NodeFixture() {
    config_ = {{"name", "node"},
               {"folder", "kept"},
               {"complete", {{"quiet_s", 0.5}, {"on_release", true}}},
               {"dicom", {{"ae_title", "PAROTIS"}, {"port", dicom_port_}, {"allowed", {{{"ae_title", "SCANNER"}}}}}},
               {"web", {{"port", web_port_}, {"archives", {"127.0.0.1"}}}},
               {"peers", {{{"name", "pacs"}, {"ae_title", "PACS"}, {"host", "127.0.0.1"}, {"port", pacs_port_}}}},
               {"limits", {{"free_gb", 0.01}, {"drain_s", 20}}},
               {"retry", {{"attempts", 3}, {"first_s", 0.2}, {"longest_s", 1}}}};
    // Sanitizers reserve terabytes of addresses.
    config_["dicom"]["memory_mb"] = 1e8;
    config_["limits"]["memory_mb"] = 1e8;
    std::filesystem::create_directories(received());
  }

  base::Json& config() { return config_; }
  std::filesystem::path folder() const { return folder_.path(); }
  std::filesystem::path kept() const { return folder_.path() / "kept"; }
  std::filesystem::path received() const { return folder_.path() / "received"; }
  std::filesystem::path config_file() const { return folder_.path() / "node.json"; }
  std::string log() const { return base::ReadFile(folder_.path() / "node.log"); }
  std::uint16_t dicom_port() const { return dicom_port_; }
  std::uint16_t pacs_port() const { return pacs_port_; }
  dimse::Peer AsPeer() const { return {"node", "PAROTIS", "127.0.0.1", dicom_port_, std::nullopt, 30}; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(web_port_); }

  void StartNode(const std::vector<std::string>& program, bool wait = true) {
    base::WriteJson(config_file(), config_);
    std::vector<std::string> command = program;
    command.push_back(config_file().string());
    node_ = std::make_unique<Background>(command, folder_.path() / "node.log");
    // In this order: each look at the DICOM port becomes an association.
    if (wait) Eventually([&] { return (!HasWeb() || ListensOn(web_port_)) && ListensOn(dicom_port_); });
  }
  Background& node() { return *node_; }
  pid_t node_process() const { return node_->process(); }

  void StartArchive() {
    archive_ = std::make_unique<Background>(
        std::vector<std::string>{"storescp", "--fork", "--aetitle", "PACS", "--output-directory", received().string(),
                                 std::to_string(pacs_port_)},
        folder_.path() / "archive.log");
    Eventually([&] { return ListensOn(pacs_port_); });
  }
  void StopArchive() { archive_.reset(); }

  // Sends as a scanner does, again while it is turned away for now.
  std::vector<dimse::Sent> Send(const std::vector<std::filesystem::path>& files) const {
    for (int attempt = 0;; ++attempt) {
      try {
        return dimse::Store("SCANNER", AsPeer(), files);
      } catch (const base::Error&) {
        if (attempt == 100) throw;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      }
    }
  }
  // The same until every instance has been answered with success, as a scanner's own queue would.
  void SendUntilStored(const std::vector<std::filesystem::path>& files) const {
    for (int attempt = 0; attempt < 200; ++attempt) {
      try {
        const std::vector<dimse::Sent> sent = dimse::Store("SCANNER", AsPeer(), files);
        bool all = true;
        for (const dimse::Sent& instance : sent) all = all && instance.stored;
        if (all) return;
      } catch (const base::Error&) {
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    base::Throw(base::ErrorKind::kIo, "the node does not take the study: " + log());
  }

  std::unique_ptr<jobs::Database> OpenJobs() const {
    const std::string database = config_.value("database", std::string());
    return jobs::OpenDatabase(database.empty() ? (kept() / "jobs.db").string() : database);
  }
  std::map<std::string, std::int64_t> Counts() const {
    try {
      return jobs::CountJobs(*OpenJobs());
    } catch (const base::Error&) {
      return {};
    }
  }
  bool Reaches(const std::string& state, std::int64_t count, double within_s = 60) const {
    return Eventually([&] { return Counts()[state] == count; }, within_s);
  }
  std::size_t ReceivedObjects() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(received())) ++count;
    return count;
  }

  http::ShortAnswer Get(const std::string& path, const std::string& accept = "*/*") const {
    return http::ExchangeShort({.method = "GET", .url = url() + path, .headers = {{"accept", accept}}, .body = {}}, {});
  }

 private:
  bool HasWeb() const { return config_["web"].value("enabled", true); }

  TemporaryFolder folder_;
  std::uint16_t dicom_port_ = FreePort(), web_port_ = FreePort(), pacs_port_ = FreePort();
  base::Json config_;
  std::unique_ptr<Background> node_, archive_;
};

}  // namespace parotis::test
