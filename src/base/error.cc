#include "base/error.h"

namespace parotis::base {

Error::Error(ErrorKind kind, std::string message, std::string code)
    : kind_(kind), message_(std::move(message)), code_(std::move(code)) {
  Compose();
}

void Error::AddContext(const std::string& where) {
  context_ = context_.empty() ? where : where + ": " + context_;
  Compose();
}

void Error::Compose() {
  what_ = message_;
  if (!code_.empty()) what_ += " [" + code_ + "]";
  if (!context_.empty()) what_ += " (in: " + context_ + ")";
}

void Throw(ErrorKind kind, std::string message, std::string code) {
  throw Error(kind, std::move(message), std::move(code));
}

}  // namespace parotis::base
