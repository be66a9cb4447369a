// Under which names a node's processes hold work.
#pragma once

#include <sys/types.h>

#include <string>

#include "service/node_config.h"

namespace parotis::service {

inline constexpr double kLease_s = 60;  // held without a sign of life; extended four times within

// Another process of the same kind is another owner: what an ended one held is not what its successor holds.
inline std::string OwnerOf(const NodeConfig& config, const std::string& role, pid_t process) {
  return config.name + "/" + role + "/" + std::to_string(process);
}

}  // namespace parotis::service
