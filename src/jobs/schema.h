// The tables of the jobs, made when they are not there.
#pragma once

#include "jobs/database.h"

namespace parotis::jobs {

// Several processes may call it at the same time. Throws kInput when the tables are of a later version of the program.
void MakeTables(Database& database);

}  // namespace parotis::jobs
