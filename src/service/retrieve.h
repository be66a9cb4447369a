// WADO-RS (PS3.18 10.4): instances as they are kept, in the transfer syntax in which they came.
#pragma once

#include <string>
#include <vector>

#include "http/message.h"
#include "jobs/catalogue.h"
#include "service/layout.h"

namespace parotis::service {

// multipart/related of application/dicom; one instance alone also as application/dicom. 406 for what cannot be had.
http::Response RetrieveInstances(const http::Request& request, const Layout& layout,
                                 const std::vector<jobs::InstanceRecord>& instances);
// application/dicom+json, without bulk data but with where it is.
http::Response RetrieveMetadata(const http::Request& request, const Layout& layout,
                                const std::vector<jobs::InstanceRecord>& instances);
// `frames`: "1,2,7". 400 for what is no such list, or names a frame that is not there.
http::Response RetrieveFrames(const Layout& layout, const jobs::InstanceRecord& instance, const std::string& frames);

}  // namespace parotis::service
