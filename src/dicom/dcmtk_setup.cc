#include "dicom/dcmtk_setup.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>
#include <openjpeg.h>

namespace parotis::dicom {
namespace {

// DCMTK keeps its decoders in a list that does not free them.
struct Decoders {
  Decoders() {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    DcmRLEDecoderRegistration::registerCodecs();
    // Colours by pixel, whatever the header says: native_pixels.h need not ask which decoder it was.
    DJDecoderRegistration::registerCodecs(EDC_photometricInterpretation, EUC_default, EPC_colorByPixel);
    DJLSDecoderRegistration::registerCodecs(EJLSUC_default, EJLSPC_colorByPixel);
  }
  ~Decoders() {
    DJLSDecoderRegistration::cleanup();
    DJDecoderRegistration::cleanup();
    DcmRLEDecoderRegistration::cleanup();
  }
  Decoders(const Decoders&) = delete;
  Decoders& operator=(const Decoders&) = delete;
};

}  // namespace

void SetUpDcmtk() { static const Decoders decoders; }

std::string DcmtkVersion() { return OFFIS_DCMTK_VERSION_STRING; }
std::string OpenJpegVersion() { return opj_version(); }

}  // namespace parotis::dicom
