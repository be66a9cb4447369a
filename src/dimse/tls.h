// Secured transport as DICOM wants it (PS3.15 B.10, the non-downgrading BCP 195 profile: TLS 1.2 and 1.3). Private to
// this folder.
#pragma once

#include <memory>

#include "base/tls_files.h"
#include "dimse/watchdog.h"

class DcmTransportLayer;

namespace parotis::dimse {

enum class Side {
  kServer,  // the other side shows a certificate if TlsFiles says so
  kClient,  // it always does; ours is shown when there is one
};

// Throws kInput naming the file that is missing, damaged or does not fit. Connections that it makes are watched.
// The name in the other side's certificate is not held against its address: devices are known by certificates, not by
// names (PS3.15 B).
std::shared_ptr<DcmTransportLayer> TlsLayer(const base::TlsFiles& files, Side side, Watchdog& watchdog);
// The same without TLS.
std::shared_ptr<DcmTransportLayer> PlainLayer(Watchdog& watchdog);

}  // namespace parotis::dimse
