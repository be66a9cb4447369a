// The one exception type of the project. A message is a sentence that names the fact and the remedy;
// context (which file, which case, which stage) is added while the exception travels upwards, so that
// what() ends in the place where it happened. Third-party exceptions become Error at their fence.
#pragma once

#include <exception>
#include <string>
#include <utility>

namespace parotis::base {

enum class ErrorKind {
  kUsage,     // the command line or a configuration file asks for something that is not offered
  kInput,     // a file's content is wrong, contradictory or unsupported
  kIo,        // the operating system refused: missing file, full disk, no permission
  kRefused,   // the input is readable, but working with it could harm a patient
  kInternal,  // our own mistake
};

class Error : public std::exception {
 public:
  // `code`: the name of the condition that was met, for programs (base/conditions.h); most errors have none.
  Error(ErrorKind kind, std::string message, std::string code = {});

  ErrorKind kind() const { return kind_; }
  const std::string& message() const { return message_; }
  const std::string& code() const { return code_; }
  const std::string& context() const { return context_; }
  // "message [code] (in: outer: inner)"; without what is absent.
  const char* what() const noexcept override { return what_.c_str(); }

  // Prepends `where` to the context.
  void AddContext(const std::string& where);

 private:
  void Compose();

  ErrorKind kind_;
  std::string message_;
  std::string code_;
  std::string context_;
  std::string what_;
};

[[noreturn]] void Throw(ErrorKind kind, std::string message, std::string code = {});

// Runs `body`; an Error that leaves it carries `where` as context.
template <class Body>
auto WithContext(const std::string& where, Body&& body) -> decltype(body()) {
  try {
    return std::forward<Body>(body)();
  } catch (Error& error) {
    error.AddContext(where);
    throw;
  }
}

}  // namespace parotis::base
