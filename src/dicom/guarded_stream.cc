#include "dicom/guarded_stream.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcerror.h>
#include <dcmtk/dcmdata/dcistrmf.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <vector>

#include "base/budget.h"
#include "dicom/archive.h"
#include "image/gzip.h"

namespace parotis::dicom {
namespace {

// DCMTK needs 1.5 KiB for each level; real objects have ten levels with some hundred elements.
constexpr std::ptrdiff_t kMostStack_bytes = 256 * 1024;
constexpr std::uint32_t kMostElements = 8192;
constexpr std::uint64_t kMostSteps = std::uint64_t{1} << 26U;  // about a second

using Bytes = std::shared_ptr<const std::vector<std::byte>>;

class MemoryProducer final : public DcmProducer {
 public:
  MemoryProducer(Bytes bytes, std::size_t at) : bytes_(std::move(bytes)), at_(std::min(at, bytes_->size())) {}

  OFBool good() const override { return !overdrawn_; }
  OFCondition status() const override { return overdrawn_ ? EC_PutbackFailed : EC_Normal; }
  OFBool eos() override { return at_ == bytes_->size(); }
  offile_off_t avail() override { return static_cast<offile_off_t>(bytes_->size() - at_); }
  offile_off_t read(void* buffer, offile_off_t count) override {
    const offile_off_t taken = std::clamp<offile_off_t>(count, 0, avail());
    if (taken > 0) std::memcpy(buffer, bytes_->data() + at_, static_cast<std::size_t>(taken));
    return skip(taken);
  }
  offile_off_t skip(offile_off_t count) override {
    const offile_off_t taken = std::clamp<offile_off_t>(count, 0, avail());
    at_ += static_cast<std::size_t>(taken);
    return taken;
  }
  void putback(offile_off_t count) override {
    if (count < 0 || static_cast<std::size_t>(count) > at_) {
      overdrawn_ = true;
    } else {
      at_ -= static_cast<std::size_t>(count);
    }
  }

 private:
  Bytes bytes_;
  std::size_t at_;
  bool overdrawn_ = false;  // more was put back than read
};

class MemoryFactory final : public DcmInputStreamFactory {
 public:
  MemoryFactory(Bytes bytes, std::size_t at) : bytes_(std::move(bytes)), at_(at) {}
  DcmInputStream* create() const override;
  DcmInputStreamFactory* clone() const override { return new MemoryFactory(*this); }
  DcmInputStreamFactoryType ident() const override { return DFT_DcmInputTempFileStreamFactory; }

 private:
  Bytes bytes_;
  std::size_t at_;
};

class MemoryStream final : public DcmInputStream {
 public:
  MemoryStream(const Bytes& bytes, std::size_t at)
      : DcmInputStream(&producer_), producer_(bytes, at), bytes_(bytes), start_(at) {}
  DcmInputStreamFactory* newFactory() const override {
    return new MemoryFactory(bytes_, start_ + static_cast<std::size_t>(tell()));
  }

 private:
  MemoryProducer producer_;
  Bytes bytes_;
  std::size_t start_;
};

DcmInputStream* MemoryFactory::create() const { return new MemoryStream(bytes_, at_); }

// The file, and once it is unpacked the memory. A breach makes it fail for good.
class GuardedProducer final : public DcmProducer {
 public:
  GuardedProducer(const std::filesystem::path& path, std::uint64_t start, std::shared_ptr<Breach> breach)
      : file_(path.c_str(), static_cast<offile_off_t>(start)),
        breach_(std::move(breach)),
        outermost_(static_cast<const char*>(__builtin_frame_address(0))) {}

  OFBool good() const override { return status().good(); }
  OFCondition status() const override { return *breach_ == Breach::kNone ? Current().status() : EC_CorruptedData; }
  // False after a breach: the end would be taken for the dataset's.
  OFBool eos() override { return *breach_ == Breach::kNone && Current().eos(); }
  offile_off_t avail() override { return *breach_ == Breach::kNone ? Current().avail() : 0; }
  offile_off_t read(void* buffer, offile_off_t count) override {
    const std::ptrdiff_t depth = outermost_ - static_cast<const char*>(__builtin_frame_address(0));
    if (depth > kMostStack_bytes) *breach_ = Breach::kTooDeep;
    return *breach_ == Breach::kNone ? Current().read(buffer, count) : 0;
  }
  offile_off_t skip(offile_off_t count) override { return *breach_ == Breach::kNone ? Current().skip(count) : 0; }
  void putback(offile_off_t count) override { Current().putback(count); }

  // What follows in the file takes the file's place unpacked.
  Bytes Unpack() {
    const ArchiveLimits limits;
    const auto packed_bytes = static_cast<std::uint64_t>(file_.avail());
    const std::uint64_t most =
        std::min(limits.entry_bytes, std::max(limits.bytes_worth_a_ratio, packed_bytes * limits.ratio));
    static base::Budget budget(base::PhysicalMemoryBytes() / 4);
    share_.emplace(budget, static_cast<std::int64_t>(std::min(packed_bytes, limits.entry_bytes) + most));
    auto unpacked = std::make_shared<std::vector<std::byte>>();
    if (packed_bytes <= limits.entry_bytes) {
      std::vector<std::byte> packed(packed_bytes);
      packed.resize(static_cast<std::size_t>(file_.read(packed.data(), static_cast<offile_off_t>(packed.size()))));
      *unpacked = image::InflateRaw(packed, most + 1).bytes;
    }
    if (packed_bytes > limits.entry_bytes || unpacked->size() > most) {
      *breach_ = Breach::kUnpacksTooFar;
      unpacked->clear();
    }
    unpacked_.emplace(unpacked, 0);
    return unpacked;
  }

 private:
  const DcmProducer& Current() const { return unpacked_ ? static_cast<const DcmProducer&>(*unpacked_) : file_; }
  DcmProducer& Current() { return unpacked_ ? static_cast<DcmProducer&>(*unpacked_) : file_; }

  DcmFileProducer file_;
  std::optional<MemoryProducer> unpacked_;
  std::shared_ptr<Breach> breach_;
  const char* outermost_;
  std::optional<base::Budget::Share> share_;  // while the file is read
};

// Counts the elements of every item that is being read. DCMTK says mark before each, and each level of nesting has its
// own place on the stack.
class ElementCounter {
 public:
  void Mark(const char* level) {
    while (!levels_.empty() && levels_.back().place < level) levels_.pop_back();  // the stack grows downwards
    if (levels_.empty() || levels_.back().place != level) levels_.push_back({.place = level});
    tag_bytes_ = 0;
  }
  void Read(const void* bytes, std::size_t count) {
    if (tag_bytes_ == tag_.size()) return;
    const std::size_t taken = std::min(count, tag_.size() - tag_bytes_);
    std::memcpy(tag_.data() + tag_bytes_, bytes, taken);
    tag_bytes_ += taken;
    if (tag_bytes_ < tag_.size()) return;
    constexpr std::array<unsigned char, 4> kItem = {0xFE, 0xFF, 0x00, 0xE0};
    constexpr std::array<unsigned char, 4> kItemBigEndian = {0xFF, 0xFE, 0xE0, 0x00};
    if (tag_ == kItem || tag_ == kItemBigEndian) return;  // of a sequence, however many
    Count(levels_.back());
  }
  bool too_many() const { return too_many_; }

 private:
  struct Level {
    const char* place;
    std::uint32_t elements =
        0;  // at most as many as DCMTK keeps: it drops repetitions, of which damaged files are full
    std::uint32_t last = 0, largest = 0;
  };

  void Count(Level& level) {
    // Of big-endian datasets the order is wrong; their few elements cost next to nothing either way.
    const std::uint32_t tag = std::uint32_t{tag_[1]} << 24U | std::uint32_t{tag_[0]} << 16U |
                              std::uint32_t{tag_[3]} << 8U | std::uint32_t{tag_[2]};
    if (level.elements == 0 || tag != level.last) ++level.elements;
    if (tag < level.largest) steps_ += level.elements;  // that many are walked over to find its place
    level.last = tag;
    level.largest = std::max(level.largest, tag);
    too_many_ = too_many_ || level.elements > kMostElements || steps_ > kMostSteps;
  }

  std::vector<Level> levels_;
  std::uint64_t steps_ = 0;              // in the whole file
  std::array<unsigned char, 4> tag_{};   // that is being read
  std::size_t tag_bytes_ = tag_.size();  // of it
  bool too_many_ = false;
};

class GuardedInputStream final : public DcmInputStream {
 public:
  GuardedInputStream(const std::filesystem::path& path, std::uint64_t start, const std::shared_ptr<Breach>& breach)
      : DcmInputStream(&producer_), producer_(path, start, breach), breach_(breach), path_(path), start_(start) {}

  void mark() override {
    elements_.Mark(static_cast<const char*>(__builtin_frame_address(0)));
    DcmInputStream::mark();
  }
  offile_off_t read(void* buffer, offile_off_t count) override {
    const offile_off_t taken = DcmInputStream::read(buffer, count);
    elements_.Read(buffer, static_cast<std::size_t>(taken));
    if (elements_.too_many()) *breach_ = Breach::kTooManyElements;
    return taken;
  }

  // DCMTK calls it where a deflated dataset begins (PS3.5 A.5).
  OFCondition installCompressionFilter(E_StreamCompression kind) override {
    if (kind != ESC_zlib || unpacked_) return EC_UnsupportedEncoding;
    unpacked_ = producer_.Unpack();
    unpacked_from_ = tell();
    if (unpacked_->empty()) return EC_CorruptedData;
    return producer_.status();
  }

  DcmInputStreamFactory* newFactory() const override {
    if (unpacked_) return new MemoryFactory(unpacked_, static_cast<std::size_t>(tell() - unpacked_from_));
    return new DcmInputFileStreamFactory(path_.c_str(), static_cast<offile_off_t>(start_) + tell());
  }

 private:
  GuardedProducer producer_;
  std::shared_ptr<Breach> breach_;
  ElementCounter elements_;
  std::filesystem::path path_;
  std::uint64_t start_;
  Bytes unpacked_;
  offile_off_t unpacked_from_ = 0;
};

}  // namespace

GuardedStream OpenGuarded(const std::filesystem::path& path, std::uint64_t start) {
  auto breach = std::make_shared<Breach>(Breach::kNone);
  auto stream = std::make_unique<GuardedInputStream>(path, start, breach);
  return {std::move(stream), std::move(breach)};
}

}  // namespace parotis::dicom
