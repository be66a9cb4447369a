// A DICOM node: a supervisor, which accepts connections, files what arrived and keeps the others alive, and processes
// for everything that touches what strangers sent or takes memory:
//
//   one per association   receives; spools (service/associate.h)
//   analysis              the model; several studies at a time (service/analysis.h)
//   courier               sends results, answers, fetches (service/courier.h)
//   web                   DICOMweb, health, metrics (service/web.h)
//
// They share nothing but the folder and the database, where every state lives: any of them, or all, may be killed at
// any moment. Whoever comes back goes on.
#pragma once

#include <string>
#include <vector>

#include "service/analysis.h"
#include "service/node_config.h"
#include "service/web.h"

namespace parotis::service {

struct NodeProgram {
  // The command line of the same program; " --role ROLE" is added to it.
  std::vector<std::string> command;
  Analyse analyse;
  MakePeoplesPage make_page = {};  // without: no page
};

// Until SIGTERM or SIGINT, then until what is under way has ended, at most limits.drain_s. Throws kUsage when the node
// runs already or its address is taken, kIo when its folder or database cannot be used.
int RunNode(const NodeConfig& config, const NodeProgram& program);

// One of the processes above: "analysis", "courier", "web" or "associate" (with its connection handed over).
int RunRole(const NodeConfig& config, const NodeProgram& program, const std::string& role);

}  // namespace parotis::service
