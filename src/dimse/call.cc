#include "dimse/call.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/cond.h>
#include <dcmtk/dcmnet/dcmlayer.h>
#include <dcmtk/dcmnet/dcmtrans.h>
#include <dcmtk/dcmnet/dul.h>
#include <fmt/format.h>

#include "base/error.h"
#include "dicom/text.h"
#include "dimse/network.h"

namespace parotis::dimse {
namespace {

// PS3.8 table 9-21.
const char* RejectionText(T_ASC_RejectParametersReason reason) {
  switch (reason) {
    case ASC_REASON_SU_APPCONTEXTNAMENOTSUPPORTED: return "it does not know DICOM's application context";
    case ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED: return "it does not know our AE title; add it to its list";
    case ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED: return "its AE title is another one; correct ours for it";
    case ASC_REASON_SP_ACSE_PROTOCOLVERSIONNOTSUPPORTED: return "it speaks another version of the protocol";
    case ASC_REASON_SP_PRES_TEMPORARYCONGESTION: return "it is overloaded; try again later";
    case ASC_REASON_SP_PRES_LOCALLIMITEXCEEDED: return "it serves as many as it can; try again later";
    case ASC_REASON_SU_NOREASON:
    case ASC_REASON_SP_ACSE_NOREASON: break;
  }
  return "it gave no reason";
}

void Propose(T_ASC_Parameters* parameters, const std::vector<Proposal>& proposals) {
  unsigned int identifier = 1;
  for (const Proposal& proposal : proposals) {
    std::vector<const char*> syntaxes;
    syntaxes.reserve(proposal.transfer_syntaxes.size());
    for (const std::string& syntax : proposal.transfer_syntaxes) syntaxes.push_back(syntax.c_str());
    const OFCondition added = ASC_addPresentationContext(
        parameters, static_cast<T_ASC_PresentationContextID>(identifier), proposal.sop_class.c_str(), syntaxes.data(),
        static_cast<int>(syntaxes.size()), proposal.as_provider ? ASC_SC_ROLE_SCP : ASC_SC_ROLE_DEFAULT);
    if (added.bad()) base::Throw(base::ErrorKind::kInternal, "a presentation context cannot be proposed");
    identifier += 2;
  }
}

}  // namespace

struct Call::Impl {
  Impl(const Peer& whom, const std::string& calling_ae, const std::vector<Proposal>& proposals)
      : peer(whom), transport(peer.tls, Side::kClient), watchdog(transport.watchdog()), network(transport) {
    if (peer.host.find(':') != std::string::npos)  // of which DCMTK would take the rest for the port
      ThrowOf(peer, "IPv6 addresses cannot be called; give the host's name or its IPv4 address");
    T_ASC_Parameters* parameters = nullptr;
    ASC_createAssociationParameters(&parameters, ASC_MAXIMUMPDUSIZE);
    ASC_setAPTitles(parameters, calling_ae.c_str(), peer.ae_title.c_str(), nullptr);
    ASC_setTransportLayerType(parameters, transport.is_secure());
    ASC_setPresentationAddresses(parameters, "", fmt::format("{}:{}", peer.host, peer.port).c_str());
    Propose(parameters, proposals);
    dcmConnectionTimeout.set(peer.timeout_s);
    watchdog.Within(peer.timeout_s, "it did not answer the request for an association");
    const OFCondition opened =
        ASC_requestAssociation(network.get(), parameters, &association, nullptr, nullptr, DUL_NOBLOCK, peer.timeout_s);
    if (opened.bad()) Explain(opened, parameters);
    watchdog.Pause();
    link.emplace(*association, transport, peer.timeout_s);
  }

  ~Impl() { Destroy(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  [[noreturn]] void Explain(const OFCondition& condition, T_ASC_Parameters* parameters) {
    std::string said = watchdog.Passed();
    if (said.empty() && condition == DUL_ASSOCIATIONREJECTED) {
      T_ASC_RejectParameters rejection{};
      ASC_getRejectParameters(parameters, &rejection);
      said = fmt::format("it rejected the association: {}", RejectionText(rejection.reason));
    }
    if (said.empty()) said = dicom::CleanText(condition.text());
    if (association == nullptr) ASC_destroyAssociationParameters(&parameters);
    Destroy();
    ThrowOf(peer, said);
  }

  void Destroy() {
    if (association != nullptr) ASC_destroyAssociation(&association);
  }

  Peer peer;
  Transport transport;
  Watchdog& watchdog;
  Network network;
  T_ASC_Association* association = nullptr;
  std::optional<Link> link;
  bool is_open = true;
};

Call::Call(const std::string& calling_ae, const Peer& peer, const std::vector<Proposal>& proposals)
    : impl_(std::make_unique<Impl>(peer, calling_ae, proposals)) {}

Call::~Call() {
  if (!impl_->is_open) return;
  impl_->watchdog.Within(impl_->peer.timeout_s, "the end of the association was not taken");
  ASC_abortAssociation(impl_->association);
}

std::optional<std::uint8_t> Call::Find(std::string_view sop_class, std::string_view transfer_syntax) const {
  for (const auto& [identifier, context] : impl_->link->contexts()) {
    if (context.sop_class == sop_class && (transfer_syntax.empty() || context.transfer_syntax == transfer_syntax))
      return identifier;
  }
  return std::nullopt;
}

std::uint8_t Call::Demand(std::string_view sop_class) const {
  const auto context = Find(sop_class);
  if (!context) ThrowOf(impl_->peer, fmt::format("it does not offer the SOP class {}", sop_class));
  return *context;
}

Link& Call::link() { return *impl_->link; }

Command Call::Response(const Command& request) {
  Link::Message message = impl_->link->ReadCommand(impl_->peer.timeout_s);
  const bool answers = message.command.command_field() == (request.command_field() | field::kIsResponse) &&
                       message.command.Number(element::kMessageIdRespondedTo) == request.Number(element::kMessageId) &&
                       message.command.Number(element::kStatus).has_value();
  if (!answers) throw Ended(EndOf::kBroken, "it answered something else than it was asked");
  if (message.command.has_dataset()) impl_->link->ReadDataset(message.context, [](Link::Bytes) {});
  return std::move(message.command);
}

void Call::Answer(const Link::Message& message, std::uint16_t status) {
  Command response(message.command, status);
  if (const auto event = message.command.Number(element::kEventType)) response.Set(element::kEventType, *event);
  impl_->link->Send(message.context, response);
}

void Call::Release() {
  impl_->watchdog.Within(impl_->peer.timeout_s, "it did not answer the release of the association");
  ASC_releaseAssociation(impl_->association);
  impl_->is_open = false;
}

void Call::Leave(EndOf how) {
  if (how == EndOf::kTimedOut) Release();
  if (how != EndOf::kReleased) return;
  ASC_acknowledgeRelease(impl_->association);
  impl_->is_open = false;
}

void ThrowOf(const Peer& peer, const std::string& said) {
  base::Throw(base::ErrorKind::kIo, fmt::format("the peer {} ({}:{}): {}", peer.name, peer.host, peer.port, said));
}

}  // namespace parotis::dimse
