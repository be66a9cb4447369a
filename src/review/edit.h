// What a reader says instead of the program: a verdict, the lesions that there are, and where. As a page sends it:
//   {"verdict": "class", "class": "malignant", "lesions": [{"id": 1, "class": "malignant"}],
//    "mask": base64 of gzip of one byte for each voxel, a lesion's id or 0, i fastest}
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "dataset/diagnosis.h"

namespace parotis::review {

struct EditedLesion {
  int id = 0;                             // in the mask, as the reader saw it
  std::optional<std::string> class_name;  // nothing: the reader does not say
};

struct Edit {
  dataset::Verdict verdict = dataset::Verdict::kNoTumour;  // never kRefused
  std::string class_name;                                  // of kClass
  std::vector<EditedLesion> lesions;                       // in the order in which they will be numbered
  std::vector<std::uint8_t> mask;                          // ids of `lesions` and 0
};

// `name` is what messages call it. Throws kInput with one sentence: unknown verdict or class, a class without a lesion
// or lesions without a tumour, a mask of another size, damaged or far larger than it says, ids that are listed twice,
// listed and nowhere in the mask, or the reverse.
Edit ParseEdit(const base::Json& json, const std::string& name, std::size_t voxels,
               const std::vector<std::string>& classes);

}  // namespace parotis::review
