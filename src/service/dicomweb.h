// DICOMweb (PS3.18) over what a node keeps: the studies that arrived and the results of their analysis.
#pragma once

#include "http/message.h"
#include "jobs/database.h"
#include "service/headers_cache.h"
#include "service/layout.h"

namespace parotis::service {

class DicomWeb {
 public:
  DicomWeb(const NodeConfig& config, const Layout& layout) : config_(config), layout_(layout) {}

  // request.path[0] is "dicom-web". Thread-safe.
  http::Response Answer(const http::Request& request, jobs::Database& database);

 private:
  const NodeConfig& config_;
  const Layout& layout_;
  HeadersCache headers_;
};

}  // namespace parotis::service
