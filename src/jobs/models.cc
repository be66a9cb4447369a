#include "jobs/models.h"

#include "base/error.h"
#include "jobs/claims.h"

namespace parotis::jobs {
namespace {

std::vector<Activation> ReadActivations(Database& database) {
  std::vector<Activation> activations;
  for (const Row& row : database.Run("SELECT model, since, by_whom FROM activations ORDER BY id", {}))
    activations.push_back({row[0], Real(row[1]), row[2]});
  return activations;
}

void Append(Database& database, const std::string& model, const std::string& by_whom) {
  database.Run("INSERT INTO activations (model, since, by_whom) VALUES ($1, $2, $3)",
               {model, SqlText(database.Now()), by_whom});
}

}  // namespace

std::vector<Activation> Activations(Database& database) {
  return Transact(database, [&] { return ReadActivations(database); });
}

std::string ActiveModel(Database& database) {
  return Transact(database, [&] {
    const std::vector<Row> last = database.Run("SELECT model FROM activations ORDER BY id DESC LIMIT 1", {});
    return last.empty() ? "" : last[0][0];
  });
}

void Activate(Database& database, const std::string& model, const std::string& by_whom) {
  Transact(database, [&] {
    const std::vector<Activation> activations = ReadActivations(database);
    if (activations.empty() || activations.back().model != model) Append(database, model, by_whom);
  });
}

std::string RollBackModel(Database& database, const std::string& by_whom) {
  return Transact(database, [&] {
    const std::vector<Activation> activations = ReadActivations(database);
    if (activations.size() < 2) {
      base::Throw(base::ErrorKind::kUsage, "there was no other active model before this one: nothing to go back to");
    }
    const std::string before = activations[activations.size() - 2].model;
    Append(database, before, by_whom);
    return before;
  });
}

}  // namespace parotis::jobs
