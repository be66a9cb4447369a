#include "dicom/pixel_file.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcfcache.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/conditions.h"
#include "base/error.h"
#include "dicom/archive.h"
#include "dicom/attributes.h"
#include "dicom/colour.h"
#include "dicom/fragments.h"
#include "dicom/header.h"
#include "dicom/jpeg2000.h"
#include "dicom/jpeg_header.h"
#include "dicom/load.h"
#include "dicom/native_pixels.h"
#include "dicom/palette.h"
#include "dicom/rle_header.h"
#include "dicom/text.h"

namespace parotis::dicom {
namespace {

// Values per byte of file: a few bytes that claim to be gigabytes are no picture.
constexpr std::uint64_t kHighestCompression = 4096;

[[noreturn]] void Missing(const std::string& name, const std::string& fact) {
  base::Refuse(base::Found("pixels_missing", fmt::format("{}: {}", name, fact)));
}
[[noreturn]] void Undecodable(const std::string& name, const std::string& fact) {
  base::Refuse(base::Found("pixels_undecodable", fmt::format("{}: {}", name, fact)));
}

// A file that ends within its pixel data still has a whole header.
void LoadWhole(DcmFileFormat& file, const ReadableFile& readable) {
  const auto reason = Load(file, readable, Extent::kWhole);
  if (!reason) return;
  const std::filesystem::path& path = readable.name();
  if (!LooksLikeDicom(readable.path()))
    base::Throw(base::ErrorKind::kInput, fmt::format("{} is not a DICOM file", path.string()), "not_dicom");
  DcmFileFormat header;
  if (!Load(header, readable, Extent::kHeader) && Has(*header.getDataset(), tag::kRows))
    Missing(path.string(), fmt::format("its pixel data is damaged or breaks off ({})", *reason));
  base::Throw(base::ErrorKind::kInput, fmt::format("{} cannot be read as DICOM: {}", path.string(), *reason),
              "file_unreadable");
}

// The transfer syntax that the file's header names is that of the pixels even where the rest is written in another.
E_TransferSyntax SyntaxOf(DcmFileFormat& file) {
  const DcmXfer named(Code(*file.getMetaInfo(), tag::kTransferSyntaxUid).c_str());
  return named.isEncapsulated() ? named.getXfer() : file.getDataset()->getOriginalXfer();
}

DcmElement& PixelElement(DcmItem& dataset, const std::string& name) {
  for (const Tag& each : {tag::kPixelData, tag::kFloatPixelData, tag::kDoubleFloatPixelData}) {
    DcmElement* element = nullptr;
    if (dataset.findAndGetElement(DcmTagKey(each.group, each.element), element).good() && element != nullptr)
      return *element;
  }
  Missing(name, "it holds no pixel data");
}

bool IsJpeg2000(E_TransferSyntax syntax) {
  return syntax == EXS_JPEG2000LosslessOnly || syntax == EXS_JPEG2000 ||
         syntax == EXS_JPEG2000MulticomponentLosslessOnly || syntax == EXS_JPEG2000Multicomponent;
}

// In big-endian files DCMTK swaps the bytes of 16-bit words; longer cells then have their words the wrong way round.
void SwapWords(std::vector<std::byte>& bytes, std::size_t cell_bytes) {
  for (std::size_t at = 0; at + cell_bytes <= bytes.size(); at += cell_bytes) {
    for (std::size_t i = 0; i < cell_bytes / 2; i += 2) {
      std::swap_ranges(bytes.begin() + static_cast<std::ptrdiff_t>(at + i),
                       bytes.begin() + static_cast<std::ptrdiff_t>(at + i + 2),
                       bytes.begin() + static_cast<std::ptrdiff_t>(at + cell_bytes - i - 2));
    }
  }
}

}  // namespace

struct PixelFile::Impl {
  explicit Impl(const std::filesystem::path& path) : name(path.string()), readable(path) {}

  std::string name;
  ReadableFile readable;
  DcmFileFormat file;
  DcmFileCache cache;
  std::unique_ptr<DcmPixelData> renamed;  // the pixel data under the transfer syntax that it is really in
  DcmElement* element = nullptr;
  PixelDescription description;
  E_TransferSyntax syntax = EXS_Unknown;
  CellLayout native;
  std::optional<Fragments> fragments;
  std::optional<Palette> palette;

  void PrepareNative() {
    native = {description.bits_allocated, description.by_plane, false};
    const std::uint64_t bytes_there = element->getLength();
    const auto frames = static_cast<std::uint64_t>(description.frames);
    const auto bytes_needed = [&] { return (FrameBits(description, native) * frames + 7) / 8; };
    if (description.samples == 3 && description.colour_model.ends_with("_422"))
      native.chroma_halved = bytes_there < bytes_needed();
    const std::string named = Code(*file.getMetaInfo(), tag::kTransferSyntaxUid);
    if (bytes_there == 0 && !named.empty() && DcmXfer(named.c_str()).getXfer() == EXS_Unknown)
      Undecodable(name, fmt::format("the transfer syntax of its pixel data, {}, is not known here", named));
    if (bytes_there < bytes_needed()) {
      Missing(name, fmt::format("its pixel data has {} bytes where its header says {}", bytes_there, bytes_needed()));
    }
  }

  void CheckFrame(int frame) const {
    if (frame >= 0 && frame < description.frames) return;
    Missing(name, fmt::format("it has {} frames, not {}", description.frames, frame + 1));
  }

  void CheckBits(int bits) const {
    if (bits <= description.bits_allocated) return;
    Undecodable(name,
                fmt::format("its pictures have {} bits where the header says {}", bits, description.bits_allocated));
  }

  void PrepareCompressed() {
    const std::uint64_t bytes_there = FileBytes(readable.name());
    if (description.values() / kHighestCompression > bytes_there)
      Missing(name, fmt::format("it claims {} values in {} bytes", description.values(), bytes_there));
    auto* pixels = dynamic_cast<DcmPixelData*>(element);
    const E_TransferSyntax written = file.getDataset()->getOriginalXfer();
    DcmPixelSequence* sequence = nullptr;
    if (pixels == nullptr || pixels->getEncapsulatedRepresentation(written, nullptr, sequence).bad() ||
        sequence == nullptr) {
      Undecodable(name, "its pixel data is not compressed as its transfer syntax says");
    }
    if (written != syntax) {
      sequence = new DcmPixelSequence(*sequence);
      renamed = std::make_unique<DcmPixelData>(DCM_PixelData);
      renamed->putOriginalRepresentation(syntax, nullptr, sequence);  // takes it over
      element = renamed.get();
    }
    fragments.emplace(*sequence, *file.getDataset(), description.frames, name);
  }

  // The bytes in which the frame lies, from the bit `first_bit` of the first one on.
  std::vector<std::byte> NativeBytes(int frame, int& first_bit) {
    const std::uint64_t bits = FrameBits(description, native);
    const std::uint64_t first = bits * static_cast<std::uint64_t>(frame);
    first_bit = static_cast<int>(first % 8);
    std::vector<std::byte> bytes((first % 8 + bits + 7) / 8);
    const auto size = static_cast<Uint32>(bytes.size());
    if (element->getPartialValue(bytes.data(), static_cast<Uint32>(first / 8), size, &cache).bad())
      Missing(name, "its pixel data breaks off");
    const bool words = element->getVR() == EVR_OW && description.bits_allocated > 16;
    if (words && syntax == EXS_BigEndianExplicit && description.bits_allocated % 16 == 0)
      SwapWords(bytes, static_cast<std::size_t>(description.bits_allocated) / 8);
    return bytes;
  }

  std::vector<double> NativeFrame(int frame) {
    int first_bit = 0;
    const std::vector<std::byte> bytes = NativeBytes(frame, first_bit);
    return ValuesInCells(bytes, first_bit, description, native);
  }

  Picture Jpeg2000Frame(int frame) {
    const int samples = description.samples;
    Jpeg2000Image decoded =
        DecodeJpeg2000(fragments->Bytes(frame), {description.columns, description.rows, samples}, name);
    CheckBits(decoded.bits);
    Picture picture{samples, decoded.bits, description.colour_model, {}};
    picture.values.reserve(decoded.values.size());
    for (const std::int32_t value : decoded.values) {
      picture.values.push_back(
          decoded.is_signed == description.is_signed
              ? value
              : StoredValue(static_cast<std::uint32_t>(value), decoded.bits, description.is_signed));
    }
    if (decoded.is_rgb && samples == 3) picture.colour_model = "RGB";
    return picture;
  }

  // DCMTK's decoders take memory for the size that the stream names before they compare it with the header's.
  JpegFrame CheckedJpegFrame(std::span<const std::byte> stream, int frame) const {
    const auto jpeg = ReadJpegFrame(stream);
    if (!jpeg) Undecodable(name, fmt::format("frame {} is no JPEG picture", frame + 1));
    if (jpeg->rows != description.rows || jpeg->columns != description.columns ||
        jpeg->components != description.samples) {
      Undecodable(name,
                  fmt::format("its JPEG picture is {} × {} pixels of {} components where the header says {} × {} of "
                              "{}",
                              jpeg->columns, jpeg->rows, jpeg->components, description.columns, description.rows,
                              description.samples));
    }
    return *jpeg;
  }

  // DCMTK takes what it needs from a frame's first fragment, whatever lies there.
  void CheckRunLengths(std::span<const std::byte> stream, int frame) const {
    if (fragments->count(frame) != 1)
      Undecodable(name, fmt::format("the run lengths of frame {} lie in {} fragments, which must be one (PS3.5 A.4.2)",
                                    frame + 1, fragments->count(frame)));
    if (!RleSegmentsFit(stream, description.samples * description.bits_allocated / 8))
      Undecodable(name, fmt::format("the run lengths of frame {} are damaged", frame + 1));
  }

  // DCMTK's other decoders.
  Picture DecodedFrame(int frame) {
    CellLayout layout{description.bits_allocated, syntax == EXS_RLELossless && description.by_plane, false};
    PixelDescription decoded = description;
    const std::vector<std::byte> stream = fragments->Bytes(frame);
    if (syntax == EXS_RLELossless) CheckRunLengths(stream, frame);
    if (syntax != EXS_RLELossless) {
      const int precision = CheckedJpegFrame(stream, frame).precision;
      CheckBits(precision);
      layout.bits = precision > 8 ? 16 : 8;
      if (layout.bits < description.bits_allocated) {
        decoded.bits_stored = std::min(decoded.bits_stored, layout.bits);
        decoded.high_bit = decoded.bits_stored - 1;
      }
    }
    if (layout.bits % 8 != 0) Undecodable(name, "its compressed pixels are no whole bytes");
    const std::size_t size =
        decoded.values() * static_cast<std::size_t>(std::max(layout.bits, decoded.bits_allocated) / 8);
    std::vector<std::byte> bytes(size + size % 2);
    Uint32 fragment = fragments->first(frame);
    OFString colours;
    const OFCondition status = static_cast<DcmPixelData*>(element)->getUncompressedFrame(
        file.getDataset(), static_cast<Uint32>(frame), fragment, bytes.data(), static_cast<Uint32>(bytes.size()),
        colours, &cache);
    if (status.bad())
      Undecodable(name, fmt::format("frame {} cannot be decoded ({})", frame + 1, CleanText(status.text())));
    Picture picture{description.samples, decoded.bits_stored, description.colour_model, {}};
    if (!colours.empty()) picture.colour_model.assign(colours.data(), colours.size());
    picture.values = ValuesInCells(bytes, 0, decoded, layout);
    return picture;
  }
};

PixelFile::PixelFile(const std::filesystem::path& path) : impl_(std::make_unique<Impl>(path)) {
  LoadWhole(impl_->file, impl_->readable);
  DcmDataset& dataset = *impl_->file.getDataset();
  impl_->element = &PixelElement(dataset, impl_->name);
  impl_->description = DescribePixels(dataset, impl_->name);
  impl_->syntax = SyntaxOf(impl_->file);
  if (DcmXfer(impl_->syntax).isEncapsulated() && impl_->description.format == PixelFormat::kInteger) {
    impl_->PrepareCompressed();
  } else {
    impl_->PrepareNative();
  }
}

PixelFile::~PixelFile() = default;

const PixelDescription& PixelFile::description() const { return impl_->description; }

std::string PixelFile::transfer_syntax_uid() const {
  return DcmXfer(impl_->fragments ? impl_->syntax : EXS_LittleEndianExplicit).getXferID();
}

std::vector<std::byte> PixelFile::Bytes(int frame) {
  impl_->CheckFrame(frame);
  if (impl_->fragments) return impl_->fragments->Bytes(frame);
  int first_bit = 0;
  const std::vector<std::byte> bytes = impl_->NativeBytes(frame, first_bit);
  return FromBit(bytes, first_bit, FrameBits(impl_->description, impl_->native));
}

Picture PixelFile::Stored(int frame) {
  const PixelDescription& d = impl_->description;
  impl_->CheckFrame(frame);
  if (!impl_->fragments) return {d.samples, d.bits_stored, d.colour_model, impl_->NativeFrame(frame)};
  return IsJpeg2000(impl_->syntax) ? impl_->Jpeg2000Frame(frame) : impl_->DecodedFrame(frame);
}

Picture PixelFile::Shown(int frame) {
  Picture picture = Stored(frame);
  if (picture.samples == 1 && picture.colour_model == "PALETTE COLOR") {
    if (!impl_->palette)
      impl_->palette = ReadPalette(*impl_->file.getDataset(), impl_->description.is_signed, impl_->name);
    return {3, impl_->palette->bits, "RGB", impl_->palette->Apply(picture.values)};
  }
  if (picture.samples == 3 && IsYbr(picture.colour_model)) {
    YbrToRgb(picture.colour_model, picture.bits, picture.values);
    picture.colour_model = "RGB";
  }
  return picture;
}

std::vector<double> PixelFile::Signal(int frame) {
  const PixelDescription& d = impl_->description;
  if (!d.is_map_of_signal()) {
    base::Refuse(base::Found("picture_in_colour",
                             fmt::format("{} is a picture ({}), not a map of signal", impl_->name, d.colour_model)));
  }
  std::vector<double> values = Stored(frame).values;
  if (d.colour_model == "MONOCHROME1" && d.format == PixelFormat::kInteger) {
    // max − v for unsigned, −1 − v for signed values: all bits flipped.
    const double sum = d.is_signed ? -1 : std::ldexp(1.0, d.bits_stored) - 1;
    for (double& value : values) value = sum - value;
  }
  return values;
}

std::optional<std::pair<double, double>> PixelFile::padding() const {
  const PixelDescription& d = impl_->description;
  DcmItem& dataset = *impl_->file.getDataset();
  if (d.format != PixelFormat::kInteger) {
    const auto value = Number(
        dataset, d.format == PixelFormat::kFloat ? tag::kFloatPixelPaddingValue : tag::kDoubleFloatPixelPaddingValue);
    return value ? std::optional(std::pair(*value, *value)) : std::nullopt;
  }
  const auto stored = [&](int value) {
    const double plain = StoredValue(static_cast<std::uint64_t>(std::int64_t{value}), d.bits_stored, d.is_signed);
    if (d.colour_model != "MONOCHROME1") return plain;
    return (d.is_signed ? -1 : std::ldexp(1.0, d.bits_stored) - 1) - plain;
  };
  const auto value = Integer(dataset, tag::kPixelPaddingValue);
  if (!value) return std::nullopt;
  const int limit = Integer(dataset, tag::kPixelPaddingRangeLimit).value_or(*value);
  return std::minmax(stored(*value), stored(limit));
}

}  // namespace parotis::dicom
