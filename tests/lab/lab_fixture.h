// A study with made-up networks, and its page in this process.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

#include "app/contrast_study.h"
#include "base/files.h"
#include "base/log.h"
#include "http/client.h"
#include "lab/gate.h"
#include "lab/lab.h"
#include "tests/support/background.h"
#include "tests/support/fake_study.h"
#include "tests/support/loopback.h"

namespace parotis::test {

// What the page does: it enters once and sends its pass.
struct LabBrowser {
  std::string url, pass;

  http::ShortAnswer Ask(const std::string& method, const std::string& path, http::Headers headers = {},
                        const std::string& body = "") const {
    http::Call call{.method = method, .url = url + path, .headers = std::move(headers), .body = {}};
    if (!pass.empty()) call.headers[lab::kPassField] = pass;
    if (method != "GET") {
      call.headers["content-type"] = "application/json";
      call.body = {body};
    }
    return http::ExchangeShort(call, {});
  }
  http::ShortAnswer Get(const std::string& path) const { return Ask("GET", path); }
  base::Json Json(const std::string& path) const { return base::Json::parse(Get(path).body); }
  http::ShortAnswer Enter(const std::string& token) {
    http::ShortAnswer answer = Ask("POST", "/api/lab/enter", {}, base::Json{{"token", token}}.dump());
    if (answer.status == 200) pass = base::Json::parse(answer.body).at("pass");
    return answer;
  }
};

class LabStudy {
 public:
  LabStudy() : dataset_(dataset::OpenDataset(cohort_.folder())) {
    base::SetLogLevel(base::LogLevel::kSilent);
    base::WriteFile(root() / "page" / "lab.html", std::string_view("<!doctype html><title>parotis lab</title>"));
    base::WriteFile(root() / "page" / "index.html", std::string_view("the node's"));
    base::WriteFile(root() / "page" / "assets" / "a-1.js", std::string_view("1"));
    base::CreateFolder(runs());
  }

  fs::path root() const { return cohort_.root(); }
  fs::path runs() const { return root() / "runs"; }
  const dataset::Dataset& dataset() const { return dataset_; }

  void Begin() { setting_ = experiment::Begin(FakeStudy(), dataset_, {}, runs(), FakePlan); }
  const experiment::Setting& setting() const { return *setting_; }
  void Do(std::size_t task) { experiment::DoTask(*setting_, task, FakeSteps(), "a test's machine"); }
  void DoAll() {
    Begin();
    for (const experiment::Task& task : setting_->tasks) Do(task.index);
  }
  fs::path FolderOf(std::size_t task) const { return setting_->FolderOf(setting_->tasks.at(task)); }

  report::ContrastStudyInput Read() const { return app::ReadContrastStudy(runs(), &dataset_); }
  std::unique_ptr<lab::Lab> Open() const {
    return std::make_unique<lab::Lab>(lab::LabOptions{runs(), dataset_, root() / "page", [this] { return Read(); }, 0});
  }

 private:
  evaluate::test::SmallCohort cohort_{FakePatients()};
  dataset::Dataset dataset_;
  std::optional<experiment::Setting> setting_;
};

inline LabBrowser BrowserOf(const lab::Lab& lab) { return {fmt::format("http://127.0.0.1:{}", lab.port()), ""}; }
inline LabBrowser Entered(const lab::Lab& lab) {
  LabBrowser browser = BrowserOf(lab);
  EXPECT_EQ(browser.Enter(lab.token()).status, 200);
  return browser;
}

// The status of a request with this Host, which a client cannot choose.
inline int StatusFor(const LabBrowser& browser, std::uint16_t port, const std::string& path, const std::string& host) {
  const int connection = ConnectToLoopback(port).value();
  const std::string request = fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n{}: {}\r\nConnection: close\r\n\r\n", path,
                                          host, lab::kPassField, browser.pass);
  EXPECT_EQ(::send(connection, request.data(), request.size(), 0), static_cast<ssize_t>(request.size()));
  std::array<char, 13> head{};  // "HTTP/1.1 200 "
  EXPECT_EQ(::recv(connection, head.data(), head.size(), MSG_WAITALL), static_cast<ssize_t>(head.size()));
  ::close(connection);
  return std::stoi(std::string(head.data() + 9, 3));
}

// Until figures of `revision` or later are there and nothing more is computed.
inline void WaitForFigures(const LabBrowser& browser, int revision = 1) {
  EXPECT_TRUE(Eventually([&] {
    const base::Json figures = browser.Json("/api/lab/overview").at("figures");
    return figures.at("revision") >= revision && !figures.at("computing").get<bool>();
  })) << browser.Get("/api/lab/overview").body;
}

}  // namespace parotis::test
