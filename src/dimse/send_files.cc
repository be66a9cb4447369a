#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "dicom/attributes.h"
#include "dicom/instance_identity.h"
#include "dicom/load.h"
#include "dimse/call.h"
#include "dimse/dataset_stream.h"
#include "dimse/file_head.h"
#include "dimse/peer.h"
#include "dimse/presentation.h"

namespace parotis::dimse {
namespace {

constexpr std::uint16_t kSuccess = 0x0000;
constexpr std::uint16_t kNotAsked = 0xFFFF;
constexpr std::size_t kPieceBytes = 64 * 1024;

struct Outgoing {
  Sent sent;
  std::string transfer_syntax;
  std::optional<std::uint64_t> dataset_at;  // where it begins, if it can be sent as it lies there
};

std::unique_ptr<DcmFileFormat> LoadFile(const std::filesystem::path& path, dicom::Extent extent) {
  auto file = std::make_unique<DcmFileFormat>();
  const dicom::ReadableFile readable(path);
  if (const auto reason = dicom::Load(*file, readable, extent))
    base::Throw(base::ErrorKind::kInput, fmt::format("{} cannot be read as DICOM: {}", path.string(), *reason));
  return file;
}

Outgoing Look(const std::filesystem::path& path) {
  const auto file = LoadFile(path, dicom::Extent::kHeader);
  DcmDataset& dataset = *file->getDataset();
  Outgoing outgoing;
  outgoing.sent.file = path;
  outgoing.sent.status = kNotAsked;
  outgoing.sent.sop_class_uid = dicom::Code(dataset, dicom::tag::kSopClassUid);
  outgoing.sent.sop_instance_uid = dicom::Code(dataset, dicom::tag::kSopInstanceUid);
  if (!dicom::IsUid(outgoing.sent.sop_class_uid) || !dicom::IsUid(outgoing.sent.sop_instance_uid))
    base::Throw(base::ErrorKind::kInput, fmt::format("{} has no SOP class or instance UID", path.string()));
  const std::string written = DcmXfer(dataset.getOriginalXfer()).getXferID();
  outgoing.transfer_syntax = dicom::Code(*file->getMetaInfo(), dicom::tag::kTransferSyntaxUid);
  if (outgoing.transfer_syntax.empty()) outgoing.transfer_syntax = written;
  if (outgoing.transfer_syntax == written) outgoing.dataset_at = dicom::StartOfDataset(path);
  return outgoing;
}

// Each class in each of its files' transfer syntaxes, and in the plain ones where they can be turned into those.
std::vector<Proposal> ProposalsFor(const std::vector<Outgoing>& files) {
  std::vector<Proposal> proposals;
  const auto propose = [&](const std::string& sop_class, const std::vector<std::string>& syntaxes) {
    const bool is_new = std::none_of(proposals.begin(), proposals.end(), [&](const Proposal& each) {
      return each.sop_class == sop_class && each.transfer_syntaxes == syntaxes;
    });
    if (is_new && proposals.size() < kMostProposals) proposals.push_back({sop_class, syntaxes});
  };
  for (const Outgoing& file : files) {
    propose(file.sent.sop_class_uid, {file.transfer_syntax});
    if (!IsUncompressed(file.transfer_syntax)) continue;
    propose(file.sent.sop_class_uid, {kExplicitLittleEndian});
    propose(file.sent.sop_class_uid, {kImplicitLittleEndian});
  }
  return proposals;
}

std::optional<std::uint8_t> ContextFor(const Outgoing& file, const Call& call) {
  if (const auto same = call.Find(file.sent.sop_class_uid, file.transfer_syntax)) return same;
  if (!IsUncompressed(file.transfer_syntax)) return std::nullopt;
  for (const char* syntax : {kExplicitLittleEndian, kImplicitLittleEndian}) {
    if (const auto plain = call.Find(file.sent.sop_class_uid, syntax)) return plain;
  }
  return std::nullopt;
}

// A file that is read from some place on.
class FileTail {
 public:
  FileTail(const std::filesystem::path& path, std::uint64_t at)
      : path_(path), at_(at), descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~FileTail() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  FileTail(const FileTail&) = delete;
  FileTail& operator=(const FileTail&) = delete;

  // The next bytes; fewer, or none, at the end.
  std::vector<std::byte> Next() {
    std::vector<std::byte> piece(kPieceBytes);
    const ssize_t count = pread(descriptor_, piece.data(), piece.size(), static_cast<off_t>(at_));
    if (count < 0) base::Throw(base::ErrorKind::kIo, fmt::format("{} cannot be read to its end", path_.string()));
    piece.resize(static_cast<std::size_t>(count));
    at_ += piece.size();
    return piece;
  }

 private:
  std::filesystem::path path_;
  std::uint64_t at_;
  int descriptor_;
};

void SendAsItLies(Link& link, std::uint8_t context, const std::filesystem::path& path, std::uint64_t at) {
  FileTail tail(path, at);
  std::vector<std::byte> piece = tail.Next();
  while (true) {
    std::vector<std::byte> next = tail.Next();
    link.SendDataset(context, piece, next.empty());
    if (next.empty()) return;
    piece = std::move(next);
  }
}

void SendFile(Call& call, std::uint8_t context, const Outgoing& file) {
  const std::string& syntax = call.link().contexts().at(context).transfer_syntax;
  if (syntax == file.transfer_syntax && file.dataset_at) {
    SendAsItLies(call.link(), context, file.sent.file, *file.dataset_at);
    return;
  }
  const auto loaded = LoadFile(file.sent.file, dicom::Extent::kWhole);
  Encode(*loaded->getDataset(), syntax,
         [&](std::span<const std::byte> piece, bool last) { call.link().SendDataset(context, piece, last); });
}

void StoreOne(Call& call, Outgoing& file) {
  Sent& sent = file.sent;
  const auto context = ContextFor(file, call);
  if (!context) {
    sent.reason = fmt::format("the peer does not take the SOP class {} in the transfer syntax {}", sent.sop_class_uid,
                              file.transfer_syntax);
    return;
  }
  Command request(field::kStore, call.NextMessageId(), true);
  request.SetText(element::kAffectedClass, sent.sop_class_uid);
  request.SetText(element::kAffectedInstance, sent.sop_instance_uid);
  request.Set(element::kPriority, 0);
  call.link().Send(*context, request);
  SendFile(call, *context, file);
  const Command response = call.Response(request);
  sent.status = response.Number(element::kStatus).value_or(kNotAsked);
  sent.stored = sent.status == kSuccess || sent.status == 0xB000 || sent.status == 0xB006 || sent.status == 0xB007;
  if (!sent.stored) sent.reason = fmt::format("the peer answered with the status {:04X}H", sent.status);
}

}  // namespace

std::vector<Sent> Store(const std::string& calling_ae, const Peer& peer,
                        const std::vector<std::filesystem::path>& files) {
  std::vector<Outgoing> outgoing;
  outgoing.reserve(files.size());
  for (const std::filesystem::path& file : files) outgoing.push_back(Look(file));
  std::vector<Sent> all;
  if (outgoing.empty()) return all;
  Call call(calling_ae, peer, ProposalsFor(outgoing));
  std::string broken;
  for (Outgoing& file : outgoing) {
    try {
      if (broken.empty()) StoreOne(call, file);
    } catch (const Ended& ended) {
      broken = ended.reason;
    } catch (const base::Error& error) {
      broken = error.message();  // half of a dataset is on its way: nothing else can follow
    }
    if (!broken.empty()) file.sent.reason = broken;
    all.push_back(file.sent);
  }
  if (broken.empty()) call.Release();
  return all;
}

}  // namespace parotis::dimse
