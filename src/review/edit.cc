#include "review/edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/base64.h"
#include "base/error.h"
#include "image/gzip.h"

namespace parotis::review {
namespace {

using base::ErrorKind;
using base::Json;
using base::JsonObject;
using dataset::Verdict;

constexpr int kGreatestId = 255;

Verdict VerdictNamed(const std::string& verdict, const std::string& path) {
  for (const Verdict each : {Verdict::kClass, Verdict::kIndeterminate, Verdict::kNoTumour}) {
    if (dataset::NameOf(each) == verdict) return each;
  }
  base::Throw(ErrorKind::kInput,
              fmt::format("{} is \"{}\" and must be class, indeterminate or no_tumour_found", path, verdict));
}

void CheckClass(const std::string& class_name, const std::vector<std::string>& classes, const std::string& path) {
  if (std::find(classes.begin(), classes.end(), class_name) != classes.end()) return;
  base::Throw(ErrorKind::kInput,
              fmt::format("{} is \"{}\" and must be one of {}", path, class_name, fmt::join(classes, ", ")));
}

EditedLesion LesionOf(const Json& json, const std::string& path, const std::vector<std::string>& classes) {
  JsonObject object(json, path);
  EditedLesion lesion;
  object.ReadRequired("id", lesion.id);
  object.Read("class", lesion.class_name);
  object.Finish();
  if (lesion.id < 1 || lesion.id > kGreatestId)
    base::Throw(ErrorKind::kInput, fmt::format("{}.id must be between 1 and {}", path, kGreatestId));
  if (lesion.class_name) CheckClass(*lesion.class_name, classes, path + ".class");
  return lesion;
}

std::vector<std::uint8_t> MaskOf(const std::string& text, const std::string& path, std::size_t voxels) {
  const std::optional<std::string> packed = base::Base64Decoded(text);
  if (!packed) base::Throw(ErrorKind::kInput, path + " is not base64");
  const std::span<const std::byte> bytes = std::as_bytes(std::span(*packed));
  if (!image::IsGzip(bytes)) base::Throw(ErrorKind::kInput, path + " is not compressed with gzip");
  const image::Inflated unpacked = image::Inflate(bytes, voxels + 1, path);
  if (!unpacked.complete || unpacked.bytes.size() != voxels)
    base::Throw(ErrorKind::kInput, fmt::format("{} does not hold one byte for each of {} voxels", path, voxels));
  std::vector<std::uint8_t> mask(voxels);
  std::transform(unpacked.bytes.begin(), unpacked.bytes.end(), mask.begin(),
                 [](std::byte value) { return std::to_integer<std::uint8_t>(value); });
  return mask;
}

// The list and the mask speak of the same lesions.
void CheckLesions(const Edit& edit, const std::string& name) {
  std::array<bool, kGreatestId + 1> listed = {}, drawn = {};
  for (const std::uint8_t id : edit.mask) drawn[id] = true;
  for (const EditedLesion& lesion : edit.lesions) {
    bool& before = listed[static_cast<std::size_t>(lesion.id)];
    if (before) base::Throw(ErrorKind::kInput, fmt::format("{} lists lesion {} twice", name, lesion.id));
    before = true;
  }
  for (std::size_t id = 1; id < listed.size(); ++id) {
    if (listed[id] && !drawn[id])
      base::Throw(ErrorKind::kInput,
                  fmt::format("{}: lesion {} is nowhere in the mask: draw it or remove it", name, id));
    if (!listed[id] && drawn[id])
      base::Throw(ErrorKind::kInput, fmt::format("{}: the mask holds a lesion {} that is not listed", name, id));
  }
}

void CheckVerdict(const Edit& edit, const std::string& name) {
  const bool has_tumour = edit.verdict != Verdict::kNoTumour;
  if (has_tumour && edit.lesions.empty())
    base::Throw(ErrorKind::kInput, name + " names a tumour and has no lesion: draw one, or say that there is none");
  if (!has_tumour && !edit.lesions.empty())
    base::Throw(ErrorKind::kInput, name + " says that there is no tumour and has lesions: remove them first");
}

}  // namespace

Edit ParseEdit(const Json& json, const std::string& name, std::size_t voxels, const std::vector<std::string>& classes) {
  JsonObject object(json, name);
  Edit edit;
  edit.verdict = VerdictNamed(object.Get<std::string>("verdict"), object.PathOf("verdict"));
  std::optional<std::string> class_name;
  object.Read("class", class_name);
  if (edit.verdict == Verdict::kClass) {
    edit.class_name = class_name.value_or("");
    CheckClass(edit.class_name, classes, object.PathOf("class"));
  }
  const Json& lesions = object.Require("lesions");
  if (!lesions.is_array()) base::Throw(ErrorKind::kInput, object.PathOf("lesions") + " must be a list");
  for (std::size_t i = 0; i < lesions.size(); ++i)
    edit.lesions.push_back(LesionOf(lesions[i], fmt::format("{}[{}]", object.PathOf("lesions"), i), classes));
  edit.mask = MaskOf(object.Get<std::string>("mask"), object.PathOf("mask"), voxels);
  object.Finish();
  CheckLesions(edit, name);
  CheckVerdict(edit, name);
  return edit;
}

}  // namespace parotis::review
