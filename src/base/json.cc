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

constexpr std::size_t kMaxDepth = 64;

// Receives the parser's events. nlohmann's own builders accept duplicate keys silently, look for each key among all
// that came before, and, where they report events, go through the parent again after every object: quadratic time.
class StrictBuilder {
 public:
  explicit StrictBuilder(const std::string& name) : name_(name) {}

  Json Result() { return std::move(root_); }

  // What nlohmann's parser calls, with its names; false would stop it.
  bool null() { return Add(nullptr); }
  bool boolean(bool value) { return Add(value); }
  bool number_integer(Json::number_integer_t value) { return Add(value); }
  bool number_unsigned(Json::number_unsigned_t value) { return Add(value); }
  bool number_float(Json::number_float_t value, const std::string& /*text*/) { return Add(value); }
  bool string(std::string& value) { return Add(std::move(value)); }
  bool binary(Json::binary_t& /*value*/) { return false; }  // not in text
  bool start_object(std::size_t /*count*/) { return Open(Json::object()); }
  bool start_array(std::size_t /*count*/) { return Open(Json::array()); }
  bool end_object() { return Close(); }
  bool end_array() { return Close(); }
  bool key(std::string& key) {
    if (!open_.back().keys.insert(key).second) {
      Throw(ErrorKind::kInput,
            fmt::format("{}: the key {} stands twice in one object; remove one", name_, Json(key).dump()));
    }
    open_.back().key = std::move(key);
    return true;
  }
  // Of the text, and of numbers beyond the range of a double.
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/, const Json::exception& error) {
    const std::string reason = error.what();
    const std::size_t start = reason.find("] ");  // behind the exception's own name
    Throw(ErrorKind::kInput, fmt::format("{} is not valid JSON: {}", name_,
                                         start == std::string::npos ? reason : reason.substr(start + 2)));
  }

 private:
  struct Container {
    Json* json;  // stays in its place: nothing is added to its parent before it is closed
    std::set<std::string> keys;
    std::string key;  // of the member that comes next
  };

  Json& Place(Json value) {
    if (open_.empty()) return root_ = std::move(value);
    Container& parent = open_.back();
    if (parent.json->is_array()) {
      auto& entries = parent.json->get_ref<Json::array_t&>();
      return entries.emplace_back(std::move(value));
    }
    auto& members = parent.json->get_ref<Json::object_t&>();
    return members.emplace_back(std::move(parent.key), std::move(value)).second;
  }
  bool Add(Json value) {
    Place(std::move(value));
    return true;
  }
  bool Open(Json container) {
    if (open_.size() > kMaxDepth)
      Throw(ErrorKind::kInput, fmt::format("{}: nested deeper than {} levels", name_, kMaxDepth));
    Json& placed = Place(std::move(container));
    open_.push_back({&placed, {}, {}});
    return true;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  const std::string& name_;
  Json root_;
  std::vector<Container> open_;
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
  StrictBuilder builder(name);
  Json::sax_parse(text.begin(), text.end(), &builder, Json::input_format_t::json, /*strict=*/true,
                  /*ignore_comments=*/true);
  return builder.Result();
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
