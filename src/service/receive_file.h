// A DICOM file that came by HTTP, received as one that came by DICOM is.
#pragma once

#include <filesystem>
#include <string>

#include "dimse/association.h"
#include "service/layout.h"

namespace parotis::service {

struct ReceivedFile {
  dimse::Reception reception = dimse::Reception::kStored;  // as C-STORE would have answered (PS3.18 10.5.3.2)
  std::string study_uid, sop_class_uid, sop_instance_uid;  // "" of what cannot be read
};

// Moves the file into the spool. `only_study`: "" or the study it must belong to.
ReceivedFile ReceiveFile(const NodeConfig& config, const Layout& layout, const std::filesystem::path& file,
                         const std::string& sender, const std::string& only_study);

}  // namespace parotis::service
