#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/cond.h>
#include <dcmtk/dcmnet/dul.h>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <memory>

#include "dicom/text.h"
#include "dimse/allow_list.h"
#include "dimse/association.h"
#include "dimse/link.h"
#include "dimse/network.h"
#include "dimse/presentation.h"
#include "dimse/provider.h"
#include "dimse/tls.h"

namespace parotis::dimse {
namespace {

constexpr int kGoodbye_s = 2;  // for the peer to close the connection, which is its part (PS3.8 9.2.3)

// What the association's end needs to be told, and how.
void TakeLeave(T_ASC_Association& association, EndOf how) {
  if (how == EndOf::kReleased) ASC_acknowledgeRelease(&association);
  if (how == EndOf::kBroken || how == EndOf::kOverLimit || how == EndOf::kTimedOut) ASC_abortAssociation(&association);
  if (how != EndOf::kAborted) ASC_dropSCPAssociation(&association, kGoodbye_s);
}

[[noreturn]] void Reject(T_ASC_Association& association, T_ASC_RejectParametersReason why, const std::string& reason) {
  const T_ASC_RejectParameters parameters{ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER, why};
  ASC_rejectAssociation(&association, &parameters);
  throw Ended(EndOf::kRejected, reason);
}

std::string Title(const char* title) { return dicom::CleanText(title); }

// Refuses who is not let in, agrees on contexts and accepts.
void Accept(T_ASC_Association& association, const AcceptRules& rules, AssociationEnd& end) {
  const DUL_ASSOCIATESERVICEPARAMETERS& asked = association.params->DULparams;
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

[[noreturn]] void FailToReceive(const OFCondition& condition, const Watchdog& watchdog) {
  const std::string passed = watchdog.Passed();
  if (!passed.empty()) throw Ended(EndOf::kTimedOut, passed);
  if (condition == NET_EC_AssociatePDUTooLarge || condition == DUL_ILLEGALPDULENGTH)
    throw Ended(EndOf::kOverLimit, "the request for an association is longer than is taken");
  throw Ended(EndOf::kBroken, fmt::format("no association was asked for ({})", dicom::CleanText(condition.text())));
}

struct Served {
  Network network;
  T_ASC_Association* association = nullptr;

  ~Served() {
    if (association != nullptr) ASC_destroyAssociation(&association);
  }
};

void Serve(Served& served, const AcceptRules& rules, const AssociationLimits& limits,
           const AssociationServices& services, Watchdog& watchdog, AssociationEnd& end) {
  const auto layer = rules.tls ? TlsLayer(*rules.tls, Side::kServer, watchdog) : PlainLayer(watchdog);
  served.network.Use(layer);
  const auto pdu_bytes = std::clamp<long>(limits.pdu_bytes, ASC_MINIMUMPDUSIZE, ASC_MAXIMUMPDUSIZE);
  dcmAssociatePDUSizeLimit.set(static_cast<std::size_t>(pdu_bytes));
  const OFCondition received = ASC_receiveAssociation(served.network.get(), &served.association, pdu_bytes, nullptr,
                                                      nullptr, rules.tls.has_value(), DUL_BLOCK, 0);
  if (received.bad()) FailToReceive(received, watchdog);
  Accept(*served.association, rules, end);
  Link link(*served.association, watchdog, limits.message_s);
  Provide(link, limits, services, end);
}

}  // namespace

AssociationEnd ServeAssociation(int connection, const AcceptRules& rules, const AssociationLimits& limits,
                                const AssociationServices& services) {
  AssociationEnd end;
  end.address = AddressOf(connection);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that grows beyond a limit is an error like a full disk
  Watchdog watchdog;
  watchdog.Watch(connection);
  watchdog.EndWithin(limits.association_s, "the association did not end");
  watchdog.Within(limits.handshake_s, "no association was agreed on");
  Served served{Network(connection), nullptr};
  try {
    Serve(served, rules, limits, services, watchdog, end);
  } catch (const Ended& ended) {
    end.how = ended.how;
    end.reason = ended.reason;
  } catch (const std::exception& error) {
    end.how = EndOf::kBroken;
    end.reason = error.what();
  }
  watchdog.Within(kGoodbye_s, "the connection was not closed");
  if (served.association != nullptr) TakeLeave(*served.association, end.how);
  return end;
}

std::vector<std::uint8_t> RejectedForNow() {
  constexpr std::uint8_t kReject = 3, kTransient = 2, kByPresentation = 3, kLocalLimit = 2;
  return {kReject, 0, 0, 0, 0, 4, 0, kTransient, kByPresentation, kLocalLimit};
}

}  // namespace parotis::dimse
