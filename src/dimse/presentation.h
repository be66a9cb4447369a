// Which classes and transfer syntaxes are agreed on (PS3.7 D.3, PS3.8 9.3.3). Private to this folder.
#pragma once

#include <string>
#include <string_view>

struct T_ASC_Association;  // NOLINT(readability-identifier-naming): DCMTK's

namespace parotis::dimse {

inline constexpr const char* kVerificationClass = "1.2.840.10008.1.1";
inline constexpr const char* kCommitmentClass = "1.2.840.10008.1.20.1";
inline constexpr const char* kCommitmentInstance = "1.2.840.10008.1.20.1.1";  // well known (PS3.4 J.3.5)

inline constexpr const char* kImplicitLittleEndian = "1.2.840.10008.1.2";
inline constexpr const char* kExplicitLittleEndian = "1.2.840.10008.1.2.1";

// Whether the pixels of datasets in this syntax are not compressed, so that they can be written in any other such.
bool IsUncompressed(std::string_view transfer_syntax);
bool IsStoredClass(std::string_view sop_class);

// Agrees to what the peer proposes: each class that is offered in the first of its transfer syntaxes that is read
// (docs/encodings.md), the peer in the role of the user or, of storage commitment, in that which it proposes (PS3.7
// D.3.3.4): as the class's provider it reports. All else is refused.
void Agree(T_ASC_Association& association);

}  // namespace parotis::dimse
