// The process of one DICOM association.
#pragma once

#include "service/node_config.h"

namespace parotis::service {

// `connection` is the accepted socket. Returns the process's exit code.
int RunAssociation(const NodeConfig& config, int connection);

}  // namespace parotis::service
