// A node's web port with a page, two accounts and a study, in this process, for tests: an answered study of a patient
// whose name is somebody's attack.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "accounts/schema.h"
#include "accounts/users.h"
#include "base/files.h"
#include "base/json.h"
#include "dataset/diagnosis.h"
#include "http/client.h"
#include "image/nifti.h"
#include "jobs/analyses.h"
#include "jobs/arrivals.h"
#include "jobs/schema.h"
#include "page/page.h"
#include "service/analysis.h"
#include "tests/support/loopback.h"
#include "tests/support/node_fixture.h"
#include "tests/support/temporary_folder.h"
#include "view/view_files.h"
#include "view/view_volumes.h"

namespace parotis::test {

inline constexpr const char* kAttack = "<script>alert(1)</script>";
inline constexpr const char* kPassword = "correct horse battery";

// A session as a browser has it.
struct Browser {
  std::string url, cookie, csrf;
  http::Headers always = {{"user-agent", "test"}};

  http::ShortAnswer Ask(const std::string& method, const std::string& path, const std::string& body = "",
                        http::Headers more = {}) const {
    http::Call call{.method = method, .url = url + path, .headers = always, .body = {}};
    if (!cookie.empty()) call.headers["cookie"] = cookie;
    if (method != "GET") {
      call.headers["x-csrf-token"] = csrf;
      call.headers["content-type"] = "application/json";
      call.body = {body};
    }
    for (const auto& [name, value] : more) call.headers[name] = value;
    return http::ExchangeShort(call, {});
  }
  http::ShortAnswer Get(const std::string& path) const { return Ask("GET", path); }
  http::ShortAnswer Post(const std::string& path, const base::Json& body) const {
    return Ask("POST", path, body.dump());
  }

  http::ShortAnswer LogIn(const std::string& name, const std::string& password = kPassword) {
    const http::ShortAnswer answer = Post("/api/login", {{"name", name}, {"password", password}});
    if (answer.status != 200) return answer;
    const std::string set = answer.headers.at("set-cookie");
    cookie = set.substr(0, set.find(';'));
    csrf = base::Json::parse(answer.body).at("csrf").get<std::string>();
    return answer;
  }
};

class PageNode {
 public:
  explicit PageNode(const std::function<void(service::NodeConfig&)>& change = [](service::NodeConfig&) {}) {
    config_.file = folder_.path() / "node.json";
    config_.folder = folder_.path() / "kept";
    const Listener listener = ListenOnLoopback();
    ::close(listener.descriptor);
    config_.web.port = listener.port;
    change(config_);
    base::CreateFolder(config_.folder);
    base::WriteFile(folder_.path() / "page" / "index.html", std::string_view("<!doctype html><title>parotis</title>"));
    base::WriteFile(folder_.path() / "page" / "assets" / "a-1.js", std::string_view("1"));
    database_ = jobs::OpenDatabase(config_.DatabaseOrDefault());
    jobs::MakeTables(*database_);
    accounts::MakeTables(*database_);
    const accounts::HashCost cheap{.passes = 1, .memory_kib = 64, .lanes = 1};
    accounts::AddUser(*database_, {"meyer", "Dr. A. Meyer", accounts::Role::kReader, kPassword}, cheap);
    accounts::AddUser(*database_, {"rossi", "Dr. B. Rossi", accounts::Role::kReader, kPassword}, cheap);
    accounts::AddUser(*database_, {"chief", "", accounts::Role::kAdmin, kPassword}, cheap);
  }
  ~PageNode() {
    stop_ = true;
    if (web_.joinable()) web_.join();
  }
  void Start() {
    web_ = std::thread([this] {
      service::RunWeb(
          config_,
          [this](const service::NodeConfig& config, const service::Layout& layout) {
            return page::MakePage(config, layout,
                                  {.files = folder_.path() / "page", .classes = {"warthin", "malignant"}});
          },
          stop_);
    });
    Eventually([&] { return ListensOn(config_.web.port); });
  }

  const service::NodeConfig& config() const { return config_; }
  jobs::Database& database() { return *database_; }
  std::uint16_t port() const { return config_.web.port; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }
  Browser NewBrowser() const { return {url(), "", "", {{"user-agent", "test"}}}; }
  Browser LoggedIn(const std::string& name) const {
    Browser browser = NewBrowser();
    const http::ShortAnswer answer = browser.LogIn(name);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return browser;
  }

  // A study whose images lie there; its answer has one lesion in a grid of 4 × 4 × 2. Returns its id.
  std::string AddStudy(const std::string& name) {
    const service::Layout layout(config_);
    dicom::MrStudy study = SomeStudy();
    study.uid = dicom::UidFromName("study " + name);
    study.patient_name = std::string(kAttack) + "^" + name;
    study.patient_id = name;
    dicom::MrSeries series;
    series.uid = dicom::UidFromName("series of " + name);
    series.description = kAttack;
    dicom::MrVolume volume;
    volume.image = image::Volume(Grid(), 100);
    const std::string id = jobs::FolderOf(study.uid);
    dicom::WriteMrSeries(layout.studies / id, study, series, {volume});
    std::vector<jobs::Instance> instances;
    for (const auto& entry : std::filesystem::directory_iterator(layout.studies / id))
      instances.push_back({study.uid, series.uid, "1.2.840.10008.5.1.4.1.1.4",
                           dicom::UidFromName(entry.path().string()), "1.2.840.10008.1.2.1",
                           entry.path().filename().string(), 1, "SCANNER"});
    jobs::AddInstances(*database_, instances);
    jobs::MakeReady(*database_, {.quiet_s = -1, .on_release = false}, {});
    return id;
  }
  // Answers what is ready, as the analysing process would.
  void AnswerAll() {
    while (const auto claim = jobs::ClaimAnalysis(*database_, "node/analysis", "shipped", 60)) {
      const std::string results =
          claim->folder + "-" + std::to_string(claim->job) + "-" + std::to_string(claim->number);
      WriteResults(service::Layout(config_).results / results);
      jobs::Finish(*database_, *claim,
                   {.refused = false, .reason = "sure", .verdict = "class: warthin", .results = results, .objects = {}},
                   {});
    }
  }
  static image::Geometry Grid() {
    image::Geometry grid;
    grid.size = {4, 4, 2};
    grid.spacing_mm = {1, 1, 4};
    return grid;
  }

 private:
  static void WriteResults(const std::filesystem::path& folder) {
    dataset::Diagnosis diagnosis;
    diagnosis.case_id = "case";
    diagnosis.verdict = dataset::Verdict::kClass;
    diagnosis.class_name = "warthin";
    diagnosis.classes = {"warthin", "malignant"};
    diagnosis.class_probabilities = {0.75, 0.25};
    diagnosis.reason = "sure";
    dataset::Lesion lesion;
    lesion.id = 1;
    lesion.network_probabilities = lesion.class_probabilities = {0.75, 0.25};
    diagnosis.lesions = {lesion};
    base::WriteJson(folder / "diagnosis.json", dataset::ToJson(diagnosis));
    base::WriteFile(folder / "report.dcm", std::string_view("12345"));
    image::LabelVolume lesions(Grid());
    lesions.voxels[5] = 1;
    const std::filesystem::path view = folder / service::kViewFolder;
    image::WriteNifti(view / view::FileOf(view::kLesions), lesions);
    image::WriteNifti(view / view::FileOf("channel-0"), image::Volume(Grid(), 100));
    base::WriteJson(view / view::kManifest,
                    {{"view",
                      {{"size", Grid().size},
                       {"spacing_mm", Grid().spacing_mm},
                       {"slice_axis", 2},
                       {"channels", {{{"name", "T2"}, {"volume", "channel-0"}, {"before", nullptr}}}},
                       {"lesions", view::kLesions},
                       {"probability", view::kProbability}}},
                     {"series", {{{"number", 1}, {"description", kAttack}}}},
                     {"model", {{"name", "shipped"}}}});
  }

  TemporaryFolder folder_;
  service::NodeConfig config_;
  std::unique_ptr<jobs::Database> database_;
  std::atomic<bool> stop_ = false;
  std::thread web_;
};

}  // namespace parotis::test
