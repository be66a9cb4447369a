// One reader for each way in which diffusion weighting is written down. They only collect; private attributes are read
// under their creator alone, so that no reader needs to know the manufacturer. Sources: docs/diffusion.md.
#pragma once

#include "dicom/diffusion_claims.h"
#include "dicom/frame_items.h"

namespace parotis::dicom {

// MR Diffusion macro (PS3.3 C.8.13.5.9) of enhanced images, and the same attributes in the dataset of classic ones.
void ReadStandardDiffusion(const FrameItems& items, DiffusionClaims& claims);
// Group 0019 (MR HEADER), group 0021 (SDI, syngo MR XA), and the CSA header.
void ReadSiemensDiffusion(const FrameItems& items, DiffusionClaims& claims);
void ReadGeDiffusion(const FrameItems& items, DiffusionClaims& claims);
void ReadPhilipsDiffusion(const FrameItems& items, DiffusionClaims& claims);
void ReadUihDiffusion(const FrameItems& items, DiffusionClaims& claims);
// Canon, formerly Toshiba: a remark in the image comments.
void ReadCanonDiffusion(const FrameItems& items, DiffusionClaims& claims);
// Names of sequences, and the words of ImageType and of the derivation's description.
void ReadDiffusionNames(const FrameItems& items, DiffusionClaims& claims);

// "*ep_b400t" → 400, "ep_b1000#12" → 1000, "*ep_b0" → 0; absent for ranges ("*ep_b50_800") and everything else.
std::optional<double> BValueFromSequenceName(const std::string& name);
// GE adds 10⁹ to the b-value of multi-b and synthetic images (0043,xx39); the true value is below that.
double BValueFromGe(double stored);

// "b=1500(-0.445,-0.895,0.000)", as Canon writes it; absent for anything else. Direction only when it has three
// numbers.
struct CanonRemark {
  double b_value_s_mm2 = 0;
  std::optional<image::Vector3> direction;
};
std::optional<CanonRemark> ParseCanonRemark(const std::string& comment);

}  // namespace parotis::dicom
