#include "dimse/provider.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "dimse/commitment.h"
#include "dimse/dataset_file.h"
#include "dimse/examine.h"
#include "dimse/file_head.h"
#include "dimse/presentation.h"

namespace parotis::dimse {
namespace {

// PS3.7 annex C, PS3.4 table B.2-1.
constexpr std::uint16_t kSuccess = 0x0000;
constexpr std::uint16_t kProcessingFailure = 0x0110;
constexpr std::uint16_t kNoSuchInstance = 0x0112;
constexpr std::uint16_t kInvalidArgument = 0x0115;
constexpr std::uint16_t kNoSuchClass = 0x0118;
constexpr std::uint16_t kClassNotSupported = 0x0122;
constexpr std::uint16_t kNoSuchAction = 0x0123;
constexpr std::uint16_t kUnrecognised = 0x0211;
constexpr std::uint16_t kOutOfResources = 0xA700;
constexpr std::uint16_t kDoesNotMatch = 0xA900;
constexpr std::uint16_t kCannotRead = 0xC000;

struct Answer {
  std::uint16_t status = kSuccess;
  std::string comment;  // without patient data
};

std::uint16_t StatusOf(Reception reception) {
  switch (reception) {
    case Reception::kStored: return kSuccess;
    case Reception::kOutOfResources: return kOutOfResources;
    case Reception::kDoesNotMatch: return kDoesNotMatch;
    case Reception::kCannotRead: return kCannotRead;
  }
  return kCannotRead;
}

class Provider {
 public:
  Provider(Link& link, const AssociationLimits& limits, const AssociationServices& services, AssociationEnd& end)
      : link_(link), limits_(limits), services_(services), end_(end) {}

  // Reads one message and answers it.
  void Serve() {
    const Link::Message message = link_.ReadCommand(limits_.idle_s);
    const Command& command = message.command;
    if (command.is_response()) throw Ended(EndOf::kBroken, "the peer answered what was not asked");
    const Answer answer = AnswerTo(message);
    if (command.command_field() == field::kCancel) return;  // of what is done already
    Command response(command, answer.status);
    constexpr std::size_t kMostComment = 64;  // of an LO
    if (!answer.comment.empty()) response.SetText(element::kErrorComment, answer.comment.substr(0, kMostComment));
    if (const auto action = command.Number(element::kActionType); action && command.command_field() == field::kAction)
      response.Set(element::kActionType, *action);
    link_.Send(message.context, response);
  }

 private:
  Answer AnswerTo(const Link::Message& message) {
    const Context& context = link_.contexts().at(message.context);
    switch (message.command.command_field()) {
      case field::kEcho: return Echo(message, context);
      case field::kStore: return Store(message, context);
      case field::kAction: return Commit(message, context);
      case field::kCancel: return {};
      default: Discard(message); return {kUnrecognised, {}};
    }
  }

  Answer Echo(const Link::Message& message, const Context& context) {
    Discard(message);
    if (context.sop_class != kVerificationClass) return {kClassNotSupported, {}};
    return {};
  }

  Answer Store(const Link::Message& message, const Context& context) {
    Answer refusal = RefusalToStore(message.command, context);
    if (refusal.status != kSuccess) {
      Discard(message);
      return refusal;
    }
    Arrival arrival;
    arrival.sop_class_uid = message.command.Text(element::kAffectedClass);
    arrival.sop_instance_uid = message.command.Text(element::kAffectedInstance);
    arrival.transfer_syntax_uid = context.transfer_syntax;
    arrival.calling_ae = end_.calling_ae;
    arrival.address = end_.address;
    return Receive(message, arrival);
  }

  // What can be said before the dataset is there.
  Answer RefusalToStore(const Command& command, const Context& context) const {
    const std::string sop_class = command.Text(element::kAffectedClass);
    if (!IsStoredClass(context.sop_class) || sop_class != context.sop_class)
      return {kClassNotSupported, "SOP class is not that of the presentation context"};
    if (!command.has_dataset()) return {kCannotRead, "there is no dataset"};
    if (!IsUid(command.Text(element::kAffectedInstance))) return {kDoesNotMatch, "SOP instance UID is no UID"};
    if (end_.instances >= limits_.instances) return {kOutOfResources, "too many instances in one association"};
    if (end_.bytes >= limits_.association_bytes) return {kOutOfResources, "too many bytes in one association"};
    if (!services_.has_room(limits_.instance_bytes)) return {kOutOfResources, "there is no room"};
    return {};
  }

  Answer Receive(const Link::Message& message, Arrival& arrival) {
    DatasetFile file(services_.folder, FileHeadBytes({arrival.sop_class_uid, arrival.sop_instance_uid,
                                                      arrival.transfer_syntax_uid, arrival.calling_ae}));
    const std::uint64_t most = std::min(limits_.instance_bytes, limits_.association_bytes - end_.bytes);
    std::uint64_t bytes = 0;
    link_.ReadDataset(message.context, [&](Link::Bytes piece) {
      Count(piece.size());
      bytes += piece.size();
      if (bytes <= most) file.Append(piece);
    });
    if (bytes > most) return {kOutOfResources, fmt::format("dataset is longer than {} bytes", most)};
    file.Finish();
    if (!file.problem().empty()) return {kOutOfResources, "dataset cannot be written"};
    arrival.file = file.path();
    const Examined examined = Examine(arrival);
    if (examined.verdict != Reception::kStored) return {StatusOf(examined.verdict), examined.reason};
    const Reception reception = HandOver(arrival);
    if (reception != Reception::kStored) return {StatusOf(reception), {}};
    file.GiveAway();
    ++end_.instances;
    end_.bytes += bytes;
    return {};
  }

  Reception HandOver(const Arrival& arrival) const {
    try {
      return services_.store(arrival);
    } catch (const base::Error&) {
      return Reception::kOutOfResources;
    }
  }

  Answer Commit(const Link::Message& message, const Context& context) {
    const Command& command = message.command;
    if (context.sop_class != kCommitmentClass || command.Text(element::kRequestedClass) != kCommitmentClass) {
      Discard(message);
      return {kNoSuchClass, {}};
    }
    const std::string bytes =
        command.has_dataset() ? link_.ReadDataset(message.context, kMostCommitmentBytes) : std::string();
    Count(bytes.size());
    if (command.Text(element::kRequestedInstance) != kCommitmentInstance) return {kNoSuchInstance, {}};
    if (command.Number(element::kActionType) != kRequestCommitment) return {kNoSuchAction, {}};
    const auto asked = DecodeCommitment(bytes, context.transfer_syntax);
    if (!asked) return {kInvalidArgument, "no transaction UID, or no references"};
    CommitmentRequest request{end_.calling_ae, end_.address, asked->transaction_uid, {}};
    for (const CommitmentAnswer::Reference& each : asked->references)
      request.references.push_back({each.sop_class_uid, each.sop_instance_uid});
    return {services_.commit(request) ? kSuccess : kProcessingFailure, {}};
  }

  void Discard(const Link::Message& message) {
    if (!message.command.has_dataset()) return;
    link_.ReadDataset(message.context, [&](Link::Bytes piece) { Count(piece.size()); });
  }

  // Refused datasets have to be read, too; but not for ever.
  void Count(std::uint64_t bytes) {
    received_ += bytes;
    if (received_ / 2 > limits_.association_bytes)
      throw Ended(EndOf::kOverLimit, "the peer sent more than twice what an association may hold");
  }

  Link& link_;
  const AssociationLimits& limits_;
  const AssociationServices& services_;
  AssociationEnd& end_;
  std::uint64_t received_ = 0;  // stored or not
};

}  // namespace

void Provide(Link& link, const AssociationLimits& limits, const AssociationServices& services, AssociationEnd& end) {
  Provider provider(link, limits, services, end);
  while (true) provider.Serve();
}

}  // namespace parotis::dimse
