#include "dimse/dataset_stream.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmdata/dcwcache.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <vector>

#include "base/error.h"
#include "dicom/load.h"
#include "dicom/text.h"
#include "dimse/dataset_file.h"
#include "dimse/file_head.h"

namespace parotis::dimse {
namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;

// A file that is in memory and has a path while this lives.
class MemoryFile {
 public:
  explicit MemoryFile(const std::string& bytes) : descriptor_(memfd_create("dataset", MFD_CLOEXEC)) {
    std::size_t at = 0;
    while (at < bytes.size()) {
      const ssize_t written = write(descriptor_, bytes.data() + at, bytes.size() - at);
      if (written <= 0) base::Throw(base::ErrorKind::kIo, "a received dataset does not fit into memory");
      at += static_cast<std::size_t>(written);
    }
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

 private:
  int descriptor_;
};

}  // namespace

void Encode(DcmDataset& dataset, const std::string& transfer_syntax,
            const std::function<void(std::span<const std::byte> piece, bool last)>& take) {
  const E_TransferSyntax syntax = DcmXfer(transfer_syntax.c_str()).getXfer();
  std::vector<std::byte> buffer(kPieceBytes);
  DcmOutputBufferStream stream(buffer.data(), static_cast<offile_off_t>(buffer.size()));
  DcmWriteCache cache;
  OFCondition status = dataset.chooseRepresentation(syntax, nullptr);
  dataset.transferInit();
  for (bool last = false; !last && (status.good() || status == EC_StreamNotifyClient);) {
    status = dataset.write(stream, syntax, EET_UndefinedLength, &cache, EGL_noChange, EPD_noChange);
    last = status.good();
    if (last) stream.flush();
    if (status.bad() && status != EC_StreamNotifyClient) break;
    void* piece = nullptr;
    offile_off_t bytes = 0;
    stream.flushBuffer(piece, bytes);
    take(std::span(static_cast<const std::byte*>(piece), static_cast<std::size_t>(bytes)), last);
  }
  dataset.transferEnd();
  if (status.bad())
    base::Throw(base::ErrorKind::kInput, fmt::format("a dataset cannot be encoded in the transfer syntax {}: {}",
                                                     transfer_syntax, dicom::CleanText(status.text())));
}

std::unique_ptr<DcmFileFormat> Decode(const std::string& bytes, const std::string& transfer_syntax) {
  const FileHead head{{}, {}, transfer_syntax, {}};
  const MemoryFile memory(FileHeadBytes(head) + bytes);
  auto file = std::make_unique<DcmFileFormat>();
  try {
    const dicom::ReadableFile readable(memory.path());
    if (dicom::Load(*file, readable, dicom::Extent::kWhole)) return nullptr;
    if (file->loadAllDataIntoMemory().bad()) return nullptr;
  } catch (const base::Error&) {
    return nullptr;
  }
  return file;
}

}  // namespace parotis::dimse
