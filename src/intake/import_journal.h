// What became of the studies of an import, one small file each, which appears when the study is done. Private to this
// folder.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/resumable.h"
#include "intake/import.h"

namespace parotis::intake {

class ImportJournal {
 public:
  // Takes `output` for this process and removes what a killed one left half-written. Throws kUsage when it holds a
  // dataset without journal, was begun with other settings, or another process writes to it.
  ImportJournal(const std::filesystem::path& output, const ImportOptions& options,
                const std::vector<std::string>& channels);

  // The dataset's channels: those of earlier runs in their order, then new ones.
  const std::vector<std::string>& channels() const { return channels_; }
  // Null when the study was not done, failed, or has changed since.
  const ImportedStudy* Find(const std::string& case_id, const std::string& fingerprint) const;
  // The earlier runs' studies, by case id.
  const std::map<std::string, ImportedStudy>& known() const { return known_; }
  // Removes what an earlier run wrote about and for this case.
  void Forget(const std::string& case_id) const;
  void Write(const ImportedStudy& study) const;  // thread-safe for different studies

 private:
  std::filesystem::path output_, folder_;
  std::vector<std::string> channels_;
  std::map<std::string, ImportedStudy> known_;
  std::optional<base::OutputLock> lock_;
};

}  // namespace parotis::intake
