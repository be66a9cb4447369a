// What has arrived and is not filed yet. A sender is told "stored" when the dataset and, after it, the record that
// describes it are on the disk; from then on it is filed, whatever ends in between. Records are the only thing that the
// filing reads: it never parses what a peer sent.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dimse/association.h"
#include "jobs/arrivals.h"

namespace parotis::service {

// Moves the dataset's file, which has been synced, and writes the record. Throws kIo; then neither is there.
void SpoolArrival(const std::filesystem::path& incoming, const dimse::Arrival& arrival);

// Says that whoever sent these studies has no more of them for now.
void SpoolRelease(const std::filesystem::path& incoming, const std::vector<std::string>& study_uids);

void SpoolCommitment(const std::filesystem::path& incoming, const dimse::CommitmentRequest& request);

void SpoolReport(const std::filesystem::path& incoming, const dimse::CommitmentReport& report);

// Whether the file is a record, one that was set aside included; and whether a dataset has one.
bool IsRecord(const std::filesystem::path& file);
bool HasRecord(const std::filesystem::path& dataset);

struct Spooled {
  struct Record {
    std::filesystem::path file;  // the record
    std::filesystem::path dataset;
    jobs::Instance instance;
  };
  std::vector<Record> instances;
  struct Release {
    std::filesystem::path file;
    std::vector<std::string> study_uids;
  };
  std::vector<Release> releases;
  struct Commitment {
    std::filesystem::path file;
    std::string peer_ae, transaction_uid, asked;
  };
  std::vector<Commitment> commitments;
  struct Report {
    std::filesystem::path file;
    std::string peer_ae;
    dimse::CommitmentAnswer answer;
  };
  std::vector<Report> reports;
};

// At most `most` instances. A release, a commitment or a report is listed only when everything that was spooled before
// it is in this list or filed. Records that cannot be read are set aside (renamed) and said in the log.
Spooled ReadSpool(const std::filesystem::path& incoming, std::size_t most);

}  // namespace parotis::service
