// Which model's answers are sent. Every change is kept, so that the one before can be gone back to.
#pragma once

#include <string>
#include <vector>

#include "jobs/database.h"

namespace parotis::jobs {

struct Activation {
  std::string model;
  double since = 0;
  std::string by_whom;
};

// From the first to the present one.
std::vector<Activation> Activations(Database& database);
std::string ActiveModel(Database& database);  // "" before the first
void Activate(Database& database, const std::string& model, const std::string& by_whom);
// Activates the model that was active before the present one, and names it. Throws kUsage when there was none.
std::string RollBackModel(Database& database, const std::string& by_whom);

}  // namespace parotis::jobs
