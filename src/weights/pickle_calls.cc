#include "weights/pickle_calls.h"

#include <fmt/format.h>

#include "weights/refusal.h"

namespace parotis::weights {
namespace {

constexpr std::size_t kMostDimensions = 16;
constexpr std::size_t kMostCopies = std::size_t{1} << 22;

// Lists its arguments by place and refuses those of another kind.
class Arguments {
 public:
  Arguments(const Pickle& pickle, const std::vector<ValueId>& ids, const std::string& what, const std::string& name)
      : pickle_(pickle), ids_(ids), what_(what), name_(name) {}

  const Value& At(std::size_t place, ValueKind kind) const {
    const Value* value = place < ids_.size() ? &pickle_.at(ids_[place]) : nullptr;
    if (value == nullptr || value->kind != kind)
      Damaged(name_, fmt::format("has {} whose part {} is missing or of another kind", what_, place + 1));
    return *value;
  }
  // A tuple (or torch.Size) of integers.
  std::vector<std::int64_t> Integers(std::size_t place) const {
    const Value& tuple = At(place, ValueKind::kTuple);
    if (tuple.items.size() > kMostDimensions)
      Damaged(name_, fmt::format("has {} of {} dimensions", what_, tuple.items.size()));
    std::vector<std::int64_t> numbers;
    const Arguments items(pickle_, tuple.items, what_, name_);
    for (std::size_t i = 0; i < tuple.items.size(); ++i) numbers.push_back(items.At(i, ValueKind::kInteger).number);
    return numbers;
  }

 private:
  const Pickle& pickle_;
  const std::vector<ValueId>& ids_;
  const std::string& what_;
  const std::string& name_;
};

// OrderedDict([(key, value), …]) as Python 2 wrote it, dict(other), or an empty one to be filled.
Value DictionaryOf(Pickle& pickle, const std::vector<ValueId>& arguments, const std::string& name) {
  Value made{.kind = ValueKind::kDictionary};
  if (arguments.size() != 1) return made;
  const Value& from = pickle.at(arguments[0]);
  pickle.copied_items += from.items.size();
  if (pickle.copied_items > kMostCopies) Unsafe(name, "copies dictionaries over and over");
  if (from.kind == ValueKind::kDictionary) made.items = from.items;
  if (from.kind != ValueKind::kList && from.kind != ValueKind::kTuple) return made;
  for (const ValueId id : from.items) {
    const Value& pair = pickle.at(id);
    const bool is_pair = (pair.kind == ValueKind::kList || pair.kind == ValueKind::kTuple) && pair.items.size() == 2;
    if (is_pair) made.items.insert(made.items.end(), pair.items.begin(), pair.items.end());
  }
  return made;
}

Value TensorOf(Pickle& pickle, const std::vector<ValueId>& arguments, const std::string& name) {
  const std::string what = "a tensor";
  const Arguments given(pickle, arguments, what, name);
  TensorClaim tensor;
  tensor.storage = static_cast<std::size_t>(given.At(0, ValueKind::kStorage).number);
  tensor.offset = given.At(1, ValueKind::kInteger).number;
  tensor.shape = given.Integers(2);
  tensor.strides = given.Integers(3);
  if (tensor.shape.size() != tensor.strides.size()) Damaged(name, "has a tensor with more strides than dimensions");
  pickle.tensors.push_back(std::move(tensor));
  return {.kind = ValueKind::kTensor, .number = static_cast<std::int64_t>(pickle.tensors.size() - 1)};
}

// (function, type, arguments, state): only tensors are made in this way here.
Value TensorWithSubtype(Pickle& pickle, const std::vector<ValueId>& arguments, const std::string& name) {
  const std::string what = "a tensor of a derived type";
  const Arguments given(pickle, arguments, what, name);
  const GlobalMeaning meaning = given.At(0, ValueKind::kGlobal).global->meaning;
  const std::vector<ValueId>& inner = given.At(2, ValueKind::kTuple).items;
  if (meaning == GlobalMeaning::kTensor) return TensorOf(pickle, inner, name);
  if (meaning != GlobalMeaning::kParameter) Damaged(name, "has a tensor of a derived type made of something else");
  const std::string parameter = "a parameter";
  return Arguments(pickle, inner, parameter, name).At(0, ValueKind::kTensor);
}

}  // namespace

Value CallGlobal(Pickle& pickle, ValueId callable, const std::vector<ValueId>& arguments, const std::string& name) {
  const Value& called = pickle.at(callable);
  if (called.kind != ValueKind::kGlobal) Unsafe(name, "asks to call what is no function of weights");
  const std::string what = fmt::format("a call of {}.{}", called.global->module, called.global->name);
  switch (called.global->meaning) {
    case GlobalMeaning::kDictionary: return DictionaryOf(pickle, arguments, name);
    case GlobalMeaning::kSize: {
      const Value& size = Arguments(pickle, arguments, what, name).At(0, ValueKind::kTuple);
      if (size.items.size() > kMostDimensions) Damaged(name, "has a torch.Size of too many dimensions");
      return size;
    }
    case GlobalMeaning::kTensor: return TensorOf(pickle, arguments, name);
    case GlobalMeaning::kParameter: return Arguments(pickle, arguments, what, name).At(0, ValueKind::kTensor);
    case GlobalMeaning::kTensorWithSubtype: return TensorWithSubtype(pickle, arguments, name);
    case GlobalMeaning::kData: return {};
    case GlobalMeaning::kStorage: break;
  }
  Unsafe(name, fmt::format("asks to call {}.{}", called.global->module, called.global->name));
}

Value StorageOf(Pickle& pickle, const std::vector<ValueId>& id, const std::string& name) {
  const std::string what = "a storage";
  const Arguments given(pickle, id, what, name);
  if (given.At(0, ValueKind::kText).text != "storage")
    Damaged(name, fmt::format("refers to a {} outside of it", Quoted(given.At(0, ValueKind::kText).text)));
  const GlobalRow& type = *given.At(1, ValueKind::kGlobal).global;
  if (type.meaning != GlobalMeaning::kStorage) Damaged(name, "has a storage of a type that is none");
  const std::int64_t count = given.At(4, ValueKind::kInteger).number;
  if (count < 0) Damaged(name, "has a storage of a negative size");
  if (id.size() > 5 && pickle.at(id[5]).kind != ValueKind::kNone)
    Damaged(name, "has views of storages, as torch before 0.4 wrote them");
  pickle.storages.push_back({given.At(2, ValueKind::kText).text, type.dtype, count});
  return {.kind = ValueKind::kStorage, .number = static_cast<std::int64_t>(pickle.storages.size() - 1)};
}

}  // namespace parotis::weights
