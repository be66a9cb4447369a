#include "service/dicomweb.h"

#include <string>
#include <vector>

#include "dicom/instance_identity.h"
#include "service/query.h"
#include "service/retrieve.h"
#include "service/store.h"

namespace parotis::service {
namespace {

http::Response NotFound() { return http::Text(404, "no such study, series or instance is kept here\n"); }

// The resource that a path names: "studies/1.2/series/1.3/instances" and the like.
struct Resource {
  std::string study_uid, series_uid, instance_uid;
  std::string collection;         // "studies", "series", "instances": what is listed below; "" for the thing itself
  std::vector<std::string> rest;  // "metadata"; "frames", "1,2"
  bool legal = true;
};

Resource ResourceOf(const std::vector<std::string>& path) {
  Resource resource;
  std::size_t i = 1;
  const auto take = [&](const char* level, std::string& uid) {
    if (i >= path.size() || path[i] != level || !resource.collection.empty()) return;
    if (++i == path.size()) {
      resource.collection = level;
      return;
    }
    uid = path[i++];
    resource.legal = resource.legal && dicom::IsUid(uid);
  };
  take("studies", resource.study_uid);
  take("series", resource.series_uid);
  take("instances", resource.instance_uid);
  resource.rest.assign(path.begin() + static_cast<std::ptrdiff_t>(i), path.end());
  return resource;
}

}  // namespace

http::Response DicomWeb::Answer(const http::Request& request, jobs::Database& database) {
  const Resource resource = ResourceOf(request.path);
  if (!resource.legal || request.path.size() < 2 || (!resource.collection.empty() && !resource.rest.empty()))
    return NotFound();
  if (request.method == "POST") {
    const bool of_studies = request.path.size() <= 3 && request.path[1] == "studies";
    return of_studies ? StoreInstances(request, config_, layout_, resource.study_uid)
                      : http::Text(405, "instances are stored below /dicom-web/studies\n");
  }
  if (request.method != "GET" && request.method != "HEAD")
    return http::Text(405, "only GET and POST are answered here\n");
  const jobs::InstanceFilter wanted{resource.study_uid, resource.series_uid, resource.instance_uid};
  if (!resource.collection.empty())
    return AnswerQuery(request, database, layout_, headers_, {resource.collection, wanted});
  if (resource.study_uid.empty()) return NotFound();
  const std::vector<jobs::InstanceRecord> instances = jobs::ListInstances(database, wanted);
  if (instances.empty()) return NotFound();
  if (resource.rest.empty()) return RetrieveInstances(request, layout_, instances);
  if (resource.rest.size() == 1 && resource.rest[0] == "metadata") return RetrieveMetadata(request, layout_, instances);
  if (resource.rest.size() == 2 && resource.rest[0] == "frames" && !resource.instance_uid.empty())
    return RetrieveFrames(layout_, instances[0], resource.rest[1]);
  return NotFound();
}

}  // namespace parotis::service
