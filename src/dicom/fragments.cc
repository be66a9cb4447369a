#include "dicom/fragments.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/conditions.h"
#include "dicom/attributes.h"

namespace parotis::dicom {
namespace {

// SOI of JPEG and JPEG-LS, SOC and SIZ of JPEG 2000, the signature box of a JP2 file.
bool StartsAPicture(std::string_view bytes) {
  constexpr std::string_view kBox("\x00\x00\x00\x0CjP  ", 8);
  return bytes.starts_with("\xFF\xD8\xFF") || bytes.starts_with("\xFF\x4F\xFF\x51") || bytes.starts_with(kBox);
}

}  // namespace

Fragments::Fragments(DcmPixelSequence& sequence, DcmItem& dataset, int frames, std::string name)
    : name_(std::move(name)) {
  for (DcmObject* next = sequence.nextInContainer(nullptr); next != nullptr; next = sequence.nextInContainer(next))
    items_.push_back(static_cast<DcmPixelItem*>(next));
  starts_ = Starts(dataset, static_cast<std::size_t>(frames));
}

std::vector<unsigned> Fragments::Starts(DcmItem& dataset, std::size_t frames) const {
  const std::size_t fragments = items_.empty() ? 0 : items_.size() - 1;
  if (fragments < frames) {
    base::Refuse(base::Found(
        "pixels_missing",
        fmt::format("{} holds {} compressed fragments where its header says {} frames", name_, fragments, frames)));
  }
  std::vector<std::size_t> starts;
  if (frames == 1) {
    starts = {1};
  } else if (fragments == frames) {
    for (std::size_t f = 1; f <= frames; ++f) starts.push_back(f);
  } else {
    const std::string extended = dicom::Bytes(dataset, tag::kExtendedOffsetTable);
    const auto* first = reinterpret_cast<const std::byte*>(extended.data());
    starts = ByOffsets({first, first + extended.size()}, 8, frames);
    if (starts.empty()) starts = ByOffsets(BytesOf(0), 4, frames);
    if (starts.empty()) starts = ByMarkers(frames);
  }
  if (starts.empty()) {
    base::Refuse(base::Found("pixels_undecodable", fmt::format("{}: its {} frames in {} fragments cannot be told apart",
                                                               name_, frames, fragments)));
  }
  starts.push_back(items_.size());
  return {starts.begin(), starts.end()};
}

// Offsets count from the first fragment's item tag and point to item tags, which have 8 bytes.
std::vector<std::size_t> Fragments::ByOffsets(const std::vector<std::byte>& table, std::size_t width,
                                              std::size_t frames) const {
  if (table.size() / width != frames) return {};
  std::vector<std::size_t> starts;
  std::uint64_t at = 0;
  for (std::size_t item = 1; item < items_.size() && starts.size() < frames; ++item) {
    std::uint64_t wanted = 0;
    std::memcpy(&wanted, table.data() + starts.size() * width, width);
    if (at == wanted) starts.push_back(item);
    at += 8 + std::uint64_t{items_[item]->getLength()};
  }
  return starts.size() == frames && starts.front() == 1 ? starts : std::vector<std::size_t>();
}

std::vector<std::size_t> Fragments::ByMarkers(std::size_t frames) const {
  std::vector<std::size_t> starts;
  for (std::size_t item = 1; item < items_.size(); ++item) {
    std::array<char, 8> head{};
    const auto length = std::min<Uint32>(static_cast<Uint32>(head.size()), items_[item]->getLength());
    if (length == 0 || items_[item]->getPartialValue(head.data(), 0, length).bad()) continue;
    if (StartsAPicture({head.data(), length})) starts.push_back(item);
  }
  return starts.size() == frames && starts.front() == 1 ? starts : std::vector<std::size_t>();
}

std::vector<std::byte> Fragments::BytesOf(std::size_t item) const {
  std::vector<std::byte> bytes(items_[item]->getLength());
  if (bytes.empty()) return bytes;
  if (items_[item]->getPartialValue(bytes.data(), 0, static_cast<Uint32>(bytes.size())).bad())
    base::Refuse(base::Found("pixels_missing", fmt::format("{}: its compressed pixel data breaks off", name_)));
  return bytes;
}

std::vector<std::byte> Fragments::Bytes(int frame) const {
  const auto f = static_cast<std::size_t>(frame);
  std::vector<std::byte> all;
  for (std::size_t item = starts_[f]; item < starts_[f + 1]; ++item) {
    const std::vector<std::byte> part = BytesOf(item);
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace parotis::dicom
