#include "service/receive_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/error.h"
#include "dicom/instance_identity.h"
#include "dimse/association.h"
#include "service/room.h"
#include "service/spool.h"

namespace parotis::service {
namespace {

namespace fs = std::filesystem;
using dimse::Reception;

// What came by HTTP has been written, but may not be on the disk yet (what came by DICOM is synced as it is written).
void Sync(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int failure = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!synced)
    base::Throw(base::ErrorKind::kIo, fmt::format("cannot keep {}: {}", file.string(),
                                                  std::error_code(failure, std::generic_category()).message()));
}

}  // namespace

ReceivedFile ReceiveFile(const NodeConfig& config, const Layout& layout, const fs::path& file,
                         const std::string& sender, const std::string& only_study) {
  ReceivedFile received;
  dicom::InstanceIdentity identity;
  try {
    identity = dicom::IdentityOfInstance(file);
  } catch (const base::Error&) {
    received.reception = Reception::kCannotRead;
    return received;
  }
  received.study_uid = identity.study_uid;
  received.sop_class_uid = identity.sop_class_uid;
  received.sop_instance_uid = identity.sop_instance_uid;
  const std::vector<std::string> classes = dimse::StoredClasses();
  if (!only_study.empty() && identity.study_uid != only_study) {
    received.reception = Reception::kDoesNotMatch;
    return received;
  }
  if (identity.own_result) return received;  // as in service/associate.cc: known already, and no image
  if (std::find(classes.begin(), classes.end(), identity.sop_class_uid) == classes.end()) {
    received.reception = Reception::kClassNotSupported;
  } else if (!HasRoom(config, layout, fs::file_size(file))) {
    received.reception = Reception::kOutOfResources;
  }
  if (received.reception != Reception::kStored) return received;
  try {
    dimse::Arrival arrival;
    arrival.file = file;
    arrival.study_uid = identity.study_uid;
    arrival.series_uid = identity.series_uid;
    arrival.sop_class_uid = identity.sop_class_uid;
    arrival.sop_instance_uid = identity.sop_instance_uid;
    arrival.transfer_syntax_uid = identity.transfer_syntax_uid;
    arrival.calling_ae = sender;
    Sync(file);
    SpoolArrival(layout.incoming, arrival);
  } catch (const base::Error&) {
    received.reception = Reception::kOutOfResources;
  }
  return received;
}

}  // namespace parotis::service
