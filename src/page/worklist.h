// The list of studies. Private to this folder.
#pragma once

#include <string>

#include "jobs/catalogue.h"
#include "jobs/reviews.h"
#include "page/call.h"
#include "page/facts.h"
#include "service/layout.h"

namespace parotis::page {

// How a study stands in the list, and at the head of its own page.
base::Json RowOf(const jobs::WorklistEntry& entry, const jobs::ReviewRecord* review, const service::Layout& layout,
                 Facts& facts, double now);

// What of the list is asked for: search, filters, order and a window of it. Throws kInput for what is no number.
http::Response AnswerWorklist(const Call& call, const service::Layout& layout, Facts& facts);

}  // namespace parotis::page
