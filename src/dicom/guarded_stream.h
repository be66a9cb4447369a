// What DCMTK reads a file through, with the bounds that DCMTK does not have. It reads sequences in sequences by
// recursion; it puts every element into its item by walking back over those with greater tags; and of a deflated
// dataset it does not know the length, so that it allocates what an element claims. Here the dataset is unpacked first,
// and claims are held against what is there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

class DcmInputStream;

namespace parotis::dicom {

enum class Breach {
  kNone,
  kTooDeep,          // sequences in sequences, far beyond what any object has
  kTooManyElements,  // in one item
  kUnpacksTooFar,    // beyond the bounds of an archive's entry (dicom/archive.h)
};

struct GuardedStream {
  std::unique_ptr<DcmInputStream> stream;
  std::shared_ptr<const Breach> breach;  // why the stream broke off, if it did; look when the file has been read
};

// For the function that calls it and what that calls: depth is measured from here. Values that are loaded later come
// from the file, or, of a deflated dataset, from the memory it was unpacked to, which they keep.
GuardedStream OpenGuarded(const std::filesystem::path& path, std::uint64_t start);

}  // namespace parotis::dicom
