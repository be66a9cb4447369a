// QIDO-RS (PS3.18 10.6): which studies, series or instances are kept.
#pragma once

#include <string>

#include "http/message.h"
#include "jobs/catalogue.h"
#include "service/headers_cache.h"

namespace parotis::service {

struct QueryTarget {
  std::string level;            // "studies", "series", "instances"
  jobs::InstanceFilter within;  // UIDs of the path
};

// 200 with a list, 204 with none, 400 for a parameter that is none. Matching by single value, list of UIDs, wildcards
// and ranges of dates (PS3.4 C.2.2.2), of the attributes that are answered.
http::Response AnswerQuery(const http::Request& request, jobs::Database& database, const Layout& layout,
                           HeadersCache& headers, const QueryTarget& target);

}  // namespace parotis::service
