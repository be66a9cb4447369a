#include "service/web.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "http/server.h"
#include "jobs/database.h"
#include "service/dicomweb.h"
#include "service/layout.h"
#include "service/node_log.h"
#include "service/status_pages.h"

namespace parotis::service {
namespace {

constexpr int kHandlers = 4;
constexpr std::size_t kLongestPath = 300;

// One connection to the database for each request under way, kept for the next.
class Connections {
 public:
  explicit Connections(std::string where) : where_(std::move(where)) {}

  std::unique_ptr<jobs::Database> Take() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        auto database = std::move(free_.back());
        free_.pop_back();
        return database;
      }
    }
    return jobs::OpenDatabase(where_);
  }
  void GiveBack(std::unique_ptr<jobs::Database> database) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(database));
  }

 private:
  const std::string where_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<jobs::Database>> free_;
};

class Site {
 public:
  Site(const NodeConfig& config, const MakePeoplesPage& make_page)
      : config_(config),
        layout_(config),
        access_(config, layout_),
        connections_(config.DatabaseOrDefault()),
        dicomweb_(config_, layout_),
        page_(make_page ? make_page(config, layout_) : nullptr) {}

  http::Admission Admit(const http::Request& request) const { return access_.Admit(request); }

  http::Response Answer(const http::Request& request) {
    std::string who;
    http::Response response = Route(request, who);
    const bool of_patients = !request.path.empty() && request.path[0] == "dicom-web";
    if (of_patients) Record(request, who, response.status);
    return response;
  }

 private:
  void Record(const http::Request& request, const std::string& who, int status) {
    base::Json event = {{"method", request.method},
                        {"path", fmt::format("/{}", fmt::join(request.path, "/")).substr(0, kLongestPath)},
                        {"address", request.address},
                        {"user", who},
                        {"status", status}};
    if (who.empty() && (status == 401 || status == 403 || status == 429)) {
      const auto unsaid = access_.NoteRefusal(request.address);
      if (!unsaid) return;
      if (*unsaid > 0) event["detail"] = fmt::format("and {} more before", *unsaid);
    }
    Audit(layout_.audit, "http", event);
  }

  http::Response Route(const http::Request& request, std::string& who) {
    const std::string first = request.path.empty() ? "" : request.path[0];
    const bool reads = request.method == "GET" || request.method == "HEAD";
    const bool of_status = first == "health" || first == "ready" || first == "metrics";
    if (of_status && request.path.size() == 1 && !reads) return http::Text(405, "only GET is answered here\n");
    if (request.path.size() == 1 && first == "health") return http::Text(200, "ok\n");
    if (request.path.size() == 1 && first == "ready")
      return WithDatabase([&](jobs::Database& database) { return Readiness(database, layout_); },
                          [](const std::string& why) { return http::Text(503, why + "\n"); });
    if (request.path.size() == 1 && first == "metrics")
      return WithDatabase([&](jobs::Database& database) { return Metrics(database, config_, layout_); }, Unavailable);
    if (first == "dicom-web")
      return WithDatabase(
          [&](jobs::Database& database) {
            const auto refusal = access_.RefuseDicomWeb(request, database, who);
            return refusal ? *refusal : dicomweb_.Answer(request, database);
          },
          Unavailable);
    if (!page_) return http::Text(404, "there is no page here; DICOMweb is below /dicom-web\n");
    if (auto response = page_->Static(request)) return std::move(*response);
    return WithDatabase([&](jobs::Database& database) { return page_->Answer(request, database, access_); },
                        Unavailable);
  }

  static http::Response Unavailable(const std::string&) {
    return http::Text(503, "the jobs cannot be read now; try again later\n");
  }

  template <class Body, class Otherwise>
  http::Response WithDatabase(const Body& body, const Otherwise& otherwise) {
    try {
      std::unique_ptr<jobs::Database> database = connections_.Take();
      http::Response response = body(*database);
      connections_.GiveBack(std::move(database));
      return response;
    } catch (const base::Error& error) {
      if (error.kind() != base::ErrorKind::kIo) throw;
      LogEvent("error", "web", {{"reason", error.message()}});
      return otherwise(error.message());
    }
  }

  const NodeConfig& config_;
  const Layout layout_;
  Access access_;
  Connections connections_;
  DicomWeb dicomweb_;
  const std::unique_ptr<PeoplesPage> page_;
};

}  // namespace

int RunWeb(const NodeConfig& config, const MakePeoplesPage& make_page, const std::atomic<bool>& stop) {
  Site site(config, make_page);
  const WebListener& web = config.web;
  http::ServerOptions options;
  options.address = web.address, options.port = web.port, options.tls = web.tls, options.allowed = web.allowed;
  options.body_folder = Layout(config).uploads;
  options.body_bytes = web.upload_bytes;
  options.connections = web.connections;
  options.threads = kHandlers;
  options.admit = [&](const http::Request& request) { return site.Admit(request); };
  http::Server server(options, [&](const http::Request& request) { return site.Answer(request); });
  LogEvent("info", "web", {{"http", fmt::format("{}:{}", web.address, server.port())}, {"tls", web.tls.has_value()}});
  while (!stop) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  server.Stop();
  return 0;
}

}  // namespace parotis::service
