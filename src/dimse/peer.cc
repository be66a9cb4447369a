#include "dimse/peer.h"

#include <fmt/format.h>

#include <chrono>

#include "base/error.h"
#include "dimse/call.h"
#include "dimse/commitment.h"
#include "dimse/presentation.h"

namespace parotis::dimse {
namespace {

constexpr std::uint16_t kSuccess = 0x0000;
constexpr std::uint16_t kProcessingFailure = 0x0110;
constexpr std::uint16_t kInvalidArgument = 0x0115;
constexpr std::uint16_t kUnrecognised = 0x0211;

const std::vector<std::string> kPlainSyntaxes = {kExplicitLittleEndian, kImplicitLittleEndian};

// What ends the association before it has done what it is for is an error of the peer's.
template <class Body>
auto OnCall(const Peer& peer, Body&& body) {
  try {
    return body();
  } catch (const Ended& ended) {
    ThrowOf(peer, ended.reason);
  }
}

void DemandSuccess(const Peer& peer, const Command& response, const char* what) {
  const std::uint16_t status = response.Number(element::kStatus).value_or(0);
  if (status != kSuccess) ThrowOf(peer, fmt::format("it answered {} with the status {:04X}H", what, status));
}

void SendCommitment(Call& call, std::uint8_t context, const Command& command, const CommitmentAnswer& answer) {
  const std::string bytes = EncodeCommitment(answer, call.link().contexts().at(context).transfer_syntax);
  call.link().Send(context, command);
  call.link().SendDataset(context, std::as_bytes(std::span(bytes)), true);
}

// The report of that transaction, if it comes on this association and in time.
std::optional<CommitmentAnswer> WaitForReport(Call& call, const std::string& transaction_uid, int wait_s) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(wait_s);
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(until - std::chrono::steady_clock::now()).count();
    if (left <= 0) throw Ended(EndOf::kTimedOut, "it did not report on the same association");
    const Link::Message message = call.link().ReadCommand(static_cast<int>(left));
    const bool is_report = message.command.command_field() == field::kEventReport;
    std::string bytes;
    if (message.command.has_dataset()) bytes = call.link().ReadDataset(message.context, kMostCommitmentBytes);
    const auto report =
        is_report ? DecodeCommitment(bytes, call.link().contexts().at(message.context).transfer_syntax) : std::nullopt;
    const bool is_ours = report && report->transaction_uid == transaction_uid;
    call.Answer(message, is_ours     ? kSuccess
                         : report    ? kProcessingFailure
                         : is_report ? kInvalidArgument
                                     : kUnrecognised);
    if (is_ours) return report;
  }
}

}  // namespace

void Echo(const std::string& calling_ae, const Peer& peer) {
  Call call(calling_ae, peer, {{kVerificationClass, kPlainSyntaxes}});
  const std::uint8_t context = call.Demand(kVerificationClass);
  OnCall(peer, [&] {
    Command request(field::kEcho, call.NextMessageId(), false);
    request.SetText(element::kAffectedClass, kVerificationClass);
    call.link().Send(context, request);
    DemandSuccess(peer, call.Response(request), "the verification");
    call.Release();
  });
}

void ReportCommitment(const std::string& calling_ae, const Peer& peer, const CommitmentAnswer& answer) {
  Call call(calling_ae, peer, {{kCommitmentClass, kPlainSyntaxes, true}});
  const std::uint8_t context = call.Demand(kCommitmentClass);
  bool all_committed = true;
  for (const CommitmentAnswer::Reference& each : answer.references) all_committed &= each.failure == 0;
  OnCall(peer, [&] {
    Command request(field::kEventReport, call.NextMessageId(), true);
    request.SetText(element::kAffectedClass, kCommitmentClass);
    request.SetText(element::kAffectedInstance, kCommitmentInstance);
    request.Set(element::kEventType, all_committed ? kAllCommitted : kSomeNotCommitted);
    SendCommitment(call, context, request, answer);
    DemandSuccess(peer, call.Response(request), "the report of a storage commitment");
    call.Release();
  });
}

std::optional<CommitmentAnswer> AskForCommitment(const std::string& calling_ae, const Peer& peer,
                                                 const CommitmentAnswer& what, int report_wait_s) {
  Call call(calling_ae, peer, {{kCommitmentClass, kPlainSyntaxes}});
  const std::uint8_t context = call.Demand(kCommitmentClass);
  OnCall(peer, [&] {
    Command request(field::kAction, call.NextMessageId(), true);
    request.SetText(element::kRequestedClass, kCommitmentClass);
    request.SetText(element::kRequestedInstance, kCommitmentInstance);
    request.Set(element::kActionType, kRequestCommitment);
    SendCommitment(call, context, request, what);
    DemandSuccess(peer, call.Response(request), "the request for a storage commitment");
  });
  try {
    auto report = WaitForReport(call, what.transaction_uid, report_wait_s);
    call.Release();
    return report;
  } catch (const Ended& ended) {
    call.Leave(ended.how);
    return std::nullopt;  // the request was taken: the report will come on another association
  }
}

}  // namespace parotis::dimse
