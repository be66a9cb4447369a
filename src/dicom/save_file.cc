#include "dicom/save_file.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcostrma.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmdata/dcwcache.h>
#include <fmt/format.h>

#include <exception>
#include <span>

#include "base/error.h"
#include "base/files.h"

namespace parotis::dicom {
namespace {

// What DCMTK hands out, passed on. An exception is kept until DCMTK has come to its end.
class ToAtomicFile : public DcmConsumer {
 public:
  explicit ToAtomicFile(base::AtomicFile& file) : file_(file) {}

  OFBool good() const override { return error_ == nullptr; }
  OFCondition status() const override { return good() ? EC_Normal : EC_InvalidStream; }
  OFBool isFlushed() const override { return OFTrue; }
  offile_off_t avail() const override { return 1 << 20; }
  offile_off_t write(const void* bytes, offile_off_t count) override {
    try {
      file_.Write(std::span(static_cast<const std::byte*>(bytes), static_cast<std::size_t>(count)));
      return count;
    } catch (...) {
      error_ = std::current_exception();
      return 0;
    }
  }
  void flush() override {}

  void RethrowError() const {
    if (error_ != nullptr) std::rethrow_exception(error_);
  }

 private:
  base::AtomicFile& file_;
  std::exception_ptr error_;
};

class Stream : public DcmOutputStream {
 public:
  explicit Stream(DcmConsumer& consumer) : DcmOutputStream(&consumer) {}
};

}  // namespace

void SaveFile(DcmFileFormat& file, const std::string& transfer_syntax_uid, base::AtomicFile& output) {
  const E_TransferSyntax syntax = DcmXfer(transfer_syntax_uid.c_str()).getXfer();
  ToAtomicFile consumer(output);
  Stream stream(consumer);
  DcmWriteCache cache;
  file.transferInit();
  const OFCondition status = file.write(stream, syntax, EET_UndefinedLength, &cache, EGL_withoutGL, EPD_withoutPadding);
  file.transferEnd();
  consumer.RethrowError();
  if (status.bad())
    base::Throw(base::ErrorKind::kInternal, fmt::format("a DICOM file cannot be encoded: {}", status.text()));
}

}  // namespace parotis::dicom
