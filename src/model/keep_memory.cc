#include "model/keep_memory.h"

#include <cstdlib>  // says whose C library it is

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#define PAROTIS_KEEPS_MEMORY 1
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <limits>
#include <memory>
#endif

namespace parotis::model {

#ifdef PAROTIS_KEEPS_MEMORY
namespace {

constexpr int kLargestFromHeap_bytes = 1 << 30;
constexpr std::size_t kHugePages_bytes = std::size_t{1} << 29;  // address space; nothing is used before it is needed

// The part of the heap that large tensors will come from: taken once, and freed into the heap that keeps it.
void AskForHugePages() {
  void* block = std::malloc(kHugePages_bytes);
  if (block == nullptr) return;
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* first_page = block;
  std::size_t left = kHugePages_bytes;
  if (std::align(page, page, first_page, left) != nullptr)
    madvise(first_page, left / page * page, MADV_HUGEPAGE);  // an advice: failing changes nothing
  std::free(block);
}

}  // namespace

void KeepFreedMemory() {
  static const bool done = [] {
    mallopt(M_MMAP_THRESHOLD, kLargestFromHeap_bytes);
    mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
    AskForHugePages();
    return true;
  }();
  static_cast<void>(done);
}
#else
void KeepFreedMemory() {}
#endif

}  // namespace parotis::model
