#include "dimse/presentation.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>

#include <algorithm>
#include <array>

#include "dimse/association.h"

namespace parotis::dimse {
namespace {

constexpr std::array<std::string_view, 4> kUncompressed = {kImplicitLittleEndian, kExplicitLittleEndian,
                                                           "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"};
// RLE; JPEG baseline, extended, lossless, lossless first order; JPEG-LS lossless, near-lossless; JPEG 2000 lossless and
// lossy.
constexpr std::array<std::string_view, 9> kCompressed = {
    "1.2.840.10008.1.2.5",    "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"};
// MR, enhanced MR, enhanced MR colour, legacy converted enhanced MR.
constexpr std::array<std::string_view, 4> kStored = {"1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.4.1",
                                                     "1.2.840.10008.5.1.4.1.1.4.3", "1.2.840.10008.5.1.4.1.1.4.4"};

template <class List>
bool Contains(const List& list, std::string_view wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

// The first that is read; empty when there is none. Commands and commitments have no pixels to compress.
std::string_view Choose(const T_ASC_PresentationContext& context) {
  const bool has_pixels = IsStoredClass(context.abstractSyntax);
  for (int i = 0; i < context.transferSyntaxCount; ++i) {
    const std::string_view proposed = context.proposedTransferSyntaxes[i];
    if (Contains(kUncompressed, proposed) || (has_pixels && Contains(kCompressed, proposed))) return proposed;
  }
  return {};
}

}  // namespace

std::vector<std::string> StoredClasses() { return {kStored.begin(), kStored.end()}; }

bool IsUncompressed(std::string_view transfer_syntax) { return Contains(kUncompressed, transfer_syntax); }

bool IsStoredClass(std::string_view sop_class) { return Contains(kStored, sop_class); }

void Agree(T_ASC_Association& association) {
  for (int i = 0; i < ASC_countPresentationContexts(association.params); ++i) {
    T_ASC_PresentationContext context{};
    if (ASC_getPresentationContext(association.params, i, &context).bad()) continue;
    const std::string_view sop_class = context.abstractSyntax;
    const bool offered = IsStoredClass(sop_class) || sop_class == kVerificationClass || sop_class == kCommitmentClass;
    const std::string syntax(Choose(context));
    const bool both_roles = sop_class == kCommitmentClass;
    if (context.proposedRole == ASC_SC_ROLE_SCP && !both_roles) {
      ASC_refusePresentationContext(association.params, context.presentationContextID, ASC_P_USERREJECTION);
    } else if (!offered) {
      ASC_refusePresentationContext(association.params, context.presentationContextID,
                                    ASC_P_ABSTRACTSYNTAXNOTSUPPORTED);
    } else if (syntax.empty()) {
      ASC_refusePresentationContext(association.params, context.presentationContextID,
                                    ASC_P_TRANSFERSYNTAXESNOTSUPPORTED);
    } else {
      const T_ASC_SC_ROLE role =
          both_roles && context.proposedRole != ASC_SC_ROLE_DEFAULT ? context.proposedRole : ASC_SC_ROLE_SCU;
      ASC_acceptPresentationContext(association.params, context.presentationContextID, syntax.c_str(), role);
    }
  }
}

}  // namespace parotis::dimse
