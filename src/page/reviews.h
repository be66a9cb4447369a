// What readers say about a study. Private to this folder.
#pragma once

#include "page/call.h"
#include "page/study.h"
#include "service/layout.h"

namespace parotis::page {

// Keeps a review; an edit is checked against what it is an edit of first. 409 when somebody has reviewed since.
http::Response AnswerReview(const Call& call, const Study& study, const service::Layout& layout);

}  // namespace parotis::page
