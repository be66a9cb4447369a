// The process that answers HTTP: DICOMweb for the studies and results that are kept (QIDO-RS, WADO-RS, STOW-RS;
// PS3.18), health, readiness and metrics, and what people see.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "http/message.h"
#include "jobs/database.h"
#include "service/access.h"
#include "service/layout.h"
#include "service/node_config.h"

namespace parotis::service {

// What people see below "/": told by who starts the node. Called from several threads.
class PeoplesPage {
 public:
  virtual ~PeoplesPage() = default;
  // What needs neither a session nor the database: nothing when that is not asked for.
  virtual std::optional<http::Response> Static(const http::Request& request) = 0;
  virtual http::Response Answer(const http::Request& request, jobs::Database& database, Access& access) = 0;
};
using MakePeoplesPage = std::function<std::unique_ptr<PeoplesPage>(const NodeConfig& config, const Layout& layout)>;

// Until `stop`. Returns the process's exit code. Without `make_page` there is none. Throws as http::Server.
int RunWeb(const NodeConfig& config, const MakePeoplesPage& make_page, const std::atomic<bool>& stop);

}  // namespace parotis::service
