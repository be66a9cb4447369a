// What arrived: instances, the studies they belong to, and when a study is complete enough to be looked at.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "jobs/database.h"

namespace parotis::jobs {

struct Instance {
  std::string study_uid, series_uid, sop_class_uid, sop_instance_uid, transfer_syntax_uid;
  std::string file;  // its name in the study's folder, a function of its content
  std::uint64_t bytes = 0;
  std::string sender;  // AE title, or the name of a web source
};

// The folder of a study: its UID, which somebody else wrote, is never part of a path.
std::string FolderOf(const std::string& study_uid);

struct Filed {
  int fresh = 0;                      // instances that were not known with this content
  std::vector<std::string> reopened;  // studies that had got beyond "received" and are there again
  std::vector<std::string> replaced;  // "folder/file" of content that another of the same UID took the place of
};

// All of them or none. An instance that is known with the same content changes nothing; anything new sets its study's
// job back to "received", whatever became of it before: who works on it loses his claim, what is not sent yet is not
// sent.
Filed AddInstances(Database& database, std::vector<Instance> instances);

// The sender has said that it has no more of these studies for now (it released the association).
void MarkComplete(Database& database, const std::vector<std::string>& study_uids);

struct CompleteRule {
  double quiet_s = 30;      // without a further instance
  bool on_release = false;  // or as soon as the sender released the association
};
// Sets "received" jobs of complete studies to "ready", each with one more for every shadow model; returns their UIDs.
std::vector<std::string> MakeReady(Database& database, const CompleteRule& rule,
                                   const std::vector<std::string>& shadows);

// Of these SOP instances, those that are kept here (as class + '\n' + instance).
std::vector<std::string> Kept(Database& database, const std::vector<std::string>& sop_instance_uids);

}  // namespace parotis::jobs
