// dicom::OpenArchive and ReadableFile: any bytes are an archive whose entries are as long as it says, or are refused by
// name.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/error.h"
#include "dicom/archive.h"
#include "fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parotis;
  const std::string& path = fuzz::MemoryFile(data, size);
  static const dicom::ArchiveLimits limits{1000, 1 << 24, 1 << 22, 200, 1 << 20};
  try {
    for (const auto& name : dicom::OpenArchive(path, limits)) {
      const dicom::ReadableFile file(name);
      if (std::filesystem::file_size(file.path()) != dicom::FileBytes(name)) std::abort();
    }
  } catch (const base::Error& error) {
    if (!error.code().starts_with("archive_")) std::abort();
  }
  return 0;
}
