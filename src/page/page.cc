#include "page/page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include <chrono>
#include <map>
#include <mutex>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "http/page_files.h"
#include "jobs/arrivals.h"
#include "page/administration.h"
#include "page/audit_trail.h"
#include "page/reviews.h"
#include "page/sessions.h"
#include "page/study.h"
#include "page/worklist.h"
#include "service/node_log.h"

namespace parotis::page {
namespace {

using base::Json;
using Path = std::vector<std::string>;

// What one session does again and again is written down once in so long.
class Seen {
 public:
  bool IsNews(const std::string& what) {
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    if (last_.size() > kMost) last_.clear();
    const auto [at, is_new] = last_.try_emplace(what, now);
    if (!is_new && now - at->second < kAgainAfter) return false;
    at->second = now;
    return true;
  }

 private:
  static constexpr std::size_t kMost = 10'000;
  static constexpr auto kAgainAfter = std::chrono::minutes(10);
  std::mutex mutex_;
  std::map<std::string, std::chrono::steady_clock::time_point> last_;
};

class Page : public service::PeoplesPage {
 public:
  Page(const service::NodeConfig& config, const service::Layout& layout, PageOptions options)
      : config_(config), layout_(layout), options_(std::move(options)), files_(options_.files, "index.html") {}

  std::optional<http::Response> Static(const http::Request& request) override {
    if (!request.path.empty() && request.path[0] == "api") return std::nullopt;
    std::optional<http::Response> response = files_.Find(request);
    if (!response) {
      response = files_.empty() && request.path.empty()
                     ? http::Text(404, "the page is not installed here; DICOMweb is below /dicom-web\n")
                     : http::Text(404, "there is nothing here\n");
    }
    Harden(*response, config_.web.tls.has_value());
    return response;
  }

  http::Response Answer(const http::Request& request, jobs::Database& database, service::Access& access) override {
    std::optional<service::Caller> caller = access.CallerOf(request);
    http::Response response =
        caller ? Guarded(request, database, access, *caller)
               : Error(403, "somebody speaks for you who is not among this node's web.proxies: ask its administrator");
    Harden(response, caller && caller->is_secure);
    return response;
  }

 private:
  // Sentences about what was asked are JSON here, too.
  http::Response Guarded(const http::Request& request, jobs::Database& database, service::Access& access,
                         service::Caller& caller) {
    try {
      return Route(request, database, access, caller);
    } catch (const base::Error& error) {
      if (error.kind() != base::ErrorKind::kInput && error.kind() != base::ErrorKind::kUsage) throw;
      return Error(400, error.message());
    }
  }

  http::Response Route(const http::Request& request, jobs::Database& database, service::Access& access,
                       service::Caller& caller) {
    const Path& path = request.path;
    if (request.method == "POST" && path == Path{"api", "login"})
      return AnswerLogin(request, database, access, caller, config_, layout_, options_);
    // What a page asks by itself, again and again, names what it has.
    access.FindSession(caller, database, request.Header("if-none-match").empty());
    if (!caller.session) return Error(401, "log in");
    if (request.method != "GET" && !access.IsFromOurPage(request, caller))
      return Error(403, "this request does not come from the node's own page: load it again");
    const Call call{request, database, access, caller};
    if (path.size() >= 3 && path[1] == "studies") return OfStudy(call);
    if (request.method == "GET") return Read(call);
    if (request.method == "POST") return Change(call);
    if (request.method == "DELETE" && path.size() == 3 && path[1] == "users")
      return IsAdmin(call) ? RemoveUser(call, path[2], layout_) : NotAllowed(call);
    return Error(405, "this is not answered here");
  }

  http::Response Read(const Call& call) {
    const Path& path = call.request.path;
    if (path == Path{"api", "session"}) return AnswerSession(call, config_, options_);
    if (path == Path{"api", "worklist"}) {
      Note(call, "worklist", call.request.Query("search"), "");
      return AnswerWorklist(call, layout_, facts_);
    }
    if (path == Path{"api", "users"}) return IsAdmin(call) ? AnswerUsers(call) : NotAllowed(call);
    if (path == Path{"api", "audit"}) return IsAdmin(call) ? AnswerAudit(call) : NotAllowed(call);
    return Error(404, "there is nothing here");
  }

  http::Response Change(const Call& call) {
    const Path& path = call.request.path;
    if (path == Path{"api", "logout"}) return AnswerLogout(call, layout_);
    if (path == Path{"api", "password"}) return AnswerPassword(call, layout_);
    const bool of_users = path.size() >= 2 && path.size() <= 3 && path[1] == "users";
    if (!of_users) return Error(404, "there is nothing here");
    if (!IsAdmin(call)) return NotAllowed(call);
    return path.size() == 2 ? AddUser(call, layout_) : ChangeUser(call, path[2], layout_);
  }

  // /api/studies/ID[/…]
  http::Response OfStudy(const Call& call) {
    const Path& path = call.request.path;
    const std::optional<Study> study = Study::Find(call.database, path[2]);
    if (!study) return Error(404, "this study is not kept here");
    const bool reads = call.request.method == "GET";
    const std::string& uid = study->entry().job.study_uid;
    if (path.size() == 3 && reads) {
      Note(call, "study", "", uid);
      return AnswerStudy(call, *study, layout_, facts_);
    }
    if (path.size() == 5 && path[3] == "volumes" && reads) {
      Note(call, "images", "", uid);
      return AnswerVolume(call, *study, path[4], layout_);
    }
    if (path.size() == 5 && path[3] == "files" && reads) {
      http::Response response = AnswerFile(call, *study, path[4], layout_);
      if (response.status == 200) Write(call, "download", path[4], uid);
      return response;
    }
    if (path.size() == 4 && path[3] == "open" && call.request.method == "POST") {
      Write(call, "study_opened", "", uid);
      return Nothing();
    }
    if (path.size() == 4 && path[3] == "reviews" && call.request.method == "POST")
      return AnswerReview(call, *study, layout_);
    return Error(404, "there is nothing here");
  }

  http::Response AnswerAudit(const Call& call) {
    AuditFilter filter;
    const std::string search = base::AsciiLower(call.request.Query("search"));
    for (const std::string_view word : base::PartsOf(search, ' ')) {
      if (!word.empty()) filter.words.emplace_back(word);
    }
    filter.user = call.request.Query("user");
    filter.from = base::FiniteNumberFrom(call.request.Query("from"));
    filter.before = base::FiniteNumberFrom(call.request.Query("before"));
    filter.limit =
        std::min<std::size_t>(1000, base::NumberFrom<std::size_t>(call.request.Query("limit")).value_or(100));
    Json events = Json::array();
    for (Json& event : ReadAuditTrail(layout_.audit.parent_path(), filter)) {
      const std::string uid = event.value("study_uid", std::string());
      Json shown = {{"at", event["at"]},
                    {"event", event.value("event", std::string())},
                    {"user", event.value("user", event.value("calling_ae", std::string()))},
                    {"address", event.value("address", std::string())},
                    {"study", uid},
                    {"patient", PatientOf(call, uid)},
                    {"detail", event.value("detail", event.value("path", std::string()))}};
      events.push_back(std::move(shown));
    }
    return page::Answer({{"events", std::move(events)}});
  }

  // "" for a study that is not kept any more.
  std::string PatientOf(const Call& call, const std::string& study_uid) {
    if (study_uid.empty()) return "";
    const std::string folder = jobs::FolderOf(study_uid);
    for (const jobs::WorklistEntry& entry : jobs::Worklist(call.database, folder)) {
      if (!entry.image.empty()) return facts_.OfImage(layout_.studies / folder / entry.image).name;
    }
    return "";
  }

  static bool IsAdmin(const Call& call) { return call.user().role == accounts::Role::kAdmin; }
  http::Response NotAllowed(const Call& call) const {
    Write(call, "refused", fmt::format("{} /{}", call.request.method, fmt::join(call.request.path, "/")), "");
    return Error(403, "this is for administrators");
  }

  void Write(const Call& call, const std::string& event, const std::string& detail, const std::string& uid) const {
    service::Audit(
        layout_.audit, event,
        {{"user", call.user().name}, {"address", call.caller.address}, {"study_uid", uid}, {"detail", detail}});
  }
  void Note(const Call& call, const std::string& event, const std::string& detail, const std::string& uid) {
    if (seen_.IsNews(fmt::format("{}\n{}\n{}\n{}", call.caller.session->csrf, event, detail, uid)))
      Write(call, event, detail, uid);
  }

  const service::NodeConfig& config_;
  const service::Layout& layout_;
  const PageOptions options_;
  const http::PageFiles files_;
  Facts facts_;
  Seen seen_;
};

}  // namespace

std::unique_ptr<service::PeoplesPage> MakePage(const service::NodeConfig& config, const service::Layout& layout,
                                               const PageOptions& options) {
  return std::make_unique<Page>(config, layout, options);
}

}  // namespace parotis::page
