#include "app/net_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "app/machine.h"
#include "base/error.h"

namespace parotis::app {
namespace {

const NetFunctions* Load() {
  const std::filesystem::path library = NetLibraryFile();
  void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    base::Throw(
        base::ErrorKind::kIo,
        fmt::format("cannot load the network library: {}; build or install again, or see `parotis doctor`", dlerror()));
  }
  using Entry = const NetFunctions* (*)();
  const auto entry = reinterpret_cast<Entry>(dlsym(handle, kNetEntrySymbol));
  if (entry == nullptr) {
    base::Throw(
        base::ErrorKind::kIo,
        fmt::format("{} is not the library this program was built with; build or install again", library.string()));
  }
  return entry();
}

}  // namespace

std::filesystem::path NetLibraryFile() {
  const std::filesystem::path name = "libparotis_net.so";
  const std::filesystem::path installed = ProgramFolder() / ".." / "lib" / "parotis" / name;
  return std::filesystem::exists(installed) ? std::filesystem::weakly_canonical(installed) : ProgramFolder() / name;
}

const NetFunctions& Net() {
  static const NetFunctions* functions = Load();
  return *functions;
}

}  // namespace parotis::app
