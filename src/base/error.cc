#include "base/error.h"

namespace parotis::base {

Error::Error(ErrorKind kind, std::string message) : kind_(kind), message_(std::move(message)), what_(message_) {}

void Error::AddContext(const std::string& where) {
  context_ = context_.empty() ? where : where + ": " + context_;
  what_ = message_ + " (in: " + context_ + ")";
}

void Throw(ErrorKind kind, std::string message) { throw Error(kind, std::move(message)); }

}  // namespace parotis::base
