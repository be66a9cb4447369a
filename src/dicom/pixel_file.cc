#include "dicom/pixel_file.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include <cstring>

#include "base/error.h"
#include "dicom/attributes.h"
#include "dicom/dcmtk_setup.h"
#include "dicom/jpeg2000.h"
#include "dicom/text.h"

namespace parotis::dicom {
namespace {

constexpr std::int64_t kMostPixels = std::int64_t{1} << 28;

struct PixelDescription {
  int rows = 0;
  int columns = 0;
  int frames = 1;
  int bits_allocated = 0;
  int bits_stored = 0;
  int high_bit = 0;
  bool is_signed = false;
  bool inverted = false;  // MONOCHROME1
};

[[noreturn]] void Refuse(const std::string& name, const std::string& fact, const char* code = "pixels_undecodable") {
  base::Throw(base::ErrorKind::kInput, fmt::format("{}: {}", name, fact), code);
}

// Image Pixel module (PS3.3 C.7.6.3).
PixelDescription Describe(DcmItem& dataset, const std::string& name) {
  PixelDescription d;
  d.rows = Integer(dataset, tag::kRows).value_or(0);
  d.columns = Integer(dataset, tag::kColumns).value_or(0);
  d.frames = Integer(dataset, tag::kNumberOfFrames).value_or(1);
  d.bits_allocated = Integer(dataset, tag::kBitsAllocated).value_or(0);
  d.bits_stored = Integer(dataset, tag::kBitsStored).value_or(d.bits_allocated);
  d.high_bit = Integer(dataset, tag::kHighBit).value_or(d.bits_stored - 1);
  d.is_signed = Integer(dataset, tag::kPixelRepresentation).value_or(0) == 1;
  const std::string photometric = Code(dataset, tag::kPhotometricInterpretation);
  d.inverted = photometric == "MONOCHROME1";
  if (Integer(dataset, tag::kSamplesPerPixel).value_or(1) != 1 || (!d.inverted && photometric != "MONOCHROME2")) {
    Refuse(name, fmt::format("is a colour picture ({}), not a map of signal; leave this series out", photometric),
           "picture_in_colour");
  }
  const bool sizes_fit = d.rows > 0 && d.columns > 0 && d.frames > 0 && std::int64_t{d.rows} * d.columns <= kMostPixels;
  const bool bits_fit = (d.bits_allocated == 8 || d.bits_allocated == 16 || d.bits_allocated == 32) &&
                        d.bits_stored >= 1 && d.bits_stored <= d.bits_allocated && d.high_bit < d.bits_allocated &&
                        d.high_bit + 1 >= d.bits_stored;
  if (!sizes_fit || !bits_fit) {
    Refuse(name, fmt::format("has pixels that cannot be: {} × {}, {} frames, {} of {} bits, high bit {}", d.columns,
                             d.rows, d.frames, d.bits_stored, d.bits_allocated, d.high_bit));
  }
  return d;
}

// Two's complement of the lowest `bits` bits, or those bits as they are.
std::int32_t Extend(std::uint32_t raw, int bits, bool is_signed) {
  if (bits >= 32) return static_cast<std::int32_t>(raw);
  const std::uint32_t mask = (std::uint32_t{1} << bits) - 1;
  raw &= mask;
  const bool negative = is_signed && (raw >> (bits - 1)) != 0;
  return static_cast<std::int32_t>(negative ? raw | ~mask : raw);
}

template <class T>
std::vector<std::int32_t> StoredValues(const std::vector<std::byte>& bytes, const PixelDescription& d) {
  const std::size_t count = static_cast<std::size_t>(d.rows) * static_cast<std::size_t>(d.columns);
  std::vector<std::int32_t> values(count);
  const int shift = d.high_bit + 1 - d.bits_stored;
  for (std::size_t i = 0; i < count; ++i) {
    T raw;
    std::memcpy(&raw, bytes.data() + i * sizeof(T), sizeof(T));
    values[i] = Extend(static_cast<std::uint32_t>(raw) >> shift, d.bits_stored, d.is_signed);
  }
  return values;
}

std::vector<std::byte> BytesOf(DcmPixelSequence& sequence, unsigned long fragment, const std::string& name) {
  DcmPixelItem* item = nullptr;
  Uint8* bytes = nullptr;
  if (sequence.getItem(item, fragment).bad() || item == nullptr)
    Refuse(name, "its pixel data breaks off; export the series again", "pixels_missing");
  const std::size_t length = item->getLength();
  if (length == 0) return {};
  if (item->getUint8Array(bytes).bad() || bytes == nullptr)
    Refuse(name, "its pixel data breaks off; export the series again", "pixels_missing");
  const auto* first = reinterpret_cast<const std::byte*>(bytes);
  return {first, first + length};
}

// Fragments [first, last) of a frame (PS3.5 A.4): all of a single frame, one each when their numbers agree, else by the
// basic offset table, whose entries count from the first fragment's item tag.
std::pair<unsigned long, unsigned long> FragmentsOf(DcmPixelSequence& sequence, int frame, int frames,
                                                    const std::string& name) {
  const unsigned long end = sequence.card();
  const auto wanted = static_cast<unsigned long>(frame);
  if (frames == 1) return {1, end};
  if (end == static_cast<unsigned long>(frames) + 1) return {wanted + 1, wanted + 2};
  const std::vector<std::byte> table = BytesOf(sequence, 0, name);
  const auto offset_of = [&](unsigned long f) {
    std::uint32_t offset = 0xFFFFFFFFU;
    if ((f + 1) * 4 <= table.size()) std::memcpy(&offset, table.data() + f * 4, 4);
    return std::uint64_t{offset};
  };
  if (table.size() < 4U * static_cast<unsigned>(frames)) Refuse(name, "its compressed frames cannot be told apart");
  const std::uint64_t start = offset_of(wanted);
  const std::uint64_t stop = frame + 1 < frames ? offset_of(wanted + 1) : ~std::uint64_t{0};
  std::pair<unsigned long, unsigned long> range = {0, end};
  std::uint64_t at = 0;
  for (unsigned long fragment = 1; fragment < end; ++fragment) {
    if (at == start) range.first = fragment;
    if (at >= stop) {
      range.second = fragment;
      break;
    }
    DcmPixelItem* item = nullptr;
    if (sequence.getItem(item, fragment).bad() || item == nullptr) break;
    at += 8 + std::uint64_t{item->getLength()};
  }
  if (range.first == 0) Refuse(name, "its compressed frames cannot be told apart");
  return range;
}

bool IsJpeg2000(E_TransferSyntax syntax) {
  return syntax == EXS_JPEG2000LosslessOnly || syntax == EXS_JPEG2000 ||
         syntax == EXS_JPEG2000MulticomponentLosslessOnly || syntax == EXS_JPEG2000Multicomponent;
}

}  // namespace

struct PixelFile::Impl {
  std::string name;
  DcmFileFormat file;
  DcmPixelData* pixels = nullptr;
  PixelDescription description;
  E_TransferSyntax syntax = EXS_Unknown;

  std::vector<std::int32_t> Jpeg2000Frame(int frame) {
    DcmPixelSequence* sequence = nullptr;
    if (pixels->getEncapsulatedRepresentation(syntax, nullptr, sequence).bad() || sequence == nullptr) {
      Refuse(name, "its compressed pixel data cannot be read");
    }
    const auto [first, last] = FragmentsOf(*sequence, frame, description.frames, name);
    std::vector<std::byte> stream;
    for (unsigned long fragment = first; fragment < last; ++fragment) {
      const std::vector<std::byte> part = BytesOf(*sequence, fragment, name);
      stream.insert(stream.end(), part.begin(), part.end());
    }
    Jpeg2000Image picture = DecodeJpeg2000(stream, description.columns, description.rows, name);
    if (picture.is_signed != description.is_signed) {
      for (std::int32_t& value : picture.values) {
        value = Extend(static_cast<std::uint32_t>(value), picture.bits, description.is_signed);
      }
    }
    return std::move(picture.values);
  }

  // Pixel data that is not encapsulated must hold every frame.
  void CheckLength(std::size_t bytes_per_frame) const {
    const std::size_t wanted = bytes_per_frame * static_cast<std::size_t>(description.frames);
    if (DcmXfer(syntax).isEncapsulated() || pixels->getLengthField() >= wanted) return;
    Refuse(name,
           fmt::format("its pixel data has {} bytes where {} frames of {} × {} pixels need {}; export the series again",
                       pixels->getLengthField(), description.frames, description.columns, description.rows, wanted),
           "pixels_missing");
  }

  std::vector<std::int32_t> DecodedFrame(int frame) {
    const std::size_t size = static_cast<std::size_t>(description.rows) *
                             static_cast<std::size_t>(description.columns) *
                             static_cast<std::size_t>(description.bits_allocated / 8);
    CheckLength(size);
    std::vector<std::byte> bytes(size + size % 2);
    Uint32 fragment = 0;
    OFString colours;
    const OFCondition status =
        pixels->getUncompressedFrame(file.getDataset(), static_cast<Uint32>(frame), fragment, bytes.data(),
                                     static_cast<Uint32>(bytes.size()), colours, nullptr);
    if (status.bad()) {
      Refuse(name, fmt::format("frame {} cannot be decoded ({}); export the series again", frame + 1,
                               CleanText(status.text())));
    }
    if (description.bits_allocated == 8) return StoredValues<std::uint8_t>(bytes, description);
    if (description.bits_allocated == 16) return StoredValues<std::uint16_t>(bytes, description);
    return StoredValues<std::uint32_t>(bytes, description);
  }
};

PixelFile::PixelFile(const std::filesystem::path& path) : impl_(std::make_unique<Impl>()) {
  SetUpDcmtk();
  impl_->name = path.string();
  const OFCondition status = impl_->file.loadFile(path.c_str());
  if (status.bad()) Refuse(impl_->name, fmt::format("cannot be read as DICOM: {}", CleanText(status.text())));
  DcmDataset& dataset = *impl_->file.getDataset();
  DcmElement* element = nullptr;
  if (dataset.findAndGetElement(DCM_PixelData, element).bad() || element == nullptr)
    Refuse(impl_->name, "holds no pixel data; export the series again", "pixels_missing");
  impl_->pixels = dynamic_cast<DcmPixelData*>(element);
  if (impl_->pixels == nullptr) Refuse(impl_->name, "holds no pixel data; export the series again", "pixels_missing");
  impl_->description = Describe(dataset, impl_->name);
  impl_->syntax = dataset.getOriginalXfer();
}

PixelFile::~PixelFile() = default;

int PixelFile::rows() const { return impl_->description.rows; }
int PixelFile::columns() const { return impl_->description.columns; }
int PixelFile::frames() const { return impl_->description.frames; }

std::optional<std::int32_t> PixelFile::padding() const {
  const auto value = Integer(*impl_->file.getDataset(), tag::kPixelPaddingValue);
  if (!value) return std::nullopt;
  const PixelDescription& d = impl_->description;
  const std::int32_t stored = Extend(static_cast<std::uint32_t>(*value), d.bits_stored, d.is_signed);
  return d.inverted ? Extend(~static_cast<std::uint32_t>(stored), d.bits_stored, d.is_signed) : stored;
}

std::vector<std::int32_t> PixelFile::Frame(int frame) {
  const PixelDescription& d = impl_->description;
  if (frame < 0 || frame >= d.frames) Refuse(impl_->name, fmt::format("has {} frames, not {}", d.frames, frame + 1));
  std::vector<std::int32_t> values =
      IsJpeg2000(impl_->syntax) ? impl_->Jpeg2000Frame(frame) : impl_->DecodedFrame(frame);
  if (d.inverted) {
    // All bits flipped: max − v for unsigned, −1 − v for signed values.
    for (std::int32_t& value : values) value = Extend(~static_cast<std::uint32_t>(value), d.bits_stored, d.is_signed);
  }
  return values;
}

}  // namespace parotis::dicom
