// Writes pickles operation by operation (Lib/pickletools.py) and wraps them as torch.save does, so that tests can also
// write what no Python would.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/zip_file.h"

namespace parotis::test {

inline std::string PickleText(const std::string& text) {
  return "X" + LittleEndian(static_cast<std::uint32_t>(text.size()), 4) + text;
}
inline std::string PickleNumber(std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number);
  return "\x8a\x08" + LittleEndian(static_cast<std::uint32_t>(bits), 4) +
         LittleEndian(static_cast<std::uint32_t>(bits >> 32U), 4);
}
inline std::string PickleGlobal(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}
inline std::string PickleTuple(const std::vector<std::string>& items) {
  std::string out = "(";
  for (const std::string& item : items) out += item;
  return out + "t";
}
inline std::string PickleTuple(const std::vector<std::int64_t>& numbers) {
  std::vector<std::string> items;
  for (const std::int64_t number : numbers) items.push_back(PickleNumber(number));
  return PickleTuple(items);
}
inline std::string PickleCall(const std::string& module, const std::string& name,
                              const std::vector<std::string>& arguments) {
  return PickleGlobal(module, name) + PickleTuple(arguments) + "R";
}

struct PickledTensor {
  std::string key = "0";
  std::string storage = "FloatStorage";
  std::int64_t count = 6;  // of the storage
  std::int64_t offset = 0;
  std::vector<std::int64_t> shape = {2, 3}, strides = {3, 1};
};

inline std::string PickleTensor(const PickledTensor& tensor) {
  const std::string storage = PickleTuple({PickleText("storage"), PickleGlobal("torch", tensor.storage),
                                           PickleText(tensor.key), PickleText("cpu"), PickleNumber(tensor.count)}) +
                              "Q";
  return PickleCall(
      "torch._utils", "_rebuild_tensor_v2",
      {storage, PickleNumber(tensor.offset), PickleTuple(tensor.shape), PickleTuple(tensor.strides), "\x89", "}"});
}

// A dictionary of one key.
inline std::string PickleMember(const std::string& key, const std::string& value) {
  return "}" + PickleText(key) + value + "s";
}

// The archive that torch.save would write around a pickle of these operations; 24 bytes of storage under data/0.
inline std::string TorchFile(const std::string& operations, const std::vector<ZipEntry>& more = {}) {
  std::string storage;
  for (int i = 0; i < 6; ++i) storage += std::string("\0\0\x80\x3f", 4);  // 1.0
  std::vector<ZipEntry> entries = {{"archive/data.pkl", "\x80\x02" + operations + "."},
                                   {"archive/byteorder", "little"},
                                   {"archive/data/0", storage}};
  entries.insert(entries.end(), more.begin(), more.end());
  return ZipBytes(entries);
}

}  // namespace parotis::test
