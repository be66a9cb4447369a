// The laboratory's page: a study's folder as a comparison to walk through, for one person on his own machine. It
// listens on loopback only, answers nobody but who was given its address, and changes nothing in the study's folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "dataset/dataset.h"
#include "report/contrast_study.h"

namespace parotis::lab {

// The page among the files that people see.
inline constexpr const char* kDocument = "lab.html";

struct LabOptions {
  std::filesystem::path runs;  // the study's folder, at whatever stage
  dataset::Dataset dataset;
  std::filesystem::path files;                             // of the page
  std::function<report::ContrastStudyInput()> read_study;  // as the report reads it; may throw
  std::uint16_t port = 0;                                  // 0: any free one
};

class Lab {
 public:
  // Serves at once. Throws kIo: the port is taken, no room for temporary files; kUsage: `files` hold no page.
  explicit Lab(const LabOptions& options);
  ~Lab();
  std::uint16_t port() const;
  std::string token() const;    // good once
  std::string address() const;  // with the token

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace parotis::lab
