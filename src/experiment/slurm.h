// The study on a cluster: its members as one job array, its runs as a second that waits for it, and a last job that
// gathers. Every element does one task with --task, exactly as the pool on one machine does.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiment/pool.h"
#include "experiment/setting.h"

namespace parotis::experiment {

struct SlurmScript {
  std::filesystem::path file;
  std::vector<std::size_t> waits_for;  // earlier scripts of the list, however they end
};

// Writes STUDY/slurm/members-C.sh, runs-C.sh (at most 1000 elements each, the default of Slurm's MaxArraySize) and
// gather.sh for what is not done. `command`: the program with all arguments but --task and --gather.
std::vector<SlurmScript> WriteSlurmScripts(const Setting& setting, const std::vector<TaskOutcome>& outcomes,
                                           const std::vector<std::string>& command);

// Hands them to sbatch in order; returns the job ids. Throws kIo with what sbatch said.
std::vector<std::string> Submit(const std::vector<SlurmScript>& scripts);

}  // namespace parotis::experiment
