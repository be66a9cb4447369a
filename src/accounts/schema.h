// The tables of the accounts, beside those of the jobs and in the same database.
#pragma once

#include "jobs/database.h"

namespace parotis::accounts {

// Makes what is not there; whoever opens a database for accounts calls it once. Several processes may at the same time.
// Throws kInput when the tables are of a later version of the program.
void MakeTables(jobs::Database& database);

}  // namespace parotis::accounts
