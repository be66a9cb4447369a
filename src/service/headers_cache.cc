#include "service/headers_cache.h"

#include <algorithm>
#include <iterator>

#include "dicom/dicom_json.h"

namespace parotis::service {
namespace {

constexpr std::size_t kMost = 5000;

// PS3.18 tables 10.6.3-3 to 10.6.3-5, and what people look for.
constexpr const char* kAnswered[] = {"00080005", "00080016", "00080018", "00080020", "00080030", "00080050", "00080060",
                                     "00080090", "00080201", "0008103E", "00081030", "00100010", "00100020", "00100030",
                                     "00100040", "0020000D", "0020000E", "00200010", "00200011", "00200013", "00280008",
                                     "00280010", "00280011", "00280100", "00400244", "00400245"};

}  // namespace

base::Json HeadersCache::Of(const std::filesystem::path& file) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(file.string());
    if (found != known_.end()) return found->second;
  }
  const base::Json whole = base::ParseJson(dicom::DicomJson(file, ""), file.string());
  base::Json answered = base::Json::object();
  for (const char* tag : kAnswered) {
    if (whole.contains(tag)) answered[tag] = whole[tag];
  }
  const std::lock_guard lock(mutex_);
  if (known_.size() >= kMost) known_.clear();
  return known_.emplace(file.string(), answered).first->second;
}

}  // namespace parotis::service
