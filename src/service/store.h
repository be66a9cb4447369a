// STOW-RS (PS3.18 10.5): instances that come by HTTP.
#pragma once

#include <string>

#include "http/message.h"
#include "service/layout.h"

namespace parotis::service {

// `study_uid`: "" or the only study that is taken. 200 when all were stored, 202 when some were, 409 when none was, 415
// for another body than multipart/related of application/dicom, 503 while there is no room.
http::Response StoreInstances(const http::Request& request, const NodeConfig& config, const Layout& layout,
                              const std::string& study_uid);

}  // namespace parotis::service
