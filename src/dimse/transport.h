// One connection under an association, plain or secured as DICOM wants it (PS3.15 B.10, the non-downgrading BCP 195
// profile: TLS 1.2 and 1.3). Private to this folder.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "base/tls_files.h"
#include "dimse/watchdog.h"

class DcmTransportLayer;

namespace parotis::dimse {

enum class Side {
  kServer,  // the other side shows a certificate if TlsFiles says so
  kClient,  // it always does; ours is shown when there is one
};

class Transport {
 public:
  // Throws kInput naming the file that is missing, damaged or does not fit. The name in the other side's certificate is
  // not held against its address: devices are known by their certificates (PS3.15 B).
  Transport(const std::optional<base::TlsFiles>& tls, Side side);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  // For DCMTK, which makes the connection through it; this watches it from then on.
  DcmTransportLayer* layer() const { return layer_.get(); }
  bool is_secure() const { return is_secure_; }
  Watchdog& watchdog() { return watchdog_; }
  const Watchdog& watchdog() const { return watchdog_; }
  // Whether the other side closed the connection, or it broke. DCMTK takes that for an abort.
  bool is_closed() const { return closed_; }

 private:
  bool is_secure_;
  Watchdog watchdog_;
  std::atomic<bool> closed_ = false;
  std::unique_ptr<DcmTransportLayer> layer_;
};

}  // namespace parotis::dimse
