// review::ParseEdit, with the base64 and gzip of its mask: any body is an edit of these classes and voxels, or is
// refused.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "base/json.h"
#include "review/edit.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parotis;
  constexpr std::size_t kVoxels = 64;
  try {
    const base::Json json = base::ParseJson({reinterpret_cast<const char*>(data), size}, "input");
    const review::Edit edit = review::ParseEdit(json, "input", kVoxels, {"alpha", "beta"});
    if (edit.mask.size() != kVoxels) std::abort();
    for (const std::uint8_t id : edit.mask) {
      const bool is_listed = std::any_of(edit.lesions.begin(), edit.lesions.end(),
                                         [&](const review::EditedLesion& lesion) { return lesion.id == id; });
      if (id != 0 && !is_listed) std::abort();
    }
  } catch (const base::Error& error) {
    if (error.kind() == base::ErrorKind::kInternal) std::abort();
  }
  return 0;
}
