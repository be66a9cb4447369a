// An output folder that a run may leave at any moment, killed or out of disk, and that the next run goes on with.
#pragma once

#include <filesystem>
#include <string>

namespace parotis::base {

// One process at a time: held from construction to destruction, and never longer than the process lives.
class OutputLock {
 public:
  // Creates `file` and its folder. Throws kUsage with `busy` when another process holds it, kIo when it cannot be made.
  OutputLock(const std::filesystem::path& file, const std::string& busy);
  ~OutputLock();
  OutputLock(const OutputLock&) = delete;
  OutputLock& operator=(const OutputLock&) = delete;

 private:
  int descriptor_;
};

// Whether a process holds the lock, also one on another machine where the file system tells. Changes nothing; a process
// that asks for the lock at this very moment is turned away once.
bool IsLocked(const std::filesystem::path& file);

// Whether it is the temporary file of an AtomicFile (base/files.h) that was never put in place.
bool IsHalfWritten(const std::filesystem::path& file);
// Removes all of them below `folder`, which must be locked: those of a running process look the same.
void RemoveHalfWritten(const std::filesystem::path& folder);

}  // namespace parotis::base
