// What an operation said when it refused.
#pragma once

#include <functional>
#include <string>

#include "base/error.h"

namespace parotis::test {

// The message of the base::Error that `body` throws; "nothing was thrown" when it does not.
inline std::string ErrorOf(const std::function<void()>& body) {
  try {
    body();
  } catch (const base::Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

}  // namespace parotis::test
