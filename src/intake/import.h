// Many studies into one dataset (nnU-Net layout). A study that fails is reported and the rest goes on. Killed at any
// moment and started again, it goes on where it was: what became of a study is written when its files are there.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "dicom/index.h"
#include "intake/alignment.h"
#include "intake/roles.h"
#include "intake/truth.h"

namespace parotis::intake {

struct ImportOptions {
  std::vector<std::string> channels;  // required of every study; empty: whatever each study offers
  bool maps = false;                  // also the fitted maps (D, F, DSTAR, K, WASHIN, TTP, WASHOUT) that a study offers
  std::string name = "imported";
  std::string key;  // of the pseudonyms (dicom/pseudonyms.h)
  bool keep_identity = false;
  std::vector<Pin> pins;  // of every study
  SiteRules site;
  bool accept_other_frames = false;
  AlignmentOptions alignment;
  bool deface = false;          // remove the face's surface (intake/deface_case.h), or refuse the study
  std::filesystem::path truth;  // folder or file of outlines (intake/truth_files.h), beside those in the studies
  TruthLabels truth_labels = DefaultTruthLabels();
  int threads = 0;
  std::int64_t memory_bytes = 0;  // what the studies being loaded may need together; 0: half of the machine's
};

enum class Outcome {
  kImported,
  kRefused,  // something is wrong with it; the code says what
  kSkipped,  // nothing is wrong, but it offers no channel
  kFailed,   // the system's fault (disk, memory): tried again by the next run
};

std::string NameOf(Outcome outcome);  // "imported", …

struct ImportedStudy {
  std::string case_id;
  std::string patient;      // pseudonym, or "issuer:number" with keep_identity
  std::string fingerprint;  // of its files: when it changes the study is imported again
  Outcome outcome = Outcome::kFailed;
  std::string code;                            // of a condition, where it has one
  std::string sentence;                        // why it was not imported, without identity; "" when it was
  std::vector<std::string> channels;           // written
  std::vector<std::string> flags;              // codes of what is doubtful
  base::Json alignment = base::Json::array();  // per acquisition (intake/alignment.h), when asked for
  base::Json face = base::Json::object();      // "recognisable", "seen", with `deface` "removed", "voxels"
  std::map<std::string, std::string> columns;  // of participants.tsv
  bool done_before = false;                    // by an earlier run
  std::string message;                         // the whole sentence, for the operator; not written
  std::vector<base::Finding> truth_findings;   // for the operator, too; their codes are among the flags
};

// One case per study, written as they are done. Case ids and participant ids are pseudonyms, and nothing that is
// written holds a name, number, date or UID of the DICOM files (unless keep_identity, which is recorded). Sex and age
// (90 for more) go into participants.tsv. import-report.json and import-report.tsv say what became of every study; the
// end is the same however often it was interrupted. Throws kInput when there is no study; kUsage when `output` holds
// another dataset, was begun with other settings or is being written by another process.
std::vector<ImportedStudy> ImportStudies(const dicom::Index& index, const std::filesystem::path& output,
                                         const ImportOptions& options);

// The report's document: "dataset", "identity" ("pseudonyms" or "kept"), "counts", "studies".
base::Json ReportOf(const std::vector<ImportedStudy>& studies, const ImportOptions& options);

}  // namespace parotis::intake
