#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/cond.h>
#include <dcmtk/dcmnet/dul.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "base/error.h"
#include "dicom/text.h"
#include "dimse/allow_list.h"
#include "dimse/association.h"
#include "dimse/link.h"
#include "dimse/network.h"
#include "dimse/presentation.h"
#include "dimse/provider.h"
#include "dimse/transport.h"

namespace parotis::dimse {
namespace {

// Of a request for an association, whatever it claims: that of an archive with all its classes has some 30 KB.
constexpr std::size_t kMostRequestBytes = 128 * 1024;
constexpr int kGoodbye_s = 2;  // for the peer to close the connection, which is its part (PS3.8 9.2.3)

[[noreturn]] void Reject(T_ASC_Association& association, T_ASC_RejectParametersReason why, const std::string& reason) {
  const T_ASC_RejectParameters parameters{ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER, why};
  ASC_rejectAssociation(&association, &parameters);
  throw Ended(EndOf::kRejected, reason);
}

std::string Title(const char* title) { return dicom::CleanText(title); }

// Refuses who is not let in, agrees on contexts and accepts.
void Accept(T_ASC_Association& association, const AcceptRules& rules, AssociationEnd& end) {
  const DUL_ASSOCIATESERVICEPARAMETERS& asked = association.params->DULparams;
  // Of a PDU that is none, DCMTK tells only by what it leaves empty.
  if (asked.applicationContextName[0] == '\0')
    throw Ended(EndOf::kBroken, "the peer sent something else than a request for an association");
  end.calling_ae = Title(asked.callingAPTitle);
  if (std::string_view(asked.applicationContextName) != UID_StandardApplicationContext)
    Reject(association, ASC_REASON_SU_APPCONTEXTNAMENOTSUPPORTED, "the application context is not DICOM's");
  const Verdict verdict = JudgeCaller(rules, Title(asked.calledAPTitle), end.calling_ae, end.address);
  if (verdict.refusal) {
    Reject(association,
           *verdict.refusal == Refusal::kCalledTitle ? ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED
                                                     : ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED,
           verdict.reason);
  }
  Agree(association);
  if (ASC_acknowledgeAssociation(&association).bad())
    throw Ended(EndOf::kBroken, "the connection broke off before the association was accepted");
}

[[noreturn]] void FailToReceive(const OFCondition& condition, const Transport& transport) {
  const std::string passed = transport.watchdog().Passed();
  if (!passed.empty()) throw Ended(EndOf::kTimedOut, passed);
  if (condition == NET_EC_AssociatePDUTooLarge || condition == DUL_ILLEGALPDULENGTH)
    throw Ended(EndOf::kOverLimit, "the request for an association is longer than is taken");
  throw Ended(EndOf::kBroken, fmt::format("no association was asked for ({})", dicom::CleanText(condition.text())));
}

// A connection until DCMTK takes it over.
class Accepted {
 public:
  explicit Accepted(int connection) : connection_(connection) {}
  ~Accepted() {
    if (connection_ >= 0) close(connection_);
  }
  Accepted(const Accepted&) = delete;
  Accepted& operator=(const Accepted&) = delete;
  int Take() { return std::exchange(connection_, -1); }

 private:
  int connection_;
};

class Server {
 public:
  Server(Accepted& accepted, const AcceptRules& rules, const AssociationLimits& limits)
      : rules_(rules), limits_(limits), transport_(rules.tls, Side::kServer), network_(transport_, accepted.Take()) {
    transport_.watchdog().EndWithin(limits.association_s, "the association did not end");
    transport_.watchdog().Within(limits.handshake_s, "no association was agreed on");
  }
  ~Server() {
    if (association_ != nullptr) ASC_destroyAssociation(&association_);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Throws Ended.
  void Serve(const AssociationServices& services, AssociationEnd& end) {
    const auto pdu_bytes = std::clamp<long>(limits_.pdu_bytes, ASC_MINIMUMPDUSIZE, ASC_MAXIMUMPDUSIZE);
    dcmAssociatePDUSizeLimit.set(kMostRequestBytes);
    const OFCondition received = ASC_receiveAssociation(network_.get(), &association_, pdu_bytes, nullptr, nullptr,
                                                        transport_.is_secure(), DUL_BLOCK, 0);
    if (received.bad()) FailToReceive(received, transport_);
    Accept(*association_, rules_, end);
    Link link(*association_, transport_, limits_.message_s);
    Provide(link, limits_, services, end);
  }

  // What the end of the association needs to be told, and how.
  void TakeLeave(EndOf how) {
    if (association_ == nullptr || transport_.is_closed()) return;
    transport_.watchdog().Within(kGoodbye_s, "the connection was not closed");
    if (how == EndOf::kReleased) ASC_acknowledgeRelease(association_);
    if (how == EndOf::kBroken || how == EndOf::kOverLimit || how == EndOf::kTimedOut)
      ASC_abortAssociation(association_);
    if (how != EndOf::kAborted) ASC_dropSCPAssociation(association_, kGoodbye_s);
  }

 private:
  const AcceptRules& rules_;
  const AssociationLimits& limits_;
  Transport transport_;
  Network network_;
  T_ASC_Association* association_ = nullptr;
};

}  // namespace

void CheckRules(const AcceptRules& rules) {
  for (const AllowedPeer& peer : rules.allowed) {
    for (const std::string& address : peer.addresses) {
      if (!IsNetwork(address))
        base::Throw(base::ErrorKind::kUsage,
                    fmt::format("{}, of the peer {}, is neither an address nor a network such as 10.1.0.0/16", address,
                                peer.ae_title));
    }
  }
  const Transport transport(rules.tls, Side::kServer);
}

AssociationEnd ServeAssociation(int connection, const AcceptRules& rules, const AssociationLimits& limits,
                                const AssociationServices& services) {
  AssociationEnd end;
  end.address = AddressOf(connection);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that grows beyond a limit is an error like a full disk
  try {
    Accepted accepted(connection);
    Server server(accepted, rules, limits);
    try {
      server.Serve(services, end);
    } catch (const Ended& ended) {
      end.how = ended.how;
      end.reason = ended.reason;
    }
    server.TakeLeave(end.how);
  } catch (const std::exception& error) {
    end.how = EndOf::kBroken;
    end.reason = error.what();
  }
  return end;
}

std::vector<std::uint8_t> RejectedForNow() {
  constexpr std::uint8_t kReject = 3, kTransient = 2, kByPresentation = 3, kLocalLimit = 2;
  return {kReject, 0, 0, 0, 0, 4, 0, kTransient, kByPresentation, kLocalLimit};
}

}  // namespace parotis::dimse
