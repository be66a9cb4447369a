// What stands before a dataset in a file (PS3.10 7.1): preamble, prefix and file meta information. Private to this
// folder.
#pragma once

#include <string>

namespace parotis::dimse {

struct FileHead {
  std::string sop_class_uid, sop_instance_uid, transfer_syntax_uid;
  std::string source_ae;  // who sent it; may be empty
};

std::string FileHeadBytes(const FileHead& head);

}  // namespace parotis::dimse
