#include "experiment/slurm.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "base/child.h"
#include "base/error.h"
#include "base/files.h"
#include "base/text.h"

namespace parotis::experiment {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostElements = 1000;

// For a POSIX shell: nothing within is special.
std::string Quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string CommandLine(const std::vector<std::string>& command) {
  std::vector<std::string> words;
  for (const std::string& word : command) words.push_back(Quoted(word));
  return fmt::format("{}", fmt::join(words, " "));
}

// Ascending numbers as sbatch's --array wants them: 0-3,7.
std::string Ranges(const std::vector<std::size_t>& numbers) {
  std::vector<std::string> ranges;
  for (std::size_t at = 0; at < numbers.size();) {
    std::size_t end = at;
    while (end + 1 < numbers.size() && numbers[end + 1] == numbers[end] + 1) ++end;
    ranges.push_back(end == at ? fmt::format("{}", numbers[at]) : fmt::format("{}-{}", numbers[at], numbers[end]));
    at = end + 1;
  }
  return fmt::format("{}", fmt::join(ranges, ","));
}

std::string Head(const Setting& setting, const std::string& what, const std::string& log) {
  const SlurmOptions& slurm = setting.study.slurm;
  std::vector<std::string> options = {
      fmt::format("--job-name={}-{}", setting.study.name, what),
      fmt::format("--output={}", (setting.runs / "slurm" / log).string()),
      fmt::format("--cpus-per-task={}", setting.computing.threads),
  };
  if (!slurm.partition.empty()) options.push_back("--partition=" + slurm.partition);
  if (!slurm.time.empty()) options.push_back("--time=" + slurm.time);
  if (!slurm.memory.empty()) options.push_back("--mem=" + slurm.memory);
  if (setting.computing.device != "cpu") options.push_back("--gres=gpu:1");
  options.insert(options.end(), slurm.extra.begin(), slurm.extra.end());
  std::string text = "#!/bin/sh\n";
  for (const std::string& option : options) text += "#SBATCH " + option + "\n";
  return text;
}

std::string Setup(const Setting& setting) {
  return fmt::format("{}{}", fmt::join(setting.study.slurm.setup, "\n"), setting.study.slurm.setup.empty() ? "" : "\n");
}

// One array of tasks `first` … `first` + 999 of one kind, of which those in `indices` are to be done.
std::string ArrayScript(const Setting& setting, const std::string& what, std::size_t first,
                        const std::vector<std::size_t>& indices, const std::vector<std::string>& command) {
  std::vector<std::size_t> elements;
  for (const std::size_t index : indices) elements.push_back(index - first);
  return fmt::format("{}#SBATCH --array={}\n{}exec {} --task $((SLURM_ARRAY_TASK_ID + {}))\n",
                     Head(setting, what, what + "-%a.log"), Ranges(elements), Setup(setting), CommandLine(command),
                     first);
}

// Where an earlier script was written, it is replaced or removed.
void RemoveOldScripts(const fs::path& folder) {
  base::CreateFolder(folder);
  std::vector<fs::path> old;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".sh") old.push_back(entry.path());
  }
  for (const fs::path& file : old) fs::remove(file);
}

std::string WaitAndRead(const std::vector<std::string>& argv, const fs::path& output) {
  fs::remove(output);
  const base::ChildEnd end = base::WaitFor(base::StartChild(argv, {.log = output}));
  const std::string said = base::ReadFile(output);
  if (end.well) return said;
  base::Throw(base::ErrorKind::kIo,
              fmt::format("{} was not accepted ({}): {}; submit from a machine where sbatch works", argv.back(),
                          end.how, base::Trimmed(said)));
}

}  // namespace

std::vector<SlurmScript> WriteSlurmScripts(const Setting& setting, const std::vector<TaskOutcome>& outcomes,
                                           const std::vector<std::string>& command) {
  const fs::path folder = setting.runs / "slurm";
  RemoveOldScripts(folder);
  std::vector<SlurmScript> scripts;
  std::vector<std::size_t> before;  // scripts of the kind before this one
  for (const TaskKind kind : {TaskKind::kMember, TaskKind::kRun, TaskKind::kFinal}) {
    std::map<std::size_t, std::vector<std::size_t>> chunks;  // by first index
    for (const Task& task : setting.tasks) {
      if (task.kind == kind && outcomes[task.index].state != TaskState::kDone)
        chunks[task.index / kMostElements * kMostElements].push_back(task.index);
    }
    std::vector<std::size_t> of_this_kind;
    for (const auto& [first, indices] : chunks) {
      const std::string what = fmt::format("{}s-{}", NameOf(kind), of_this_kind.size());
      of_this_kind.push_back(scripts.size());
      scripts.push_back({folder / (what + ".sh"), before});
      base::WriteFile(scripts.back().file, ArrayScript(setting, what, first, indices, command));
    }
    if (!of_this_kind.empty()) before = of_this_kind;
  }
  std::vector<std::string> gather = command;
  gather.emplace_back("--gather");
  scripts.push_back({folder / "gather.sh", before});
  base::WriteFile(scripts.back().file,
                  Head(setting, "gather", "gather.log") + Setup(setting) + "exec " + CommandLine(gather) + "\n");
  return scripts;
}

std::vector<std::string> Submit(const std::vector<SlurmScript>& scripts) {
  std::vector<std::string> jobs;
  for (const SlurmScript& script : scripts) {
    std::vector<std::string> argv = {"sbatch", "--parsable"};
    std::string waits;
    for (const std::size_t earlier : script.waits_for) waits += ":" + jobs[earlier];
    if (!waits.empty()) argv.push_back("--dependency=afterany" + waits);
    argv.push_back(script.file.string());
    const std::string said = WaitAndRead(argv, script.file.parent_path() / "sbatch.out");
    jobs.emplace_back(base::Trimmed(said.substr(0, said.find(';'))));
  }
  return jobs;
}

}  // namespace parotis::experiment
