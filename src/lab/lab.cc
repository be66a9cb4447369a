#include "lab/lab.h"

#include <fmt/format.h>

#include <atomic>
#include <mutex>

#include "base/build_info.h"
#include "base/error.h"
#include "base/number.h"
#include "http/answers.h"
#include "http/page_files.h"
#include "http/server.h"
#include "lab/case_images.h"
#include "lab/curves.h"
#include "lab/figures.h"
#include "lab/gate.h"
#include "lab/task_states.h"

namespace parotis::lab {

using base::Json;
using http::Request;
using http::Response;
using Path = std::vector<std::string>;

namespace {

// Of failed tasks the overview tells, and as they are at this very moment. What stays is finished, and not what its
// result.json was written for.
report::ContrastStudyInput WithoutFailedTasks(report::ContrastStudyInput study, const std::filesystem::path& runs) {
  std::erase_if(study.failed, [&](const report::UnfinishedTask& task) {
    return !std::filesystem::exists(runs / task.what / "result.json");
  });
  return study;
}

}  // namespace

class Lab::Impl {
 public:
  explicit Impl(const LabOptions& options)
      : runs_(options.runs),
        dataset_name_(options.dataset.name),
        files_(options.files, kDocument),
        states_(options.runs),
        curves_(options.runs),
        figures_([read = options.read_study, runs = runs_] { return WithoutFailedTasks(read(), runs); }),
        images_(options.dataset, options.runs) {
    if (files_.empty())
      base::Throw(base::ErrorKind::kUsage, "the page is not built; scripts/build_page.sh builds it into web/dist");
    http::ServerOptions server;
    server.port = options.port;
    server.body_folder = images_.scratch() / "bodies";
    server.body_bytes = 4096;
    // Last: its threads ask all that stands above.
    server_ = std::make_unique<http::Server>(server, [this](const Request& request) { return Guarded(request); });
    port_ = server_->port();
  }

  std::uint16_t port() const { return server_->port(); }
  const Gate& gate() const { return gate_; }

 private:
  Response Guarded(const Request& request) {
    Response response;
    try {
      response = Route(request);
    } catch (const base::Error& error) {
      const bool is_asked_wrongly = error.kind() == base::ErrorKind::kUsage;
      response = http::Error(is_asked_wrongly ? 400 : 422, error.message());
    }
    http::Harden(response, false);
    return response;
  }

  Response Route(const Request& request) {
    if (const std::string why = gate_.WhyNot(request, port_); !why.empty()) return http::Error(403, why);
    const Path& path = request.path;
    if (path.empty() || path[0] != "api")
      return files_.Find(request).value_or(http::Text(404, "there is nothing here\n"));
    if (request.method == "POST" && path == Path{"api", "lab", "enter"}) return gate_.Enter(request);
    if (!gate_.HasPass(request)) {
      return http::Error(401,
                         "open the address that parotis browse printed; it is good for one browser: for another one "
                         "start parotis browse again");
    }
    if (request.method != "GET") return http::Error(405, "this page changes nothing");
    return Read(request);
  }

  Response Read(const Request& request) {
    const Path& path = request.path;
    if (path == Path{"api", "lab", "overview"}) return AnswerOverview(request);
    if (path == Path{"api", "lab", "curves"}) return AnswerCurves(request);
    if (path == Path{"api", "lab", "results"}) return AnswerResults(request);
    if (path.size() >= 4 && path[1] == "lab" && path[2] == "cases" && images_.Has(path[3])) {
      if (path.size() == 4) return AnswerCase(request);
      if (path.size() == 6 && path[4] == "volumes") return AnswerVolume(request);
    }
    return http::Error(404, "there is nothing here");
  }

  StudyState State() {
    const std::lock_guard lock(mutex_);
    return states_.Read();
  }

  Response AnswerOverview(const Request& request) {
    const StudyState state = State();
    if (state.problem.empty()) figures_.Want(state.complete, state.is_running);
    const Figures::Standing figures = figures_.Now();
    Json json = ToJson(state);
    json["folder"] = std::filesystem::weakly_canonical(runs_).filename().string();
    json["dataset"] = dataset_name_;
    json["version"] = base::Version();
    json["intended_use"] = base::kResearchUseOnly;
    json["figures"] = {{"revision", figures.latest ? figures.latest->revision : 0},
                       {"computing", figures.is_computing},
                       {"problem", figures.problem}};
    return http::AnswerOnce(request, json);
  }

  Response AnswerCurves(const Request& request) {
    const std::lock_guard lock(mutex_);
    curves_.Follow(states_.Read().tasks);
    return http::AnswerOnce(request,
                            curves_.Since(base::NumberFrom<std::uint64_t>(request.Query("after")).value_or(0)));
  }

  Response AnswerResults(const Request& request) {
    const Figures::Standing figures = figures_.Now();
    if (!figures.latest) return http::Error(404, "no figures are computed yet");
    return http::AnswerTextOnce(request, figures.latest->json);
  }

  Response AnswerCase(const Request& request) {
    const std::shared_ptr<const Snapshot> latest = figures_.Now().latest;
    const report::ContrastStudyInput none;
    Json json = images_.Describe(request.path[3], latest ? latest->input : none, State().tasks);
    // Runs are named by their places in the figures of this revision.
    json["revision"] = latest ? latest->revision : 0;
    return http::AnswerOnce(request, json);
  }

  Response AnswerVolume(const Request& request) {
    const auto file = images_.Find(request.path[3], request.path[5], State().tasks);
    if (!file) return http::Error(404, "this case has no such volume");
    return {.status = 200, .headers = {{"content-type", "application/octet-stream"}}, .body = {*file}};
  }

  const std::filesystem::path runs_;
  const std::string dataset_name_;
  const http::PageFiles files_;
  Gate gate_;
  std::mutex mutex_;  // of the two that remember what they have read
  TaskStates states_;
  Curves curves_;
  Figures figures_;
  CaseImages images_;
  std::unique_ptr<http::Server> server_;
  std::atomic<std::uint16_t> port_ = 0;
};

Lab::Lab(const LabOptions& options) : impl_(std::make_unique<Impl>(options)) {}
Lab::~Lab() = default;

std::uint16_t Lab::port() const { return impl_->port(); }
std::string Lab::token() const { return impl_->gate().token(); }
std::string Lab::address() const { return fmt::format("http://127.0.0.1:{}/#token={}", port(), token()); }

}  // namespace parotis::lab
