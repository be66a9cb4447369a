// dimse::ServeAssociation on whatever a peer sends: it ends, leaves neither file nor descriptor, and hands over only
// datasets that lie in its folder under UIDs. The first byte says what the others are:
//   0: all that comes over the connection
//   1: what comes once an association was asked for
//   2: fragments of messages on such an association: context and kind, a length of two bytes, as many bytes
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>

#include "dicom/instance_identity.h"
#include "dimse/association.h"
#include "tests/support/raw_associate.h"

// Debian's DCMTK 3.6.7 frees not all of a request that it refuses (CVE-2024-50254 and its like); a process that serves
// one association does not live long enough to care.
// NOLINTBEGIN(bugprone-reserved-identifier, readability-identifier-naming): LeakSanitizer's names
extern "C" const char* __lsan_default_suppressions() { return "leak:libdcmnet.so"; }
extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }
// NOLINTEND(bugprone-reserved-identifier, readability-identifier-naming)

namespace {

using namespace parotis;

constexpr std::size_t kMostBytes = 1 << 16;
const std::string kMr = "1.2.840.10008.5.1.4.1.1.4";

void Demand(bool holds) {
  if (!holds) std::abort();
}

std::string Association() {
  static const std::string kRequest = test::AssociateRequest({{"1.2.840.10008.1.1", {"1.2.840.10008.1.2"}},
                                                              {kMr, {"1.2.840.10008.1.2.1"}},
                                                              {"1.2.840.10008.1.20.1", {"1.2.840.10008.1.2.1"}},
                                                              {kMr, {"1.2.840.10008.1.2"}},
                                                              {kMr, {"1.2.840.10008.1.2.1.99"}},
                                                              {kMr, {"1.2.840.10008.1.2.4.90"}}});
  return kRequest;
}

std::string Fragments(std::string_view bytes) {
  std::string out;
  while (bytes.size() >= 3) {
    const auto head = static_cast<unsigned char>(bytes[0]);
    const std::size_t length = static_cast<unsigned char>(bytes[1]) + 256U * static_cast<unsigned char>(bytes[2]);
    bytes.remove_prefix(3);
    const int context = 1 + 2 * ((head >> 2) % 6);
    out += test::DataPdu(context, (head & 1) != 0, (head & 2) != 0, std::string(bytes.substr(0, length)));
    bytes.remove_prefix(std::min(length, bytes.size()));
  }
  return out + test::ReleaseRequest();
}

std::string Connection(const std::uint8_t* data, std::size_t size) {
  const std::string_view rest(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0] % 3) {
    case 0: return std::string(rest);
    case 1: return Association() + std::string(rest);
    default: return Association() + Fragments(rest);
  }
}

// Says that, and reads what is answered until the other side closes.
void Talk(int connection, const std::string& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t sent = send(connection, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (sent <= 0) break;
    at += static_cast<std::size_t>(sent);
  }
  shutdown(connection, SHUT_WR);
  char answer[4096];
  while (read(connection, answer, sizeof(answer)) > 0) {
  }
  close(connection);
}

dimse::AssociationServices Services(const std::filesystem::path& folder) {
  dimse::AssociationServices services;
  services.folder = folder;
  services.has_room = [](std::uint64_t) { return true; };
  services.store = [folder](const dimse::Arrival& arrival) {
    Demand(arrival.file.parent_path() == folder && std::filesystem::exists(arrival.file));
    for (const std::string& uid :
         {arrival.study_uid, arrival.series_uid, arrival.sop_class_uid, arrival.sop_instance_uid})
      Demand(dicom::IsUid(uid));
    if (arrival.sop_instance_uid.size() % 2 == 0) return dimse::Reception::kOutOfResources;
    std::filesystem::remove(arrival.file);
    return dimse::Reception::kStored;
  };
  services.commit = [](const dimse::CommitmentRequest& request) {
    Demand(dicom::IsUid(request.transaction_uid) && !request.references.empty());
    for (const auto& each : request.references)
      Demand(dicom::IsUid(each.sop_class_uid) && dicom::IsUid(each.sop_instance_uid));
    return request.references.size() % 2 == 0;
  };
  services.reported = [](const dimse::CommitmentReport& report) {
    Demand(dicom::IsUid(report.answer.transaction_uid) && !report.answer.references.empty());
    for (const auto& each : report.answer.references)
      Demand(dicom::IsUid(each.sop_class_uid) && dicom::IsUid(each.sop_instance_uid));
    return report.answer.references.size() % 2 == 0;
  };
  return services;
}

dimse::AssociationLimits Limits() {
  dimse::AssociationLimits limits;
  limits.pdu_bytes = 16384;
  limits.instance_bytes = 8192;
  limits.association_bytes = 16384;
  limits.instances = 4;
  limits.handshake_s = limits.message_s = limits.idle_s = limits.association_s = 5;
  return limits;
}

// In memory, where syncing costs nothing; it goes with the process.
struct Folder {
  Folder() {
    char pattern[] = "/dev/shm/parotis-fuzz-XXXXXX";
    path = mkdtemp(pattern);
  }
  ~Folder() { std::filesystem::remove(path); }

  std::filesystem::path path;
};

int FirstFree() {
  const int descriptor = dup(0);
  close(descriptor);
  return descriptor;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder kFolder;
  static const dimse::AcceptRules kRules{"PAROTIS", {{"MODALITY", {}}}, std::nullopt};
  static const dimse::AssociationServices kServices = Services(kFolder.path);
  if (size == 0 || size > kMostBytes) return 0;
  const int free_before = FirstFree();
  int ends[2];
  Demand(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  std::thread peer(Talk, ends[0], Connection(data, size));
  const dimse::AssociationEnd end = dimse::ServeAssociation(ends[1], kRules, Limits(), kServices);
  peer.join();
  Demand(!end.reason.empty() && end.how != dimse::EndOf::kTimedOut);
  Demand(std::filesystem::is_empty(kFolder.path));
  Demand(FirstFree() == free_before);
  return 0;
}
