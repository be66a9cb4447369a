#include "dimse/commitment.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include "base/error.h"
#include "dicom/attributes.h"
#include "dicom/instance_identity.h"
#include "dimse/dataset_stream.h"
#include "dimse/presentation.h"

namespace parotis::dimse {
namespace {

constexpr dicom::Tag kTransactionUid{0x0008, 0x1195, "UI"};
constexpr dicom::Tag kReferencedSequence{0x0008, 0x1199, "SQ"};
constexpr dicom::Tag kFailedSequence{0x0008, 0x1198, "SQ"};
constexpr dicom::Tag kReferencedClass{0x0008, 0x1150, "UI"};
constexpr dicom::Tag kReferencedInstance{0x0008, 0x1155, "UI"};
constexpr dicom::Tag kFailureReason{0x0008, 0x1197, "US"};
constexpr std::uint16_t kProcessingFailure = 0x0110;

void Demand(const OFCondition& condition) {
  if (condition.bad()) base::Throw(base::ErrorKind::kInternal, "a storage commitment cannot be composed");
}

void AddReference(DcmDataset& dataset, const CommitmentAnswer::Reference& reference) {
  DcmItem* item = nullptr;
  constexpr signed long kAppended = -2;
  Demand(dataset.findOrCreateSequenceItem(reference.failure == 0 ? DCM_ReferencedSOPSequence : DCM_FailedSOPSequence,
                                          item, kAppended));
  Demand(item->putAndInsertString(DCM_ReferencedSOPClassUID, reference.sop_class_uid.c_str()));
  Demand(item->putAndInsertString(DCM_ReferencedSOPInstanceUID, reference.sop_instance_uid.c_str()));
  if (reference.failure != 0) Demand(item->putAndInsertUint16(DCM_FailureReason, reference.failure));
}

// False when one of them is no reference.
bool ReadReferences(DcmDataset& dataset, const dicom::Tag& sequence, CommitmentAnswer& answer) {
  for (DcmItem* item : dicom::SequenceItems(dataset, sequence)) {
    CommitmentAnswer::Reference reference;
    reference.sop_class_uid = dicom::Code(*item, kReferencedClass);
    reference.sop_instance_uid = dicom::Code(*item, kReferencedInstance);
    if (!dicom::IsUid(reference.sop_class_uid) || !dicom::IsUid(reference.sop_instance_uid)) return false;
    if (&sequence == &kFailedSequence) {
      const int reason = dicom::Integer(*item, kFailureReason).value_or(0);
      reference.failure = reason > 0 && reason <= 0xFFFF ? static_cast<std::uint16_t>(reason) : kProcessingFailure;
    }
    answer.references.push_back(std::move(reference));
  }
  return true;
}

}  // namespace

std::string EncodeCommitment(const CommitmentAnswer& answer, const std::string& transfer_syntax) {
  DcmDataset dataset;
  Demand(dataset.putAndInsertString(DCM_TransactionUID, answer.transaction_uid.c_str()));
  for (const CommitmentAnswer::Reference& reference : answer.references) AddReference(dataset, reference);
  std::string bytes;
  Encode(dataset, transfer_syntax, [&](std::span<const std::byte> piece, bool) {
    bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  });
  return bytes;
}

std::optional<CommitmentAnswer> DecodeCommitment(const std::string& bytes, const std::string& transfer_syntax) {
  const auto file = Decode(bytes, transfer_syntax);
  if (!file) return std::nullopt;
  DcmDataset& dataset = *file->getDataset();
  CommitmentAnswer answer;
  answer.transaction_uid = dicom::Code(dataset, kTransactionUid);
  const bool read = dicom::IsUid(answer.transaction_uid) && ReadReferences(dataset, kReferencedSequence, answer) &&
                    ReadReferences(dataset, kFailedSequence, answer);
  if (!read || answer.references.empty()) return std::nullopt;
  return answer;
}

}  // namespace parotis::dimse
