// JSON, read strictly: a duplicate key, an unknown key, a wrong type or a number out of range is an Error that names
// the file and the path of the key ("plan.json: network.widths[2] …").
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace parotis::base {

// Objects keep the order in which they were written, so that files read as their author meant them.
using Json = nlohmann::ordered_json;

// `name` is used in messages. Comments (// and /* */) are allowed: configuration files are commented examples.
// Nesting deeper than 64 levels is refused.
Json ParseJson(std::string_view text, const std::string& name);
Json ReadJson(const std::filesystem::path& path, std::uint64_t limit_bytes = std::uint64_t{1} << 28);
// Two-space indent and a final newline; NaN and infinities are refused as kInternal, never written as null.
std::string DumpJson(const Json& json);
void WriteJson(const std::filesystem::path& path, const Json& json);

// Reads the members of one object and, on Finish, refuses those that nobody asked for.
//   JsonObject plan(json, "plan.json");
//   plan.Read("seed", options.seed);            // optional: keeps the default when absent
//   JsonObject network = plan.Object("network"); ... network.Finish();
//   plan.Finish();
class JsonObject {
 public:
  // `path` names the object in messages. Throws kInput when `json` is not an object.
  JsonObject(const Json& json, std::string path);

  bool Has(const std::string& key) const;
  // The member, or a kInput Error when it is missing. Marks the key as known.
  const Json& Require(const std::string& key);
  JsonObject Object(const std::string& key);
  const std::string& path() const { return path_; }
  std::string PathOf(const std::string& key) const;

  // Overwrites `value` when the key is present; types: bool, integers, floating point, string, vectors and maps of
  // these.
  template <class T>
  void Read(const std::string& key, T& value) {
    known_.insert(key);  // even when absent, so that Finish can suggest it
    if (Has(key)) ReadRequired(key, value);
  }
  template <class T>
  void ReadRequired(const std::string& key, T& value) {
    ReadValue(Require(key), PathOf(key), value);
  }
  template <class T>
  T Get(const std::string& key) {
    T value{};
    ReadRequired(key, value);
    return value;
  }
  // Throws kInput and lists the keys that were never read, with the nearest known one.
  void Finish() const;

  // The conversions behind Read; each throws kInput naming `path` on a wrong type or range.
  static void ReadValue(const Json& json, const std::string& path, bool& value);
  static void ReadValue(const Json& json, const std::string& path, int& value);
  static void ReadValue(const Json& json, const std::string& path, std::int64_t& value);
  static void ReadValue(const Json& json, const std::string& path, std::uint64_t& value);
  static void ReadValue(const Json& json, const std::string& path, float& value);
  static void ReadValue(const Json& json, const std::string& path, double& value);
  static void ReadValue(const Json& json, const std::string& path, std::string& value);
  static void ReadValue(const Json& json, const std::string& path, Json& value) { (void)path, value = json; }
  template <class T>
  static void ReadValue(const Json& json, const std::string& path, std::vector<T>& values) {
    if (!json.is_array()) Throw(ErrorKind::kInput, path + " must be a list");
    values.clear();
    for (std::size_t i = 0; i < json.size(); ++i) {
      T value{};
      ReadValue(json[i], path + "[" + std::to_string(i) + "]", value);
      values.push_back(std::move(value));
    }
  }
  template <class T, std::size_t N>
  static void ReadValue(const Json& json, const std::string& path, std::array<T, N>& values) {
    std::vector<T> list;
    ReadValue(json, path, list);
    if (list.size() != N) Throw(ErrorKind::kInput, path + " must have " + std::to_string(N) + " entries");
    std::copy(list.begin(), list.end(), values.begin());
  }
  template <class T>
  static void ReadValue(const Json& json, const std::string& path, std::map<std::string, T>& values) {
    if (!json.is_object()) Throw(ErrorKind::kInput, path + " must be an object");
    values.clear();
    for (const auto& [key, member] : json.items()) ReadValue(member, (path + ".").append(key), values[key]);
  }
  template <class T>
  static void ReadValue(const Json& json, const std::string& path, std::optional<T>& value) {
    if (json.is_null()) {
      value.reset();
    } else {
      ReadValue(json, path, value.emplace());
    }
  }

 private:
  const Json* json_;
  std::string path_;
  std::set<std::string> known_;
};

}  // namespace parotis::base
