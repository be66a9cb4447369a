// A node on this machine alone, with simulated patients, for `parotis demo`.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "app/free_port.h"
#include "app/own_command.h"
#include "service/node_config.h"

namespace parotis::app {

struct DemoPatients {
  int count = 8;
  std::uint64_t seed = 880008;
};

class DemoNode {
 public:
  // Configuration, the one account and its password are written anew into `folder`; what the node has analysed with
  // this model stays. Starts nothing yet.
  DemoNode(std::filesystem::path folder, const std::filesystem::path& model);

  // Simulates the patients unless they are there, starts the node, sends them as a scanner does, and waits until all
  // are answered. Ends early when `stop` comes. Throws kIo with the log that says more.
  void Analyse(const DemoPatients& patients, const std::atomic<bool>& stop);

  std::string address() const;
  static const char* user();
  const std::string& password() const { return password_; }
  // Throws kIo when it has ended.
  void DemandRuns();

 private:
  void Simulate(const DemoPatients& patients, const std::atomic<bool>& stop);
  void AwaitReady(const std::atomic<bool>& stop);
  void Send(const std::atomic<bool>& stop);
  void AwaitAnswers(const std::atomic<bool>& stop);

  const std::filesystem::path folder_;
  const FreePort dicom_port_, web_port_;
  service::NodeConfig config_;
  std::string password_;
  std::unique_ptr<OwnProcess> process_;
};

}  // namespace parotis::app
