#include "service/store.h"

#include <fmt/format.h>

#include <set>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "http/multipart.h"
#include "service/match.h"
#include "service/node_log.h"
#include "service/receive_file.h"
#include "service/room.h"
#include "service/scratch_folder.h"
#include "service/spool.h"

namespace parotis::service {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr int kMostInstances = 100'000;

// One item of PS3.18 table 10.5.3-1's sequences.
Json ItemOf(const ReceivedFile& received) {
  Json item = {{"00081150", Attribute("UI", received.sop_class_uid)},
               {"00081155", Attribute("UI", received.sop_instance_uid)}};
  if (received.reception == dimse::Reception::kStored) {
    item["00081190"] = Attribute("UR", fmt::format("/dicom-web/studies/{}", received.study_uid));
  } else {
    item["00081197"] = Attribute("US", static_cast<std::uint16_t>(received.reception));
  }
  return item;
}

http::Response ResponseFor(const Json& stored, const Json& failed) {
  Json answer = Json::object();
  if (!failed.empty()) answer["00081198"] = {{"vr", "SQ"}, {"Value", failed}};
  if (!stored.empty()) answer["00081199"] = {{"vr", "SQ"}, {"Value", stored}};
  const int status = failed.empty() ? 200 : stored.empty() ? 409 : 202;
  return http::JsonText(status, answer.dump(), "application/dicom+json");
}

}  // namespace

http::Response StoreInstances(const http::Request& request, const NodeConfig& config, const Layout& layout,
                              const std::string& study_uid) {
  const std::string type = request.Header("content-type");
  const std::string lower = base::AsciiLower(type);
  if (!lower.starts_with("multipart/related") || lower.find("application/dicom") == std::string::npos ||
      lower.find("dicom+") != std::string::npos)
    return http::Text(415, "instances are taken as multipart/related; type=\"application/dicom\"\n");
  if (!HasRoom(config, layout, request.body_bytes))
    return http::Text(503, "there is no room for more; try again later\n");
  const ScratchFolder parts(fs::path(request.body) += "-parts");
  Json stored = Json::array(), failed = Json::array();
  std::set<std::string> studies;
  const std::string sender = request.client.empty() ? "HTTP" : request.client;
  http::ReadMultipart(request.body, type, parts.path(), kMostInstances, [&](const http::Part& part) {
    const ReceivedFile received = ReceiveFile(config, layout, part.file, sender, study_uid);
    const bool is_stored = received.reception == dimse::Reception::kStored;
    (is_stored ? stored : failed).push_back(ItemOf(received));
    if (is_stored) studies.insert(received.study_uid);
  });
  if (!studies.empty()) SpoolRelease(layout.incoming, {studies.begin(), studies.end()});
  Audit(layout.audit, "stored_by_http",
        {{"address", request.address},
         {"client", request.client},
         {"study_uids", std::vector<std::string>(studies.begin(), studies.end())},
         {"stored", stored.size()},
         {"failed", failed.size()}});
  return ResponseFor(stored, failed);
}

}  // namespace parotis::service
