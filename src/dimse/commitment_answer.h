// What is asked, and answered, in the storage commitment push model (PS3.4 J.3).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace parotis::dimse {

struct CommitmentAnswer {
  std::string transaction_uid;
  struct Reference {
    std::string sop_class_uid, sop_instance_uid;
    std::uint16_t failure = 0;  // 0: committed; else the failure reason (PS3.3 C.14.1.1): 0112H no such object instance
  };
  std::vector<Reference> references;
};

}  // namespace parotis::dimse
