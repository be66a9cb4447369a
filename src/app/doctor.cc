#include "app/commands.h"

namespace parotis::app {

std::function<int()> DefineDoctor(CLI::App&) {
  return [] { return 0; };
}

}  // namespace parotis::app
