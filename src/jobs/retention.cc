#include "jobs/retention.h"

#include <fmt/format.h>

#include <algorithm>

#include "jobs/claims.h"

namespace parotis::jobs {
namespace {

void Forget(Database& database, const std::string& study, const std::string& folder, Removed& removed) {
  for (const Row& row : database.Run("SELECT results FROM jobs WHERE study = $1 AND results <> ''", {study}))
    removed.results.push_back(row[0]);
  database.Run(
      "INSERT INTO leftovers (file) SELECT $2 || '/' || file FROM instances WHERE study = $1 AND result = 0 "
      "ON CONFLICT (file) DO NOTHING",
      {study, folder});
  database.Run("DELETE FROM instances WHERE study = $1", {study});
  database.Run("DELETE FROM review_objects WHERE job IN (SELECT id FROM jobs WHERE study = $1)", {study});
  database.Run("DELETE FROM besides WHERE job IN (SELECT id FROM jobs WHERE study = $1)", {study});
  database.Run("UPDATE jobs SET results = '', claim = claim + 1 WHERE study = $1", {study});
  database.Run("UPDATE studies SET removed = 1 WHERE id = $1", {study});
  removed.studies.push_back(folder);
}

// What is kept of one study, an expression over its row "s".
constexpr const char* kBytesOfStudy =
    "(SELECT COALESCE(SUM(i.bytes), 0) FROM instances i WHERE i.study = s.id) + "
    "(SELECT COALESCE(SUM(o.bytes), 0) FROM review_objects o JOIN jobs r ON r.id = o.job WHERE r.study = s.id) + "
    "(SELECT COALESCE(SUM(b.bytes), 0) FROM besides b JOIN jobs r ON r.id = b.job WHERE r.study = s.id)";

}  // namespace

std::int64_t KeptBytes(Database& database) {
  return Integer(database
                     .Run("SELECT (SELECT COALESCE(SUM(bytes), 0) FROM instances) + (SELECT COALESCE(SUM(bytes), 0) "
                          "FROM review_objects) + (SELECT COALESCE(SUM(bytes), 0) FROM besides)",
                          {})
                     .at(0)
                     .at(0));
}

Removed ForgetOld(Database& database, const RetentionRule& rule) {
  return Transact(database, [&] {
    Removed removed;
    const double now = database.Now();
    std::int64_t bytes = KeptBytes(database);
    // Studies all of whose jobs have ended well; what failed waits for a person.
    const std::vector<Row> ended = database.Run(
        fmt::format("SELECT s.id, s.folder, MAX(j.ended), {} FROM studies s "
                    "JOIN jobs j ON j.study = s.id WHERE s.removed = 0 GROUP BY s.id, s.folder "
                    "HAVING SUM(CASE WHEN j.state IN ('done', 'refused') THEN 0 ELSE 1 END) = 0 ORDER BY 3",
                    kBytesOfStudy),
        {});
    for (const Row& row : ended) {
      if (now - Real(row[2]) < rule.keep_s && bytes <= rule.most_bytes) continue;
      bytes -= Integer(row[3]);
      Forget(database, row[0], row[1], removed);
    }
    return removed;
  });
}

std::size_t RemoveLeftovers(Database& database, std::size_t most,
                            const std::function<void(const std::string& file)>& remove) {
  return Transact(database, [&] {
    // Taken first: whoever records one of these files waits for the end of this, or this fails before it removes.
    const std::vector<Row> taken =
        database.Run("DELETE FROM leftovers WHERE file IN (SELECT file FROM leftovers ORDER BY file LIMIT " +
                         std::to_string(most) + ") RETURNING file",
                     {});
    for (const Row& row : taken) {
      const std::size_t slash = row[0].find('/');
      const bool named = !database
                              .Run(
                                  "SELECT 1 FROM instances i JOIN studies s ON s.id = i.study WHERE s.folder = $1 AND "
                                  "i.file = $2 AND i.result = 0",
                                  {row[0].substr(0, slash), row[0].substr(slash + 1)})
                              .empty();
      if (!named) remove(row[0]);
    }
    return taken.size();
  });
}

std::vector<std::string> Unreferenced(Database& database, const std::vector<std::string>& results) {
  return Transact(database, [&] {
    std::vector<std::string> known;
    for (const Row& row : database.Run("SELECT results FROM jobs WHERE results <> ''", {})) known.push_back(row[0]);
    std::sort(known.begin(), known.end());
    std::vector<std::string> unreferenced;
    for (const std::string& folder : results) {
      if (!std::binary_search(known.begin(), known.end(), folder)) unreferenced.push_back(folder);
    }
    return unreferenced;
  });
}

}  // namespace parotis::jobs
