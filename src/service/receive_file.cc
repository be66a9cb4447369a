#include "service/receive_file.h"

#include <algorithm>

#include "base/error.h"
#include "dicom/instance_identity.h"
#include "dimse/association.h"
#include "service/room.h"
#include "service/spool.h"

namespace parotis::service {
namespace {

namespace fs = std::filesystem;

// PS3.4 table B.2-1, PS3.18 table 10.5.3-2.
constexpr std::uint16_t kOutOfResources = 0xA700, kDoesNotMatch = 0xA900, kClassNotSupported = 0x0122,
                        kCannotRead = 0xC000;

}  // namespace

ReceivedFile ReceiveFile(const NodeConfig& config, const Layout& layout, const fs::path& file,
                         const std::string& sender, const std::string& only_study) {
  ReceivedFile received;
  dicom::InstanceIdentity identity;
  try {
    identity = dicom::IdentityOfInstance(file);
  } catch (const base::Error&) {
    received.failure = kCannotRead;
    return received;
  }
  received.study_uid = identity.study_uid;
  received.sop_class_uid = identity.sop_class_uid;
  received.sop_instance_uid = identity.sop_instance_uid;
  const std::vector<std::string> classes = dimse::StoredClasses();
  if (!only_study.empty() && identity.study_uid != only_study) {
    received.failure = kDoesNotMatch;
  } else if (identity.own_result) {
    received.stored = true;  // as in service/associate.cc: known already, and no image
  } else if (std::find(classes.begin(), classes.end(), identity.sop_class_uid) == classes.end()) {
    received.failure = kClassNotSupported;
  } else if (!HasRoom(config, layout, fs::file_size(file))) {
    received.failure = kOutOfResources;
  }
  if (received.stored || received.failure != 0) return received;
  try {
    dimse::Arrival arrival;
    arrival.file = file;
    arrival.study_uid = identity.study_uid;
    arrival.series_uid = identity.series_uid;
    arrival.sop_class_uid = identity.sop_class_uid;
    arrival.sop_instance_uid = identity.sop_instance_uid;
    arrival.transfer_syntax_uid = identity.transfer_syntax_uid;
    arrival.calling_ae = sender;
    SpoolArrival(layout.incoming, arrival);
    received.stored = true;
  } catch (const base::Error&) {
    received.failure = kOutOfResources;
  }
  return received;
}

}  // namespace parotis::service
