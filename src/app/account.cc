// `parotis account`: who may log in to a node's page.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "accounts/sessions.h"
#include "accounts/users.h"
#include "app/ask_password.h"
#include "app/command.h"
#include "app/commands.h"
#include "app/node_command.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/log.h"
#include "jobs/database.h"
#include "service/layout.h"
#include "service/node_config.h"
#include "service/node_log.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

struct AccountFlags {
  fs::path config;
  std::string add, change, remove, end_sessions;  // names
  std::optional<std::string> full_name, role;
  bool disable = false, enable = false;
  std::string password_file;
  bool generate = false, ask = false;
};

base::Json ToJson(const accounts::User& user) {
  return {{"name", user.name},         {"full_name", user.full_name},      {"role", accounts::NameOf(user.role)},
          {"disabled", user.disabled}, {"created", UtcText(user.created)}, {"last_login", UtcText(user.last_login)}};
}

std::string FirstLine(std::string text) {
  text.resize(std::min(text.find('\n'), text.size()));
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

std::string TypedTwice(const std::string& name) {
  const std::string password = AskPassword(fmt::format("password of {}: ", name));
  const std::string problem = accounts::ProblemOfPassword(password, name);
  if (!problem.empty()) base::Throw(base::ErrorKind::kUsage, problem);
  if (AskPassword("the same again: ") != password)
    base::Throw(base::ErrorKind::kUsage, "the two passwords differ: nothing was changed");
  return password;
}

std::string PasswordFor(const std::string& name, const AccountFlags& flags) {
  constexpr std::uint64_t kLongestFile = 64 << 10;
  if (flags.generate) return accounts::GeneratePassword();
  if (flags.password_file.empty()) return TypedTwice(name);
  if (flags.password_file != "-") return FirstLine(base::ReadFile(flags.password_file, kLongestFile));
  std::string line;
  std::getline(std::cin, line);
  return FirstLine(line);
}

// The node that is changed, and its audit trail.
class Accounts {
 public:
  Accounts(const AccountFlags& flags, const service::NodeConfig& config)
      : flags_(flags), audit_(service::Layout(config).audit) {
    service::DemandOwner(config.folder);
    if (flags.add.empty() && config.database.empty() && !fs::exists(config.DatabaseOrDefault()))
      base::Throw(
          base::ErrorKind::kUsage,
          fmt::format("{} has no users yet: add the first one with --add NAME --role admin", flags.config.string()));
    ::umask(0077);
    database_ = jobs::OpenDatabase(config.DatabaseOrDefault());
    accounts::MakeTables(*database_);
  }

  int List() const {
    const std::vector<accounts::User> users = accounts::ListUsers(*database_);
    if (common().json) {
      base::Json json = {{"users", base::Json::array()}};
      for (const accounts::User& user : users) json["users"].push_back(ToJson(user));
      fmt::print("{}", base::DumpJson(json));
      return kDone;
    }
    fmt::print("{:<20} {:<7} {:<9} {:<20} {}\n", "name", "role", "", "last login (UTC)", "full name");
    for (const accounts::User& user : users) {
      fmt::print("{:<20} {:<7} {:<9} {:<20} {}\n", user.name, accounts::NameOf(user.role),
                 user.disabled ? "disabled" : "", UtcText(user.last_login), user.full_name);
    }
    return kDone;
  }

  int Add() const {
    const std::string password = PasswordFor(flags_.add, flags_);
    const accounts::User user =
        accounts::AddUser(*database_, {.name = flags_.add,
                                       .full_name = flags_.full_name.value_or(""),
                                       .role = accounts::RoleNamed(flags_.role.value_or("reader")),
                                       .password = password});
    Audit("user_added", user.name, accounts::NameOf(user.role));
    Say(user, fmt::format("{} was added as {}", user.name, accounts::NameOf(user.role)), password);
    const std::vector<accounts::User> users = accounts::ListUsers(*database_);
    if (std::none_of(users.begin(), users.end(),
                     [](const accounts::User& each) { return each.role == accounts::Role::kAdmin && !each.disabled; }))
      base::Warn("nobody is admin of this node yet: --change NAME --role admin makes somebody so");
    return kDone;
  }

  int Change() const {
    const bool new_password = flags_.ask || flags_.generate || !flags_.password_file.empty();
    accounts::UserChange change;
    std::string detail;
    const auto note = [&](const std::string& what) { detail += (detail.empty() ? "" : ", ") + what; };
    change.full_name = flags_.full_name;
    if (flags_.full_name) note("full name");
    if (flags_.role) change.role = accounts::RoleNamed(*flags_.role), note("role " + *flags_.role);
    if (flags_.disable || flags_.enable)
      change.disabled = flags_.disable, note(flags_.disable ? "disabled" : "enabled");
    if (new_password) note("password");
    if (detail.empty())
      base::Throw(base::ErrorKind::kUsage,
                  "say what to change: --role, --full-name, --disable, --enable, or a password by --ask, --generate or "
                  "--password-file");
    if (!accounts::FindUser(*database_, flags_.change)) NoSuchUser(flags_.change);
    if (new_password) change.password = PasswordFor(flags_.change, flags_);
    const accounts::User user = accounts::ChangeUser(*database_, flags_.change, change);
    Audit("user_changed", user.name, detail);
    Say(user, fmt::format("{} was changed: {}", user.name, detail), change.password.value_or(""));
    return kDone;
  }

  int Remove() const {
    accounts::RemoveUser(*database_, flags_.remove);
    Audit("user_removed", flags_.remove, "");
    fmt::print("{} was removed\n", flags_.remove);
    return kDone;
  }

  int EndSessions() const {
    if (!accounts::FindUser(*database_, flags_.end_sessions)) NoSuchUser(flags_.end_sessions);
    const int ended = accounts::EndSessionsOf(*database_, flags_.end_sessions);
    Audit("sessions_ended", flags_.end_sessions, std::to_string(ended));
    fmt::print("sessions of {} that were ended: {}\n", flags_.end_sessions, ended);
    return kDone;
  }

 private:
  [[noreturn]] static void NoSuchUser(const std::string& name) {
    base::Throw(base::ErrorKind::kUsage, fmt::format("there is no user \"{}\"", name));
  }

  void Audit(const std::string& event, const std::string& account, const std::string& detail) const {
    service::Audit(audit_, event, {{"by", "command line, " + Who()}, {"account", account}, {"detail", detail}});
  }

  // A password that was made up is said this once.
  void Say(const accounts::User& user, const std::string& what, const std::string& password) const {
    if (common().json) {
      base::Json json = ToJson(user);
      if (flags_.generate) json["password"] = password;
      fmt::print("{}", base::DumpJson(json));
      return;
    }
    fmt::print("{}\n", what);
    if (flags_.generate) fmt::print("the password, shown this once: {}\n", password);
  }

  const AccountFlags& flags_;
  fs::path audit_;
  std::unique_ptr<jobs::Database> database_;
};

int Run(const AccountFlags& flags) {
  const Accounts node(flags, service::ReadNodeConfig(flags.config));
  if (!flags.add.empty()) return node.Add();
  if (!flags.change.empty()) return node.Change();
  if (!flags.remove.empty()) return node.Remove();
  return flags.end_sessions.empty() ? node.List() : node.EndSessions();
}

// Each of these options at most once, and none beside another.
void OneOf(const std::vector<CLI::Option*>& options) {
  for (CLI::Option* option : options) {
    for (CLI::Option* other : options)
      if (option != other) option->excludes(other);
  }
}

}  // namespace

std::function<int()> DefineAccount(CLI::App& app) {
  const auto flags = std::make_shared<AccountFlags>();
  app.add_option("config", flags->config, "the node's configuration")->required()->check(CLI::ExistingFile);
  CLI::Option* add = app.add_option("--add", flags->add, "a new user of this name (a-z 0-9 . _ -)");
  CLI::Option* change = app.add_option("--change", flags->change, "change this user");
  CLI::Option* remove = app.add_option("--remove", flags->remove, "remove this user, with all sessions");
  CLI::Option* end = app.add_option("--end-sessions", flags->end_sessions, "log this user out everywhere");
  OneOf({add, change, remove, end});
  const auto about_user = [&](CLI::Option* option) { return option->excludes(remove)->excludes(end); };
  about_user(app.add_option("--role", flags->role, "what the user may do (without it: reader)"))
      ->check(CLI::IsMember({"reader", "admin"}));
  about_user(app.add_option("--full-name", flags->full_name, "as reviews are signed"));
  OneOf({app.add_flag("--disable", flags->disable, "no more logins; sessions end at once")->needs(change),
         app.add_flag("--enable", flags->enable, "logins again")->needs(change)});
  OneOf({about_user(app.add_option("--password-file", flags->password_file,
                                   "the password is this file's first line, or standard input's (-)")),
         about_user(app.add_flag("--generate", flags->generate, "make a password up and print it, this once")),
         about_user(app.add_flag("--ask", flags->ask, "ask for the password on the terminal (with --add: default)"))});
  return [flags] { return Run(*flags); };
}

}  // namespace parotis::app
