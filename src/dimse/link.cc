#include "dimse/link.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/cond.h>
#include <dcmtk/dcmnet/dul.h>
#include <fmt/format.h>

#include "dicom/text.h"

namespace parotis::dimse {
namespace {

constexpr const char* kNoPiece = "the next piece of a message did not come";
constexpr const char* kNotTaken = "a message was not taken";

}  // namespace

Link::Link(T_ASC_Association& association, Transport& transport, int message_s)
    : association_(association), transport_(transport), watchdog_(transport.watchdog()), message_s_(message_s) {
  for (int i = 0; i < ASC_countPresentationContexts(association.params); ++i) {
    T_ASC_PresentationContext context{};
    if (ASC_getPresentationContext(association.params, i, &context).bad()) continue;
    if (context.resultReason != ASC_P_ACCEPTANCE || context.acceptedRole == ASC_SC_ROLE_NONE) continue;
    contexts_[context.presentationContextID] = {context.abstractSyntax, context.acceptedTransferSyntax};
  }
}

Link::Message Link::ReadCommand(int idle_s) {
  std::string bytes;
  std::uint8_t context = 0;
  for (bool last = false; !last;) {
    const Piece piece = context == 0 ? NextPiece(idle_s) : NextPiece();
    if (!piece.of_command || (context != 0 && piece.context != context))
      throw Ended(EndOf::kBroken, "the peer sent a dataset where a command was due");
    context = piece.context;
    if (bytes.size() + piece.bytes.size() > Command::kMostBytes)
      throw Ended(EndOf::kOverLimit, fmt::format("the peer sent a command of more than {} bytes", Command::kMostBytes));
    bytes.append(reinterpret_cast<const char*>(piece.bytes.data()), piece.bytes.size());
    last = piece.last;
  }
  auto command = Command::Parse(bytes);
  if (!command) throw Ended(EndOf::kBroken, "the peer sent a command that cannot be read");
  return {context, std::move(*command)};
}

void Link::ReadDataset(std::uint8_t context, const std::function<void(Bytes)>& take) {
  for (bool last = false; !last;) {
    const Piece piece = NextPiece();
    if (piece.of_command || piece.context != context)
      throw Ended(EndOf::kBroken, "the peer sent a command where the rest of a dataset was due");
    take(piece.bytes);
    last = piece.last;
  }
}

std::string Link::ReadDataset(std::uint8_t context, std::size_t most_bytes) {
  std::string whole;
  ReadDataset(context, [&](Bytes piece) {
    if (whole.size() + piece.size() > most_bytes)
      throw Ended(EndOf::kOverLimit, fmt::format("the peer sent a message of more than {} bytes", most_bytes));
    whole.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  });
  return whole;
}

void Link::Send(std::uint8_t context, const Command& command) {
  const std::string bytes = command.Bytes();
  Write(context, std::as_bytes(std::span(bytes)), true, true);
}

void Link::SendDataset(std::uint8_t context, Bytes piece, bool last) { Write(context, piece, false, last); }

// Without the watchdog, so that the association can be ended as it should be.
void Link::AwaitMessage(int idle_s) {
  if (!ASC_dataWaiting(&association_, idle_s))
    throw Ended(EndOf::kTimedOut, fmt::format("no message came within {} s", idle_s));
}

Link::Piece Link::NextPiece(std::optional<int> idle_s) {
  DUL_PDV pdv{};
  OFCondition condition = DUL_NextPDV(&association_.DULassociation, &pdv);
  if (condition.bad()) {
    if (idle_s) AwaitMessage(*idle_s);
    watchdog_.Within(message_s_, kNoPiece);
    condition = DUL_ReadPDVs(&association_.DULassociation, nullptr, DUL_BLOCK, 0);
    if (condition == DUL_PDATAPDUARRIVED) condition = DUL_NextPDV(&association_.DULassociation, &pdv);
    if (condition.bad()) Fail(condition, idle_s.has_value());
    watchdog_.Pause();
  }
  if (!contexts_.contains(pdv.presentationContextID))
    throw Ended(EndOf::kBroken, "the peer used a presentation context that was not agreed on");
  return {pdv.presentationContextID, pdv.pdvType == DUL_COMMANDPDV, pdv.lastPDV == OFTrue,
          Bytes(static_cast<const std::byte*>(pdv.data), pdv.fragmentLength)};
}

void Link::Write(std::uint8_t context, Bytes bytes, bool of_command, bool last) {
  watchdog_.Within(message_s_, kNotTaken);
  DUL_PDV pdv{};
  pdv.fragmentLength = bytes.size();
  pdv.presentationContextID = context;
  pdv.pdvType = of_command ? DUL_COMMANDPDV : DUL_DATASETPDV;
  pdv.lastPDV = last;
  pdv.data = const_cast<std::byte*>(bytes.data());  // which DCMTK only reads
  DUL_PDVLIST list{};
  list.count = 1;
  list.pdv = &pdv;
  const OFCondition condition = DUL_WritePDVs(&association_.DULassociation, &list);
  if (condition.bad()) Fail(condition, false);
  watchdog_.Pause();
}

void Link::Fail(const OFCondition& condition, bool release_is_fine) const {
  const std::string passed = watchdog_.Passed();
  if (!passed.empty()) throw Ended(EndOf::kTimedOut, passed);
  if (transport_.is_closed() || condition == DUL_NETWORKCLOSED) throw Ended(EndOf::kBroken, "the connection broke off");
  if (condition == DUL_PEERREQUESTEDRELEASE) {
    if (release_is_fine) throw Ended(EndOf::kReleased, "the peer released the association");
    throw Ended(EndOf::kBroken, "the peer released the association within a message");
  }
  if (condition == DUL_PEERABORTEDASSOCIATION) throw Ended(EndOf::kAborted, "the peer aborted the association");
  if (condition == DUL_ILLEGALPDULENGTH || condition == NET_EC_AssociatePDUTooLarge)
    throw Ended(EndOf::kOverLimit, "the peer sent a PDU that is longer than was agreed on");
  throw Ended(EndOf::kBroken, fmt::format("the association broke ({})", dicom::CleanText(condition.text())));
}

}  // namespace parotis::dimse
