// Storage commitment in both directions, with DCMTK's own reading and writing of messages on the other side.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/dimse.h>
#include <dcmtk/dcmnet/diutil.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "dimse/commitment.h"
#include "dimse/peer.h"
#include "dimse/presentation.h"
#include "tests/support/background.h"
#include "tests/support/dimse_node.h"
#include "tests/support/errors.h"
#include "tests/support/raw_associate.h"

namespace parotis::dimse {
namespace {

using test::DimseNode;
using testing::HasSubstr;

const std::string kMr = "1.2.840.10008.5.1.4.1.1.4";
CommitmentAnswer Some() { return {"1.2.3.77", {{kMr, "1.2.3.1", 0}, {kMr, "1.2.3.2", 0}}}; }

TEST(Commitment, ThatIsAskedForReachesTheNode) {
  const DimseNode node;
  Peer peer = node.AsPeer();
  peer.timeout_s = 1;
  EXPECT_FALSE(AskForCommitment("MODALITY", peer, Some(), 1)) << "it will report later";
  const auto request = node.Commitments(1).at(0);
  EXPECT_EQ(request["transaction"], "1.2.3.77");
  EXPECT_EQ(request["calling_ae"], "MODALITY");
  EXPECT_EQ(request["address"], "127.0.0.1");
  EXPECT_EQ(request["references"], nlohmann::json({kMr + " 1.2.3.1", kMr + " 1.2.3.2"}));
  EXPECT_EQ(node.Ends(1).size(), 1U);
}

TEST(Commitment, ThatIsNotPromisedIsAFailure) {
  test::DimseSettings settings;
  settings.commits = false;
  const DimseNode node(settings);
  EXPECT_THAT(test::ErrorOf([&] { AskForCommitment("MODALITY", node.AsPeer(), Some(), 1); }),
              HasSubstr("status 0110H"));
}

TEST(Commitment, OfManyImagesReachesTheNode) {
  CommitmentAnswer many{"1.2.3.77", {}};
  for (int i = 0; i < 20000; ++i) many.references.push_back({kMr, "1.2.826.0.1.3680043.8.498." + std::to_string(i), 0});
  const DimseNode node;
  EXPECT_NO_THROW(AskForCommitment("MODALITY", node.AsPeer(), many, 1));
  EXPECT_EQ(node.Commitments(1).at(0)["references"].size(), 20000U);
}

Command Action() {
  Command command(field::kAction, 3, true);
  command.SetText(element::kRequestedClass, kCommitmentClass);
  command.SetText(element::kRequestedInstance, kCommitmentInstance);
  return command.Set(element::kActionType, 1);
}

Command Event() {
  Command command(field::kEventReport, 3, true);
  command.SetText(element::kAffectedClass, kCommitmentClass);
  command.SetText(element::kAffectedInstance, kCommitmentInstance);
  return command.Set(element::kEventType, 1);
}

TEST(Commitment, ThatIsNoneIsRefusedAndTheAssociationGoesOn) {
  const DimseNode node;
  test::RawPeer peer(node.port());
  ASSERT_TRUE(peer.Associate());
  const auto status = [&](const Command& command, const CommitmentAnswer& what) {
    peer.Send(test::CommandPdu(test::kCommitmentContext, command) +
              test::DataPdu(test::kCommitmentContext, false, true, EncodeCommitment(what, kImplicitLittleEndian)));
    return peer.Status();
  };
  EXPECT_EQ(status(Action(), {"", Some().references}), 0x0115);
  EXPECT_EQ(status(Action(), {"no uid", Some().references}), 0x0115);
  EXPECT_EQ(status(Action(), {"1.2.3.77", {}}), 0x0115);
  EXPECT_EQ(status(Action(), {"1.2.3.77", {{kMr, "../../etc/passwd", 0}}}), 0x0115);
  EXPECT_EQ(status(Action().Set(element::kActionType, 2), Some()), 0x0123);
  EXPECT_EQ(status(Action().SetText(element::kRequestedInstance, "1.2.3"), Some()), 0x0112);
  EXPECT_EQ(status(Action().SetText(element::kRequestedClass, kMr), Some()), 0x0118);
  peer.Send(test::CommandPdu(test::kCommitmentContext, Action().Set(element::kDatasetType, 0x0101)));
  EXPECT_EQ(peer.Status(), 0x0115);
  EXPECT_EQ(status(Event(), {"no uid", Some().references}), 0x0115);
  EXPECT_EQ(status(Event(), {"1.2.3.77", {{kMr, "1..2", 0}}}), 0x0115);
  EXPECT_EQ(status(Event().Set(element::kEventType, 3), Some()), 0x0113);
  EXPECT_EQ(status(Event().SetText(element::kAffectedInstance, "1.2.3"), Some()), 0x0112);
  EXPECT_EQ(status(Event().SetText(element::kAffectedClass, kMr), Some()), 0x0118);
  EXPECT_EQ(status(Event(), Some()), 0x0000);
  EXPECT_EQ(status(Action(), Some()), 0x0000);
  EXPECT_EQ(peer.Echo(), 0x0000);
  EXPECT_EQ(node.Commitments(1).size(), 1U);
}

// One association with DCMTK on the other side, in a process of its own; what it saw is a JSON file.
class DcmtkSide {
 public:
  using Serve = void (*)(T_ASC_Association* association, nlohmann::json& seen);

  DcmtkSide(T_ASC_SC_ROLE role, Serve serve) {
    const auto [listener, port] = test::ListenOnLoopback();
    port_ = port;
    process_ = fork();
    if (process_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      Run(accept(listener, nullptr, nullptr), role, serve);
      _exit(0);
    }
    close(listener);
  }
  ~DcmtkSide() {
    if (process_ > 0) waitpid(process_, nullptr, 0);
  }
  DcmtkSide(const DcmtkSide&) = delete;
  DcmtkSide& operator=(const DcmtkSide&) = delete;

  Peer AsPeer() const { return {"archive", "ARCHIVE", "127.0.0.1", port_, std::nullopt, 3}; }
  nlohmann::json Seen() {
    waitpid(process_, nullptr, 0);
    process_ = -1;
    return nlohmann::json::parse(base::ReadFile(folder_.path() / "seen"));
  }

 private:
  void Run(int connection, T_ASC_SC_ROLE role, Serve serve) const {
    dcmExternalSocketHandle.set(connection);
    T_ASC_Network* network = nullptr;
    T_ASC_Association* association = nullptr;
    ASC_initializeNetwork(NET_ACCEPTOR, 0, 5, &network);
    ASC_receiveAssociation(network, &association, ASC_DEFAULTMAXPDU);
    const char* classes[] = {UID_StorageCommitmentPushModelSOPClass};
    const char* syntaxes[] = {UID_LittleEndianImplicitTransferSyntax};
    ASC_acceptContextsWithPreferredTransferSyntaxes(association->params, classes, 1, syntaxes, 1, role);
    nlohmann::json seen;
    T_ASC_PresentationContext context{};
    ASC_getPresentationContext(association->params, 0, &context);
    seen["role"] = ASC_role2String(context.proposedRole);
    ASC_acknowledgeAssociation(association);
    serve(association, seen);
    base::WriteFile(folder_.path() / "seen", seen.dump());
    ASC_dropSCPAssociation(association, 1);
  }

  test::TemporaryFolder folder_;
  std::uint16_t port_ = 0;
  pid_t process_ = -1;
};

nlohmann::json ListOf(DcmItem& dataset, const DcmTagKey& sequence) {
  nlohmann::json list = nlohmann::json::array();
  DcmItem* item = nullptr;
  for (signed long i = 0; dataset.findAndGetSequenceItem(sequence, item, i).good(); ++i) {
    OFString sop_class, instance;
    Uint16 reason = 0;
    item->findAndGetOFString(DCM_ReferencedSOPClassUID, sop_class);
    item->findAndGetOFString(DCM_ReferencedSOPInstanceUID, instance);
    item->findAndGetUint16(DCM_FailureReason, reason);
    list.push_back(fmt::format("{} {} {}", sop_class.c_str(), instance.c_str(), reason));
  }
  return list;
}

void Reply(T_ASC_Association* association, T_ASC_PresentationContextID context, T_DIMSE_Message& message,
           DcmDataset* dataset = nullptr) {
  DIMSE_sendMessageUsingMemoryData(association, context, &message, nullptr, dataset, nullptr, nullptr);
}

// Of one object committed to and one that is not there.
void SendReport(T_ASC_Association* association, T_ASC_PresentationContextID context) {
  DcmDataset report;
  report.putAndInsertString(DCM_TransactionUID, "1.2.3.77");
  DcmItem* item = nullptr;
  report.findOrCreateSequenceItem(DCM_ReferencedSOPSequence, item, -2);
  item->putAndInsertString(DCM_ReferencedSOPClassUID, kMr.c_str());
  item->putAndInsertString(DCM_ReferencedSOPInstanceUID, "1.2.3.1");
  report.findOrCreateSequenceItem(DCM_FailedSOPSequence, item, -2);
  item->putAndInsertString(DCM_ReferencedSOPClassUID, kMr.c_str());
  item->putAndInsertString(DCM_ReferencedSOPInstanceUID, "1.2.3.2");
  item->putAndInsertUint16(DCM_FailureReason, 0x0112);
  T_DIMSE_Message event{};
  event.CommandField = DIMSE_N_EVENT_REPORT_RQ;
  event.msg.NEventReportRQ.MessageID = 1;
  OFStandard::strlcpy(event.msg.NEventReportRQ.AffectedSOPClassUID, kCommitmentClass, sizeof(DIC_UI));
  OFStandard::strlcpy(event.msg.NEventReportRQ.AffectedSOPInstanceUID, kCommitmentInstance, sizeof(DIC_UI));
  event.msg.NEventReportRQ.EventTypeID = 2;
  event.msg.NEventReportRQ.DataSetType = DIMSE_DATASET_PRESENT;
  Reply(association, context, event, &report);
}

void NoteRelease(T_ASC_Association* association, nlohmann::json& seen) {
  T_ASC_PresentationContextID context = 0;
  T_DIMSE_Message message{};
  const OFCondition next = DIMSE_receiveCommand(association, DIMSE_NONBLOCKING, 5, &context, &message, nullptr);
  seen["released"] = next == DUL_PEERREQUESTEDRELEASE;
  if (next == DUL_PEERREQUESTEDRELEASE) ASC_acknowledgeRelease(association);
}

template <std::uint16_t status>
void TakeReport(T_ASC_Association* association, nlohmann::json& seen) {
  T_ASC_PresentationContextID context = 0;
  T_DIMSE_Message message{};
  DIMSE_receiveCommand(association, DIMSE_NONBLOCKING, 5, &context, &message, nullptr);
  const T_DIMSE_N_EventReportRQ request = message.msg.NEventReportRQ;
  seen["command"] = message.CommandField;
  seen["class"] = request.AffectedSOPClassUID;
  seen["instance"] = request.AffectedSOPInstanceUID;
  seen["event"] = request.EventTypeID;
  DcmDataset* dataset = nullptr;
  DIMSE_receiveDataSetInMemory(association, DIMSE_NONBLOCKING, 5, &context, &dataset, nullptr, nullptr);
  OFString transaction;
  dataset->findAndGetOFString(DCM_TransactionUID, transaction);
  seen["transaction"] = transaction.c_str();
  seen["committed"] = ListOf(*dataset, DCM_ReferencedSOPSequence);
  seen["failed"] = ListOf(*dataset, DCM_FailedSOPSequence);
  delete dataset;
  T_DIMSE_Message response{};
  response.CommandField = DIMSE_N_EVENT_REPORT_RSP;
  response.msg.NEventReportRSP.MessageIDBeingRespondedTo = request.MessageID;
  response.msg.NEventReportRSP.DimseStatus = status;
  response.msg.NEventReportRSP.DataSetType = DIMSE_DATASET_NULL;
  Reply(association, context, response);
  NoteRelease(association, seen);
}

TEST(Commitment, IsReportedInTheProvidersRole) {
  DcmtkSide archive(ASC_SC_ROLE_SCP, TakeReport<0>);
  ReportCommitment("PAROTIS", archive.AsPeer(), Some());
  const auto seen = archive.Seen();
  EXPECT_EQ(seen["role"], "SCP");
  EXPECT_EQ(seen["command"], 0x0100);
  EXPECT_EQ(seen["class"], "1.2.840.10008.1.20.1");
  EXPECT_EQ(seen["instance"], "1.2.840.10008.1.20.1.1");
  EXPECT_EQ(seen["event"], 1);
  EXPECT_EQ(seen["transaction"], "1.2.3.77");
  EXPECT_EQ(seen["committed"], nlohmann::json({kMr + " 1.2.3.1 0", kMr + " 1.2.3.2 0"}));
  EXPECT_TRUE(seen["failed"].empty());
  EXPECT_EQ(seen["released"], true);
}

TEST(Commitment, IsReportedWithWhatFailed) {
  DcmtkSide archive(ASC_SC_ROLE_SCP, TakeReport<0>);
  CommitmentAnswer answer = Some();
  answer.references[1].failure = 0x0112;
  ReportCommitment("PAROTIS", archive.AsPeer(), answer);
  const auto seen = archive.Seen();
  EXPECT_EQ(seen["event"], 2);
  EXPECT_EQ(seen["committed"], nlohmann::json({kMr + " 1.2.3.1 0"}));
  EXPECT_EQ(seen["failed"], nlohmann::json({kMr + " 1.2.3.2 274"}));
}

TEST(Commitment, ReportThatIsRefusedIsAnError) {
  DcmtkSide archive(ASC_SC_ROLE_SCP, TakeReport<0x0110>);
  EXPECT_THAT(test::ErrorOf([&] { ReportCommitment("PAROTIS", archive.AsPeer(), Some()); }),
              testing::AllOf(HasSubstr("archive"), HasSubstr("0110H")));
}

TEST(Commitment, ReportToWhoDoesNotOfferItIsAnError) {
  const std::uint16_t port = test::FreePort();
  const test::TemporaryFolder folder;
  const test::Background archive({"storescp", "--output-directory", folder.path().string(), std::to_string(port)},
                                 folder.path() / "log");
  ASSERT_TRUE(test::Eventually([&] { return test::ListensOn(port); }));
  EXPECT_THAT(test::ErrorOf([&] {
                ReportCommitment("MODALITY", {"archive", "ARCHIVE", "127.0.0.1", port, std::nullopt, 10}, Some());
              }),
              HasSubstr("1.2.840.10008.1.20.1"));
}

TEST(Commitment, ReportThatComesLaterReachesTheNode) {
  const DimseNode node;
  CommitmentAnswer answer = Some();
  answer.references[1].failure = 0x0110;
  ReportCommitment("MODALITY", node.AsPeer(), answer);
  const auto report = node.Reports(1).at(0);
  EXPECT_EQ(report["transaction"], "1.2.3.77");
  EXPECT_EQ(report["calling_ae"], "MODALITY");
  EXPECT_EQ(report["references"], nlohmann::json({kMr + " 1.2.3.1 0", kMr + " 1.2.3.2 272"}));
  EXPECT_EQ(node.Ends(1).at(0)["how"], "released");
}

TEST(Commitment, ReportThatNobodyWaitsForIsRefused) {
  test::DimseSettings settings;
  settings.commits = false;
  const DimseNode node(settings);
  EXPECT_THAT(test::ErrorOf([&] { ReportCommitment("MODALITY", node.AsPeer(), Some()); }), HasSubstr("status 0110H"));
}

// The status that a report of DCMTK's gets, whose association proposes that role.
int StatusOfReport(const DimseNode& node, T_ASC_SC_ROLE role) {
  T_ASC_Network* network = nullptr;
  T_ASC_Parameters* parameters = nullptr;
  T_ASC_Association* association = nullptr;
  ASC_initializeNetwork(NET_REQUESTOR, 0, 5, &network);
  ASC_createAssociationParameters(&parameters, ASC_DEFAULTMAXPDU);
  ASC_setAPTitles(parameters, "MODALITY", "PAROTIS", nullptr);
  ASC_setPresentationAddresses(parameters, "", fmt::format("127.0.0.1:{}", node.port()).c_str());
  const char* syntaxes[] = {UID_LittleEndianExplicitTransferSyntax};
  ASC_addPresentationContext(parameters, 1, UID_StorageCommitmentPushModelSOPClass, syntaxes, 1, role);
  int status = -1;
  if (ASC_requestAssociation(network, parameters, &association).good()) {
    SendReport(association, ASC_findAcceptedPresentationContextID(association, UID_StorageCommitmentPushModelSOPClass));
    T_ASC_PresentationContextID context = 0;
    T_DIMSE_Message answer{};
    if (DIMSE_receiveCommand(association, DIMSE_NONBLOCKING, 5, &context, &answer, nullptr).good() &&
        answer.CommandField == DIMSE_N_EVENT_REPORT_RSP && answer.msg.NEventReportRSP.EventTypeID == 2)
      status = answer.msg.NEventReportRSP.DimseStatus;
    ASC_releaseAssociation(association);
  }
  ASC_destroyAssociation(&association);
  ASC_dropNetwork(&network);
  return status;
}

TEST(Commitment, ReportIsTakenInWhateverRoleItComes) {
  const DimseNode node;
  EXPECT_EQ(StatusOfReport(node, ASC_SC_ROLE_SCP), 0);
  EXPECT_EQ(StatusOfReport(node, ASC_SC_ROLE_SCUSCP), 0);
  EXPECT_EQ(StatusOfReport(node, ASC_SC_ROLE_DEFAULT), 0) << "some archives do not negotiate it";
  for (const auto& report : node.Reports(3))
    EXPECT_EQ(report["references"], nlohmann::json({kMr + " 1.2.3.1 0", kMr + " 1.2.3.2 274"}));
}

template <bool reports>
void Promise(T_ASC_Association* association, nlohmann::json& seen) {
  T_ASC_PresentationContextID context = 0;
  T_DIMSE_Message message{};
  DIMSE_receiveCommand(association, DIMSE_NONBLOCKING, 5, &context, &message, nullptr);
  const T_DIMSE_N_ActionRQ request = message.msg.NActionRQ;
  seen["action"] = request.ActionTypeID;
  seen["instance"] = request.RequestedSOPInstanceUID;
  DcmDataset* asked = nullptr;
  DIMSE_receiveDataSetInMemory(association, DIMSE_NONBLOCKING, 5, &context, &asked, nullptr, nullptr);
  seen["asked"] = ListOf(*asked, DCM_ReferencedSOPSequence);
  delete asked;
  T_DIMSE_Message response{};
  response.CommandField = DIMSE_N_ACTION_RSP;
  response.msg.NActionRSP.MessageIDBeingRespondedTo = request.MessageID;
  response.msg.NActionRSP.DataSetType = DIMSE_DATASET_NULL;
  Reply(association, context, response);
  if (reports) {
    SendReport(association, context);
    T_DIMSE_Message answered{};
    DIMSE_receiveCommand(association, DIMSE_NONBLOCKING, 5, &context, &answered, nullptr);
    seen["answer"] = answered.CommandField == DIMSE_N_EVENT_REPORT_RSP ? answered.msg.NEventReportRSP.DimseStatus : -1;
  }
  NoteRelease(association, seen);
}

TEST(Commitment, IsReportedOnTheSameAssociation) {
  DcmtkSide archive(ASC_SC_ROLE_DEFAULT, Promise<true>);
  const auto answer = AskForCommitment("PAROTIS", archive.AsPeer(), Some(), 1);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->transaction_uid, "1.2.3.77");
  ASSERT_EQ(answer->references.size(), 2U);
  EXPECT_EQ(answer->references[0].sop_instance_uid, "1.2.3.1");
  EXPECT_EQ(answer->references[0].failure, 0);
  EXPECT_EQ(answer->references[1].sop_instance_uid, "1.2.3.2");
  EXPECT_EQ(answer->references[1].failure, 0x0112);
  const auto seen = archive.Seen();
  EXPECT_EQ(seen["action"], 1);
  EXPECT_EQ(seen["instance"], "1.2.840.10008.1.20.1.1");
  EXPECT_EQ(seen["asked"], nlohmann::json({kMr + " 1.2.3.1 0", kMr + " 1.2.3.2 0"}));
  EXPECT_EQ(seen["answer"], 0);
  EXPECT_EQ(seen["released"], true);
}

TEST(Commitment, ReportOnAnotherRequestIsAskedForAgain) {
  DcmtkSide archive(ASC_SC_ROLE_DEFAULT, Promise<true>);
  CommitmentAnswer other = Some();
  other.transaction_uid = "1.2.3.78";
  EXPECT_FALSE(AskForCommitment("PAROTIS", archive.AsPeer(), other, 1)) << "its own may come later";
  EXPECT_EQ(archive.Seen()["answer"], 0x0110);
}

TEST(Commitment, ThatWillBeReportedLaterIsAwaitedForAWhileAndReleased) {
  DcmtkSide archive(ASC_SC_ROLE_DEFAULT, Promise<false>);
  Peer peer = archive.AsPeer();
  peer.timeout_s = 1;
  EXPECT_FALSE(AskForCommitment("PAROTIS", peer, Some(), 1));
  EXPECT_EQ(archive.Seen()["released"], true);
}

}  // namespace
}  // namespace parotis::dimse
