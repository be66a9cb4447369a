#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "base/files.h"

namespace parotis::base {
namespace {

constexpr int kMaxDepth = 64;

// Watches depth and duplicate keys, which nlohmann's parser accepts silently.
class StrictWatch {
 public:
  explicit StrictWatch(const std::string& name) : name_(name) {}

  bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
    if (depth > kMaxDepth) Throw(ErrorKind::kInput, fmt::format("{}: nested deeper than {} levels", name_, kMaxDepth));
    if (event == Json::parse_event_t::object_start) keys_.emplace_back();
    if (event == Json::parse_event_t::object_end) keys_.pop_back();
    if (event == Json::parse_event_t::key && !keys_.back().insert(parsed.get<std::string>()).second) {
      Throw(ErrorKind::kInput,
            fmt::format("{}: the key {} stands twice in one object; remove one", name_, parsed.dump()));
    }
    return true;
  }

 private:
  const std::string& name_;
  std::vector<std::set<std::string>> keys_;
};

void CheckFinite(const Json& json) {
  if (json.is_number_float() && !std::isfinite(json.get<double>()))
    Throw(ErrorKind::kInternal, "a JSON number must be finite");
  if (json.is_structured()) {
    for (const Json& member : json) CheckFinite(member);
  }
}

template <class T>
void ReadInteger(const Json& json, const std::string& path, T& value) {
  const auto refuse = [&] {
    Throw(ErrorKind::kInput, fmt::format("{} must be a whole number between {} and {}", path,
                                         std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  };
  if (json.is_number_unsigned()) {
    const auto wide = json.get<std::uint64_t>();
    if (wide > static_cast<std::uint64_t>(std::numeric_limits<T>::max())) refuse();
    value = static_cast<T>(wide);
  } else if (json.is_number_integer()) {
    const auto wide = json.get<std::int64_t>();
    if (std::is_unsigned_v<T> || wide < static_cast<std::int64_t>(std::numeric_limits<T>::min())) refuse();
    value = static_cast<T>(wide);
  } else {
    refuse();
  }
}

std::size_t EditDistance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitute});
    }
  }
  return row.back();
}

}  // namespace

Json ParseJson(std::string_view text, const std::string& name) {
  StrictWatch watch(name);
  try {
    return Json::parse(text, std::ref(watch), /*allow_exceptions=*/true, /*ignore_comments=*/true);
  } catch (const Json::exception& error) {  // parse errors, and numbers beyond the range of a double
    const std::string reason = error.what();
    const std::size_t start = reason.find("] ");  // behind the exception's own name
    Throw(ErrorKind::kInput, fmt::format("{} is not valid JSON: {}", name,
                                         start == std::string::npos ? reason : reason.substr(start + 2)));
  }
}

Json ReadJson(const std::filesystem::path& path, std::uint64_t limit_bytes) {
  return ParseJson(ReadFile(path, limit_bytes), path.string());
}

std::string DumpJson(const Json& json) {
  CheckFinite(json);
  // Text from outside (series descriptions) may not be UTF-8: the offending bytes are replaced, never thrown over.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void WriteJson(const std::filesystem::path& path, const Json& json) { WriteFile(path, DumpJson(json)); }

JsonObject::JsonObject(const Json& json, std::string path) : json_(&json), path_(std::move(path)) {
  if (!json.is_object()) Throw(ErrorKind::kInput, path_ + " must be an object");
}

bool JsonObject::Has(const std::string& key) const { return json_->contains(key); }

std::string JsonObject::PathOf(const std::string& key) const {
  // After a file's name a colon, inside a document a dot.
  const bool is_file = path_.size() > 5 && path_.ends_with(".json");
  return path_ + (is_file ? ": " : ".") + key;
}

const Json& JsonObject::Require(const std::string& key) {
  known_.insert(key);
  const auto member = json_->find(key);
  if (member == json_->end()) Throw(ErrorKind::kInput, PathOf(key) + " is missing");
  return *member;
}

JsonObject JsonObject::Object(const std::string& key) { return JsonObject(Require(key), PathOf(key)); }

void JsonObject::Finish() const {
  for (const auto& [key, member] : json_->items()) {
    if (known_.contains(key)) continue;
    std::string hint;
    for (const std::string& candidate : known_) {
      if (EditDistance(key, candidate) <= 2) hint = fmt::format("; did you mean \"{}\"?", candidate);
    }
    Throw(ErrorKind::kInput, fmt::format("{} is not a known key{}", PathOf(key), hint));
  }
}

void JsonObject::ReadValue(const Json& json, const std::string& path, bool& value) {
  if (!json.is_boolean()) Throw(ErrorKind::kInput, path + " must be true or false");
  value = json.get<bool>();
}
void JsonObject::ReadValue(const Json& json, const std::string& path, int& value) { ReadInteger(json, path, value); }
void JsonObject::ReadValue(const Json& json, const std::string& path, std::int64_t& value) {
  ReadInteger(json, path, value);
}
void JsonObject::ReadValue(const Json& json, const std::string& path, std::uint64_t& value) {
  ReadInteger(json, path, value);
}
void JsonObject::ReadValue(const Json& json, const std::string& path, double& value) {
  if (!json.is_number()) Throw(ErrorKind::kInput, path + " must be a number");
  value = json.get<double>();
}
void JsonObject::ReadValue(const Json& json, const std::string& path, float& value) {
  double wide = 0;
  ReadValue(json, path, wide);
  value = static_cast<float>(wide);
}
void JsonObject::ReadValue(const Json& json, const std::string& path, std::string& value) {
  if (!json.is_string()) Throw(ErrorKind::kInput, path + " must be a text");
  value = json.get<std::string>();
}

}  // namespace parotis::base
