// SQLite, embedded: one file, several processes of one machine.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <cctype>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>

#include "base/error.h"
#include "base/files.h"
#include "jobs/database.h"

namespace parotis::jobs {
namespace {

constexpr int kWaitForOthers_ms = 60'000;

// "$1" is a name to SQLite, "?1" the first value.
std::string Numbered(const std::string& statement) {
  std::string numbered = statement;
  for (std::size_t i = 0; i + 1 < numbered.size(); ++i) {
    if (numbered[i] == '$' && std::isdigit(static_cast<unsigned char>(numbered[i + 1])) != 0) numbered[i] = '?';
  }
  return numbered;
}

class Sqlite : public Database {
 public:
  explicit Sqlite(std::string file) : file_(std::move(file)) {
    base::CreateFolder(std::filesystem::path(file_).parent_path());
    Translated([&] {
      connection_.emplace(file_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kWaitForOthers_ms);
      connection_->exec("PRAGMA journal_mode=WAL");
      connection_->exec("PRAGMA synchronous=FULL");  // a committed job survives a power cut
    });
  }

  void Begin() override {
    Translated([&] { connection_->exec("BEGIN IMMEDIATE"); });
  }
  void Commit() override {
    Translated([&] { connection_->exec("COMMIT"); });
  }
  void RollBack() noexcept override {
    try {
      connection_->exec("ROLLBACK");
    } catch (const std::exception&) {
      return;  // the statement that failed had ended the transaction
    }
  }

  std::vector<Row> Run(const std::string& text, const std::vector<std::string>& values) override {
    return Translated([&] {
      SQLite::Statement& statement = Prepared(text);
      statement.reset();
      for (std::size_t i = 0; i < values.size(); ++i) statement.bind(static_cast<int>(i + 1), values[i]);
      std::vector<Row> rows;
      while (statement.executeStep()) {
        Row& row = rows.emplace_back();
        for (int c = 0; c < statement.getColumnCount(); ++c) row.push_back(statement.getColumn(c).getString());
      }
      statement.reset();
      return rows;
    });
  }

  double Now() override {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  }
  void SerialiseSchema() override {}  // there is one writer at a time
  std::string IdentityColumn() const override { return "INTEGER PRIMARY KEY AUTOINCREMENT"; }
  std::string SkipLocked() const override { return ""; }

 private:
  template <class Body>
  auto Translated(Body&& body) -> decltype(body()) {
    try {
      return body();
    } catch (const SQLite::Exception& error) {
      base::Throw(base::ErrorKind::kIo,
                  fmt::format("the jobs in {} cannot be kept: {}; check space and permissions", file_, error.what()));
    }
  }

  SQLite::Statement& Prepared(const std::string& text) {
    const auto known = statements_.find(text);
    if (known != statements_.end()) return known->second;
    return statements_.try_emplace(text, *connection_, Numbered(text)).first->second;
  }

  std::string file_;
  std::optional<SQLite::Database> connection_;
  std::map<std::string, SQLite::Statement> statements_;
};

}  // namespace

std::unique_ptr<Database> OpenSqlite(const std::string& file) { return std::make_unique<Sqlite>(file); }

}  // namespace parotis::jobs
