#include "app/net_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "base/error.h"

namespace parotis::app {
namespace {

const NetFunctions* Load() {
  const auto library = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "libparotis_net.so";
  void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    base::Throw(
        base::ErrorKind::kIo,
        fmt::format("cannot load the network library: {}; run `make build` again, or see `parotis doctor`", dlerror()));
  }
  using Entry = const NetFunctions* (*)();
  const auto entry = reinterpret_cast<Entry>(dlsym(handle, kNetEntrySymbol));
  if (entry == nullptr) {
    base::Throw(
        base::ErrorKind::kIo,
        fmt::format("{} is not the library this program was built with; run `make build` again", library.string()));
  }
  return entry();
}

}  // namespace

const NetFunctions& Net() {
  static const NetFunctions* functions = Load();
  return *functions;
}

}  // namespace parotis::app
