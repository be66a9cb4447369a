// A cohort on disk, in nnU-Net v2's layout: dataset.json, imagesTr/{case}_0000.nii.gz, labelsTr/{case}.nii.gz,
// optionally imagesTs/labelsTs, splits_final.json, and beside it participants.tsv (dataset/participants.h).
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "dataset/case.h"
#include "dataset/participants.h"

namespace parotis::dataset {

struct CaseFiles {
  std::string id;
  std::vector<std::filesystem::path> channels;  // in the order of Dataset::channel_names; empty path: file missing
  std::filesystem::path label;                  // empty when there is none
  bool test = false;                            // of imagesTs
};

struct Dataset {
  std::filesystem::path folder;
  std::string name;
  std::vector<std::string> channel_names;
  std::vector<std::string> label_names;  // [value]; [0] is "background"
  std::string file_ending = ".nii.gz";
  std::vector<CaseFiles> cases;           // imagesTr, by id; then imagesTs
  std::vector<Participant> participants;  // empty when there is no participants.tsv

  const CaseFiles& Find(const std::string& case_id) const;  // throws kInput naming the id
  // The case's row of participants.tsv; null when there is none.
  const Participant* FindParticipant(const std::string& case_id) const;
  // From participants.tsv; empty without one.
  Covariates CovariatesOf(const std::string& case_id) const;
  // The patient of a case: from participants.tsv, else the case id itself.
  std::string PatientOf(const std::string& case_id) const;
};

// Reads dataset.json (nnU-Net v2's, and the older "modality" with names keyed by value) and lists files; opens no
// image. Throws kIo, kInput: unknown layout, region labels, an "ignore" label, gaps in labels, a case that
// participants.tsv lacks.
Dataset OpenDataset(const std::filesystem::path& folder);
// Reads the images. `channels`: the names wanted, all when empty. Throws kInput naming the file: missing, not on the
// grid of the first channel, values not finite, labels that dataset.json does not list.
Case LoadCase(const Dataset& dataset, const std::string& case_id, const std::vector<std::string>& channels = {});
// A folder of {case}_0000.nii.gz files (what `predict -i` is given), by id.
std::vector<CaseFiles> ListCases(const std::filesystem::path& images, std::size_t channel_count,
                                 const std::string& file_ending = ".nii.gz");
Case LoadCaseFiles(const CaseFiles& files, const std::vector<std::string>& channel_names);

// Whether a folder that holds a dataset already is refused, or gone on with (the caller knows what is in it).
enum class Existing { kRefuse, kContinue };

// Writes a dataset case by case; safe to call from several threads. dataset.json and participants.tsv appear on Finish.
class DatasetWriter {
 public:
  // Refuses (kUsage) a folder that already holds a dataset. `description` becomes dataset.json's description.
  DatasetWriter(std::filesystem::path folder, std::string name, std::vector<std::string> channel_names,
                std::vector<std::string> label_names, std::string description, Existing existing = Existing::kRefuse);
  // A case whose files an earlier run wrote.
  void AddWritten(const Participant& participant);
  // Writes the case's files before it returns, all or none: to imagesTr and labelsTr, a case without truth to imagesTs.
  // Channels of the dataset which the case lacks are left out; throws kInput when a channel or a label value is none of
  // the dataset's, or the case is there already.
  void Add(const Case& examination, const Participant& participant);
  // The same bytes whatever the order of Add. participants.tsv is sorted by case.
  void Finish();

 private:
  Dataset dataset_;
  std::string description_;
  std::map<std::string, Participant> participants_;
  struct Guard;
  std::shared_ptr<Guard> guard_;
};

}  // namespace parotis::dataset
