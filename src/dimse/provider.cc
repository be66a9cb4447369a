#include "dimse/provider.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "dicom/instance_identity.h"
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
constexpr std::uint16_t kNoSuchEvent = 0x0113;
constexpr std::uint16_t kInvalidArgument = 0x0115;
constexpr std::uint16_t kNoSuchClass = 0x0118;
constexpr std::uint16_t kNoSuchAction = 0x0123;
constexpr std::uint16_t kUnrecognised = 0x0211;

struct Answer {
  Answer() = default;
  Answer(std::uint16_t number, std::string why) : status(number), comment(std::move(why)) {}
  Answer(Reception reception, std::string why) : Answer(static_cast<std::uint16_t>(reception), std::move(why)) {}

  std::uint16_t status = kSuccess;
  std::string comment;  // without patient data
};

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
    const auto repeat = [&](std::uint16_t of, std::uint16_t type) {
      if (const auto number = command.Number(type); number && command.command_field() == of)
        response.Set(type, *number);
    };
    repeat(field::kAction, element::kActionType);
    repeat(field::kEventReport, element::kEventType);
    link_.Send(message.context, response);
  }

 private:
  Answer AnswerTo(const Link::Message& message) {
    const Context& context = link_.contexts().at(message.context);
    switch (message.command.command_field()) {
      case field::kEcho: return Echo(message, context);
      case field::kStore: return Store(message, context);
      case field::kAction: return Commit(message, context);
      case field::kEventReport: return TakeReport(message, context);
      case field::kCancel: return {};
      default: Discard(message); return {kUnrecognised, {}};
    }
  }

  Answer Echo(const Link::Message& message, const Context& context) {
    Discard(message);
    if (context.sop_class != kVerificationClass) return {Reception::kClassNotSupported, {}};
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
      return {Reception::kClassNotSupported, "SOP class is not that of the presentation context"};
    if (!command.has_dataset()) return {Reception::kCannotRead, "there is no dataset"};
    if (!dicom::IsUid(command.Text(element::kAffectedInstance)))
      return {Reception::kDoesNotMatch, "SOP instance UID is no UID"};
    if (end_.instances >= limits_.instances)
      return {Reception::kOutOfResources, "too many instances in one association"};
    if (end_.bytes >= limits_.association_bytes)
      return {Reception::kOutOfResources, "too many bytes in one association"};
    if (!services_.has_room(limits_.instance_bytes)) return {Reception::kOutOfResources, "there is no room"};
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
    if (bytes > most) return {Reception::kOutOfResources, fmt::format("dataset is longer than {} bytes", most)};
    file.Finish();
    if (!file.problem().empty()) return {Reception::kOutOfResources, "dataset cannot be written"};
    arrival.file = file.path();
    const Examined examined = Examine(arrival);
    if (examined.verdict != Reception::kStored) return {examined.verdict, examined.reason};
    const Reception reception = HandOver(arrival);
    if (reception != Reception::kStored) return {reception, {}};
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
    const bool known = message.command.Number(element::kActionType) == kRequestCommitment;
    const Objects asked = ReadObjects(message, context, element::kRequestedClass, element::kRequestedInstance,
                                      known ? kSuccess : kNoSuchAction);
    if (asked.refusal.status != kSuccess) return asked.refusal;
    CommitmentRequest request{end_.calling_ae, end_.address, asked.answer.transaction_uid, {}};
    for (const CommitmentAnswer::Reference& each : asked.answer.references)
      request.references.push_back({each.sop_class_uid, each.sop_instance_uid});
    return {services_.commit(request) ? kSuccess : kProcessingFailure, {}};
  }

  // From whoever proposed itself as the provider, as it should, and from those that do without (PS3.7 D.3.3.4).
  Answer TakeReport(const Link::Message& message, const Context& context) {
    const auto event = message.command.Number(element::kEventType);
    const bool known = event == kAllCommitted || event == kSomeNotCommitted;
    Objects reported = ReadObjects(message, context, element::kAffectedClass, element::kAffectedInstance,
                                   known ? kSuccess : kNoSuchEvent);
    if (reported.refusal.status != kSuccess) return reported.refusal;
    const CommitmentReport report{end_.calling_ae, end_.address, std::move(reported.answer)};
    return {services_.reported(report) ? kSuccess : kProcessingFailure, {}};
  }

  struct Objects {
    Answer refusal;  // a status other than success: there are none
    CommitmentAnswer answer;
  };
  // Of a message about storage commitment, read to its end. `type`: what is to be said of its action or event.
  Objects ReadObjects(const Link::Message& message, const Context& context, std::uint16_t class_element,
                      std::uint16_t instance_element, std::uint16_t type) {
    const Command& command = message.command;
    if (context.sop_class != kCommitmentClass || command.Text(class_element) != kCommitmentClass) {
      Discard(message);
      return {{kNoSuchClass, {}}, {}};
    }
    const std::string bytes =
        command.has_dataset() ? link_.ReadDataset(message.context, kMostCommitmentBytes) : std::string();
    Count(bytes.size());
    if (command.Text(instance_element) != kCommitmentInstance) return {{kNoSuchInstance, {}}, {}};
    if (type != kSuccess) return {{type, {}}, {}};
    auto answer = DecodeCommitment(bytes, context.transfer_syntax);
    if (!answer) return {{kInvalidArgument, "no transaction UID, or no references"}, {}};
    return {{}, std::move(*answer)};
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
