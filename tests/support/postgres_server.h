// A PostgreSQL of its own for a test: a cluster in a temporary folder, reached through a socket there, gone with the
// object.
#pragma once

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/support/dciodvfy.h"
#include "tests/support/temporary_folder.h"

namespace parotis::test {

class PostgresServer {
 public:
  PostgresServer() {
    if (!Exists()) return;
    namespace fs = std::filesystem;
    const fs::path folder = folder_.path();
    // It refuses to run as root.
    if (::getuid() == 0) {
      const passwd* user = ::getpwnam("postgres");
      if (user == nullptr || ::chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0) return;
    }
    const std::string data = (folder / "data").string();
    // Nothing in a test outlives its machine: no sync.
    said_ = OutputOf(As(Binary("initdb") + " -D " + data + " -U parotis -A trust --no-sync"));
    said_ += OutputOf(As(Binary("pg_ctl") + " -D " + data + " -w -l " + (folder / "log").string() +
                         " -o \"-c listen_addresses='' -c unix_socket_directories=" + folder.string() +
                         " -c fsync=off\" start"));
    runs_ = said_.find("server started") != std::string::npos;
  }
  ~PostgresServer() {
    if (runs_) OutputOf(As(Binary("pg_ctl") + " -D " + (folder_.path() / "data").string() + " -m immediate stop"));
  }
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  bool runs() const { return runs_; }
  const std::string& said() const { return said_; }
  // Of a new, empty database.
  std::string NewDatabase() {
    const std::string name = "jobs" + std::to_string(++databases_);
    OutputOf(As(Binary("createdb") + " -h " + folder_.path().string() + " -U parotis " + name));
    return "postgresql:///" + name + "?host=" + folder_.path().string() + "&user=parotis";
  }

 private:
  static std::string Binary(const std::string& name) {
    std::string best;
    for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql")) {
      const std::string binary = (version.path() / "bin" / name).string();
      if (std::filesystem::exists(binary)) best = binary;
    }
    return best;
  }
  static bool Exists() { return std::filesystem::exists("/usr/lib/postgresql") && !Binary("initdb").empty(); }
  static std::string As(const std::string& command) {
    return "cd / && " +
           (::getuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --clear-groups " + command : command);
  }

  TemporaryFolder folder_;
  std::string said_;
  bool runs_ = false;
  int databases_ = 0;
};

}  // namespace parotis::test
