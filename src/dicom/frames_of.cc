#include "dicom/frames_of.h"

#include <fmt/format.h>

#include <map>
#include <string_view>

#include "base/error.h"
#include "dicom/pixel_file.h"

namespace parotis::dicom {
namespace {

// PS3.18 tables 8.7.3-2 and 8.7.3-5; syntaxes that they do not name are bytes.
std::string MediaTypeOf(const std::string& transfer_syntax_uid) {
  static constexpr std::string_view kJpegSyntaxes = "1.2.840.10008.1.2.4.";
  static const std::map<std::string_view, std::string_view> kTypes = {
      {"50", "image/jpeg"}, {"51", "image/jpeg"}, {"57", "image/jpeg"}, {"70", "image/jpeg"}, {"80", "image/jls"},
      {"81", "image/jls"},  {"90", "image/jp2"},  {"91", "image/jp2"},  {"92", "image/jpx"},  {"93", "image/jpx"},
  };
  const std::string_view uid = transfer_syntax_uid;
  if (uid == "1.2.840.10008.1.2.5") return "image/dicom-rle";
  const auto found = uid.starts_with(kJpegSyntaxes) ? kTypes.find(uid.substr(kJpegSyntaxes.size())) : kTypes.end();
  return found == kTypes.end() ? "application/octet-stream" : std::string(found->second);
}

}  // namespace

FrameBytes FramesOf(const std::filesystem::path& file, const std::vector<int>& numbers) {
  PixelFile pixels(file);
  const int count = pixels.description().frames;
  FrameBytes all{.transfer_syntax_uid = pixels.transfer_syntax_uid(), .media_type = {}, .frames = {}};
  all.media_type = MediaTypeOf(all.transfer_syntax_uid);
  for (const int number : numbers) {
    if (number < 1 || number > count) {
      base::Throw(base::ErrorKind::kInput,
                  fmt::format("there is no frame {}; the image has frames 1 to {}", number, count));
    }
    const std::vector<std::byte> bytes = pixels.Bytes(number - 1);
    all.frames.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  return all;
}

}  // namespace parotis::dicom
