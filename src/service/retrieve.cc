#include "service/retrieve.h"

#include <fmt/format.h>

#include <charconv>

#include "base/error.h"
#include "dicom/dicom_json.h"
#include "dicom/frames_of.h"
#include "http/multipart.h"
#include "service/headers_cache.h"

namespace parotis::service {
namespace {

bool Accepts(const std::string& accept, const char* type) {
  return accept.empty() || accept.find("*/*") != std::string::npos || accept.find(type) != std::string::npos;
}

std::vector<int> FrameNumbers(const std::string& list) {
  std::vector<int> numbers;
  const char* at = list.data();
  const char* const end = at + list.size();
  while (true) {
    int number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc() || number < 1 || (next != end && *next != ','))
      base::Throw(base::ErrorKind::kInput, "frames are whole numbers from 1, with commas between");
    numbers.push_back(number);
    if (next == end) return numbers;
    at = next + 1;
  }
}

}  // namespace

http::Response RetrieveInstances(const http::Request& request, const Layout& layout,
                                 const std::vector<jobs::InstanceRecord>& instances) {
  const std::string accept = request.Header("accept");
  if (!Accepts(accept, "application/dicom")) return http::Text(406, "instances are given as application/dicom\n");
  const auto type_of = [](const jobs::InstanceRecord& instance) {
    return "application/dicom; transfer-syntax=" + instance.transfer_syntax_uid;
  };
  if (instances.size() == 1 && accept.starts_with("application/dicom"))
    return {
        .status = 200, .headers = {{"content-type", type_of(instances[0])}}, .body = {PathOf(layout, instances[0])}};
  std::vector<http::OutgoingPart> parts;
  parts.reserve(instances.size());
  for (const jobs::InstanceRecord& instance : instances) parts.push_back({type_of(instance), PathOf(layout, instance)});
  http::Response response;
  std::string type;
  response.body = http::WriteMultipart(parts, "application/dicom", type);
  response.headers["content-type"] = type;
  return response;
}

http::Response RetrieveMetadata(const http::Request& request, const Layout& layout,
                                const std::vector<jobs::InstanceRecord>& instances) {
  if (!Accepts(request.Header("accept"), "json"))
    return http::Text(406, "metadata are given as application/dicom+json\n");
  std::string list = "[";
  for (const jobs::InstanceRecord& instance : instances) {
    const std::string uri = fmt::format("/dicom-web/studies/{}/series/{}/instances/{}", instance.study_uid,
                                        instance.series_uid, instance.sop_instance_uid);
    if (list.size() > 1) list += ",";
    list += dicom::DicomJson(PathOf(layout, instance), uri);
  }
  return http::JsonText(200, list + "]", "application/dicom+json");
}

http::Response RetrieveFrames(const Layout& layout, const jobs::InstanceRecord& instance, const std::string& frames) {
  const dicom::FrameBytes bytes = dicom::FramesOf(PathOf(layout, instance), FrameNumbers(frames));
  const std::string type = bytes.media_type + "; transfer-syntax=" + bytes.transfer_syntax_uid;
  std::vector<http::OutgoingPart> parts;
  parts.reserve(bytes.frames.size());
  for (const std::string& frame : bytes.frames) parts.push_back({type, frame});
  http::Response response;
  std::string multipart;
  response.body = http::WriteMultipart(parts, bytes.media_type, multipart);
  response.headers["content-type"] = multipart;
  return response;
}

}  // namespace parotis::service
