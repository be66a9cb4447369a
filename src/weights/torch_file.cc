#include "weights/torch_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <map>
#include <set>

#include "weights/pickle.h"
#include "weights/refusal.h"
#include "weights/tensor_bytes.h"
#include "weights/zip_directory.h"

namespace parotis::weights {
namespace {

// The legacy format begins with the pickle of the number 0x1950a86a20f9469cfc6c.
constexpr std::array<unsigned char, 15> kLegacyMagic = {0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46,
                                                        0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e};
constexpr std::int64_t kLegacyProtocol = 1001;
constexpr std::uint64_t kAlwaysCopied = std::uint64_t{64} << 20;
constexpr std::uint64_t kMostCopies = 4;  // times the file
constexpr int kMostDepth = 64;
constexpr std::size_t kMostVisits = std::size_t{1} << 20, kMostTensors = std::size_t{1} << 16, kLongestName = 1024;

// Keys of the outermost dictionary below which training programs put the weights, the first that is there.
constexpr std::array<std::string_view, 12> kWrappers = {
    "state_dict", "model_state_dict", "network_weights", "model_state", "model", "network",
    "net",        "net_state_dict",   "weights",         "params",      "unet",  "module"};

struct FoundTensor {
  std::vector<std::string> path;
  std::size_t tensor = 0;
};

// Every tensor that can be reached from the root by keys.
class Walk {
 public:
  Walk(const Pickle& pickle, const std::string& name) : pickle_(pickle), name_(name) { Visit(pickle.root); }
  const std::vector<FoundTensor>& found() const { return found_; }

 private:
  void Visit(ValueId id) {
    if (++visits_ > kMostVisits) Unsafe(name_, "has values in values beyond number");
    const Value& value = pickle_.at(id);
    if (value.kind == ValueKind::kTensor) return Add(value);
    if (path_.size() >= kMostDepth) Unsafe(name_, fmt::format("is nested more than {} levels deep", kMostDepth));
    if (value.kind == ValueKind::kDictionary) {
      for (std::size_t i = 0; i + 1 < value.items.size(); i += 2) VisitAs(KeyOf(value.items[i]), value.items[i + 1]);
    } else if (value.kind == ValueKind::kList || value.kind == ValueKind::kTuple) {
      for (std::size_t i = 0; i < value.items.size(); ++i) VisitAs(std::to_string(i), value.items[i]);
    }
  }
  void VisitAs(std::string key, ValueId id) {
    path_.push_back(std::move(key));
    Visit(id);
    path_.pop_back();
  }
  std::string KeyOf(ValueId id) const {
    const Value& key = pickle_.at(id);
    if (key.kind == ValueKind::kText) return std::string(key.text.substr(0, kLongestName + 1));
    return key.kind == ValueKind::kInteger ? std::to_string(key.number) : "?";
  }
  void Add(const Value& value) {
    if (found_.size() >= kMostTensors) Unsafe(name_, fmt::format("has more than {} tensors", kMostTensors));
    std::size_t length = 0;
    for (const std::string& key : path_) {
      length += key.size();
      if (length > kLongestName || Quoted(key.substr(0, 80)) != key.substr(0, 80))
        Damaged(name_, fmt::format("has a tensor whose name is no name: {}", Quoted(key)));
    }
    found_.push_back({path_, static_cast<std::size_t>(value.number)});
  }

  const Pickle& pickle_;
  const std::string& name_;
  std::vector<std::string> path_;
  std::size_t visits_ = 0;
  std::vector<FoundTensor> found_;
};

std::string WrapperOf(const std::vector<FoundTensor>& found) {
  for (const std::string_view wrapper : kWrappers) {
    const bool is_there = std::any_of(found.begin(), found.end(), [&](const FoundTensor& each) {
      return each.path.size() > 1 && each.path[0] == wrapper;
    });
    if (is_there) return std::string(wrapper);
  }
  return "";
}

using StorageReader = std::function<EntryBytes(const StorageClaim& storage)>;

// One key, one type and one length: torch.save never writes a storage under two types.
void CheckStorages(const Pickle& pickle, const std::string& name) {
  std::map<std::string_view, const StorageClaim*> known;
  for (const StorageClaim& storage : pickle.storages) {
    const StorageClaim& first = *known.emplace(storage.key, &storage).first->second;
    if (first.dtype != storage.dtype || first.count != storage.count)
      Damaged(name, fmt::format("has the storage {} under two types or lengths", Quoted(storage.key)));
  }
}

NamedTensors Collect(const Pickle& pickle, const StorageReader& read, std::uint64_t file_bytes,
                     const std::string& name) {
  CheckStorages(pickle, name);
  const Walk walk(pickle, name);
  if (walk.found().empty()) Damaged(name, "holds no tensor under any name");
  NamedTensors named;
  named.wrapper = WrapperOf(walk.found());
  TensorMaker maker(name, kAlwaysCopied + kMostCopies * file_bytes);
  std::map<std::string_view, EntryBytes> storages;
  std::set<std::string> names;
  for (const FoundTensor& found : walk.found()) {
    if (!named.wrapper.empty() && (found.path[0] != named.wrapper || found.path.size() < 2)) {
      ++named.left_out[found.path[0]];
      continue;
    }
    const auto first = found.path.begin() + (named.wrapper.empty() ? 0 : 1);
    const std::string tensor_name = fmt::format("{}", fmt::join(first, found.path.end(), "."));
    if (!names.insert(tensor_name).second)
      Damaged(name, fmt::format("has two tensors of the name {}", Quoted(tensor_name)));
    const TensorClaim& tensor = pickle.tensors[found.tensor];
    const StorageClaim& storage = pickle.storages[tensor.storage];
    if (!storages.contains(storage.key)) storages[storage.key] = read(storage);
    const EntryBytes& bytes = storages.at(storage.key);
    if (bytes.owner != nullptr) named.owners.push_back(bytes.owner);
    named.tensors.push_back({tensor_name, maker.Make(tensor, storage, bytes, named.owners)});
  }
  return named;
}

// The archive's one folder, with its slash.
std::string FolderOf(const ZipDirectory& zip, const std::string& name) {
  constexpr std::string_view kPickle = "data.pkl";
  std::string folder;
  bool found = false;
  for (const auto& [entry, place] : zip.entries()) {
    if (entry.find("/code/") != std::string::npos)
      Damaged(name, "is a TorchScript program (torch.jit.save), not a file of weights");
    if (!entry.ends_with(kPickle) || std::count(entry.begin(), entry.end(), '/') > 1) continue;
    if (found) Damaged(name, "has more than one data.pkl");
    found = true;
    folder = entry.substr(0, entry.size() - kPickle.size());
  }
  if (!found) Damaged(name, "is a zip archive without data.pkl: torch.save has not written it");
  return folder;
}

std::string_view TextOf(const EntryBytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.bytes.data()), bytes.bytes.size()};
}

NamedTensors ParseArchive(std::span<const std::byte> bytes, const std::string& name) {
  const ZipDirectory zip(bytes, name);
  const std::string folder = FolderOf(zip, name);
  const std::string byteorder = folder + "byteorder";
  if (zip.entries().contains(byteorder) && TextOf(zip.Read(byteorder)) != "little")
    Damaged(name, "was written on a machine of another byte order");
  const EntryBytes pickled = zip.Read(folder + "data.pkl");
  const Pickle pickle = Unpickle(pickled.bytes, name);
  NamedTensors named = Collect(
      pickle, [&](const StorageClaim& storage) { return zip.Read(folder + "data/" + std::string(storage.key)); },
      bytes.size(), name);
  named.format = "PyTorch";
  return named;
}

// Of the key in a dictionary; null when it is not there.
const Value* MemberOf(const Pickle& pickle, std::string_view key) {
  const Value& root = pickle.at(pickle.root);
  for (std::size_t i = 0; root.kind == ValueKind::kDictionary && i + 1 < root.items.size(); i += 2) {
    const Value& each = pickle.at(root.items[i]);
    if (each.kind == ValueKind::kText && each.text == key) return &pickle.at(root.items[i + 1]);
  }
  return nullptr;
}

// The storages in the order of the list of their keys: a count of 8 bytes and the values.
std::map<std::string_view, EntryBytes> LegacyStorages(const Pickle& keys, const Pickle& pickle,
                                                      std::span<const std::byte> bytes, const std::string& name) {
  std::map<std::string_view, const StorageClaim*> claims;
  for (const StorageClaim& storage : pickle.storages) claims.emplace(storage.key, &storage);
  std::map<std::string_view, EntryBytes> storages;
  for (const ValueId id : keys.at(keys.root).items) {
    const auto claim = claims.find(keys.at(id).text);
    if (claim == claims.end()) Damaged(name, "has a storage that belongs to no tensor");
    std::int64_t count = 0;
    if (bytes.size() < sizeof(count)) Damaged(name, "ends within its storages: it is truncated");
    std::memcpy(&count, bytes.data(), sizeof(count));
    bytes = bytes.subspan(sizeof(count));
    const std::size_t size = base::SizeOf(claim->second->dtype);
    if (count < 0 || static_cast<std::uint64_t>(count) > bytes.size() / size)
      Damaged(name, "ends within its storages: it is truncated");
    storages[claim->first] = {bytes.first(static_cast<std::size_t>(count) * size), nullptr};
    bytes = bytes.subspan(static_cast<std::size_t>(count) * size);
  }
  return storages;
}

NamedTensors ParseLegacy(std::span<const std::byte> bytes, const std::string& name) {
  auto rest = bytes.subspan(kLegacyMagic.size());
  const auto next = [&] {
    Pickle pickle = Unpickle(rest, name);
    rest = rest.subspan(pickle.bytes_read);
    return pickle;
  };
  const Pickle protocol = next();
  if (protocol.at(protocol.root).number != kLegacyProtocol) Damaged(name, "has an unknown version of its format");
  const Pickle system = next();
  const Value* little_endian = MemberOf(system, "little_endian");
  if (little_endian == nullptr || little_endian->number != 1)
    Damaged(name, "was written on a machine of another byte order");
  const Pickle pickle = next();
  const Pickle keys = next();
  const auto storages = LegacyStorages(keys, pickle, rest, name);
  NamedTensors named = Collect(
      pickle,
      [&](const StorageClaim& storage) {
        const auto found = storages.find(storage.key);
        if (found == storages.end()) Damaged(name, fmt::format("has no storage {}", Quoted(storage.key)));
        return found->second;
      },
      bytes.size(), name);
  named.format = "PyTorch before 1.6";
  return named;
}

}  // namespace

bool LooksLikeTorchFile(std::span<const std::byte> bytes) {
  if (LooksLikeZip(bytes)) return true;
  return bytes.size() >= kLegacyMagic.size() &&
         std::memcmp(bytes.data(), kLegacyMagic.data(), kLegacyMagic.size()) == 0;
}

NamedTensors ParseTorchFile(std::span<const std::byte> bytes, const std::string& name) {
  return LooksLikeZip(bytes) ? ParseArchive(bytes, name) : ParseLegacy(bytes, name);
}

}  // namespace parotis::weights
