#include "weights/pickle.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "weights/pickle_calls.h"
#include "weights/refusal.h"

namespace parotis::weights {
namespace {

constexpr std::size_t kMostValues = std::size_t{1} << 22;
constexpr std::size_t kMostMemo = std::size_t{1} << 22;
constexpr ValueId kNothing = std::numeric_limits<ValueId>::max();

// Operation codes by their names in Lib/pickletools.py.
enum Operation : std::uint8_t {
  kMark = '(',
  kStop = '.',
  kPop = '0',
  kPopMark = '1',
  kDup = '2',
  kPersistentId = 'Q',
  kReduce = 'R',
  kBuild = 'b',
  kGlobalLines = 'c',
  kInst = 'i',
  kObj = 'o',
  kNewObject = 0x81,
  kNewObjectEx = 0x92,
  kStackGlobal = 0x93,
  kNone = 'N',
  kTrue = 0x88,
  kFalse = 0x89,
  kInt = 'J',
  kInt1 = 'K',
  kInt2 = 'M',
  kLong1 = 0x8a,
  kLong4 = 0x8b,
  kFloat = 'G',
  kUnicode = 'X',
  kShortUnicode = 0x8c,
  kUnicode8 = 0x8d,
  kBytes = 'B',
  kShortBytes = 'C',
  kBytes8 = 0x8e,
  kByteArray8 = 0x96,
  kString = 'T',
  kShortString = 'U',
  kEmptyList = ']',
  kAppend = 'a',
  kAppends = 'e',
  kList = 'l',
  kEmptyTuple = ')',
  kTuple = 't',
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kEmptyDict = '}',
  kDict = 'd',
  kSetItem = 's',
  kSetItems = 'u',
  kEmptySet = 0x8f,
  kAddItems = 0x90,
  kFrozenSet = 0x91,
  kGet = 'h',
  kLongGet = 'j',
  kPut = 'q',
  kLongPut = 'r',
  kMemoize = 0x94,
  kProto = 0x80,
  kFrame = 0x95,
};

class Machine {
 public:
  Machine(std::span<const std::byte> bytes, const std::string& name) : bytes_(bytes), name_(name) {}

  Pickle Run() {
    if (Take<std::uint8_t>() != kProto) Broken("does not begin with a protocol of 2 to 5");
    if (const auto protocol = Take<std::uint8_t>(); protocol < 2 || protocol > 5)
      Broken(fmt::format("has protocol {}; 2 to 5 are read", protocol));
    for (;;) {
      const auto operation = Take<std::uint8_t>();
      if (operation == kStop) break;
      if (!Structure(operation) && !Constant(operation) && !Container(operation) && !Memo(operation) &&
          !Call(operation)) {
        Broken(fmt::format("has the operation 0x{:02x}, which files of weights do not use", operation));
      }
    }
    pickle_.root = Pop();
    pickle_.bytes_read = at_;
    return std::move(pickle_);
  }

 private:
  [[noreturn]] void Broken(const std::string& fact) const {
    Damaged(name_, fmt::format("{} (byte {} of its pickle)", fact, at_));
  }

  // Bytes of the pickle.
  template <class T>
  T Take() {
    T value{};
    std::memcpy(&value, TakeBytes(sizeof(T)).data(), sizeof(T));
    return value;
  }
  std::span<const std::byte> TakeBytes(std::uint64_t count) {
    if (count > bytes_.size() - at_) Broken("ends too early: it is truncated");
    at_ += count;
    return bytes_.subspan(at_ - count, count);
  }
  std::string_view TakeText(std::uint64_t count) {
    const auto text = TakeBytes(count);
    return {reinterpret_cast<const char*>(text.data()), text.size()};
  }
  std::string_view TakeLine() {
    const std::string_view rest(reinterpret_cast<const char*>(bytes_.data()) + at_, bytes_.size() - at_);
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) Broken("ends too early: it is truncated");
    at_ += end + 1;
    return rest.substr(0, end);
  }

  // The stack.
  ValueId Push(Value value) {
    if (pickle_.values.size() >= kMostValues) Unsafe(name_, fmt::format("has more than {} values", kMostValues));
    pickle_.values.push_back(std::move(value));
    stack_.push_back(static_cast<ValueId>(pickle_.values.size() - 1));
    return stack_.back();
  }
  ValueId Pop() {
    if (stack_.size() <= Floor()) Broken("takes a value that is not there");
    const ValueId id = stack_.back();
    stack_.pop_back();
    return id;
  }
  ValueId Top() {
    const ValueId id = Pop();
    stack_.push_back(id);
    return id;
  }
  // What lies above the last mark may be taken; below it, only PopMark reaches.
  std::size_t Floor() const { return marks_.empty() ? 0 : marks_.back(); }
  std::vector<ValueId> PopMark() {
    if (marks_.empty()) Broken("closes a list that was not opened");
    std::vector<ValueId> items(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return items;
  }
  std::vector<ValueId> PopMany(std::size_t count) {
    std::vector<ValueId> items(count);
    for (std::size_t i = count; i-- > 0;) items[i] = Pop();
    return items;
  }

  bool Structure(std::uint8_t operation) {
    switch (operation) {
      case kMark: marks_.push_back(stack_.size()); return true;
      case kPop:
        if (!marks_.empty() && stack_.size() == marks_.back()) {
          marks_.pop_back();
        } else {
          Pop();
        }
        return true;
      case kPopMark: PopMark(); return true;
      case kDup: stack_.push_back(Top()); return true;
      case kProto: Broken("begins anew within itself");
      case kFrame: Take<std::uint64_t>(); return true;
      default: return false;
    }
  }

  void PushNumber(std::int64_t number) { Push({.kind = ValueKind::kInteger, .number = number}); }
  void PushText(std::uint64_t count) { Push({.kind = ValueKind::kText, .text = TakeText(count)}); }
  void PushBytes(std::uint64_t count) { Push({.kind = ValueKind::kBytes, .text = TakeText(count)}); }
  // Little-endian two's complement; what does not fit into 64 bits is a blank.
  void PushLong(std::span<const std::byte> digits) {
    if (digits.size() > 8) return static_cast<void>(Push({}));
    std::uint64_t number = 0;
    for (std::size_t i = digits.size(); i-- > 0;) number = number << 8U | std::to_integer<std::uint64_t>(digits[i]);
    const auto bits = static_cast<unsigned>(8 * digits.size());
    if (bits > 0 && bits < 64 && (number >> (bits - 1) & 1) != 0) number |= ~std::uint64_t{0} << bits;
    PushNumber(std::bit_cast<std::int64_t>(number));
  }

  bool Constant(std::uint8_t operation) {
    switch (operation) {
      case kNone: Push({.kind = ValueKind::kNone}); return true;
      case kTrue: Push({.kind = ValueKind::kBool, .number = 1}); return true;
      case kFalse: Push({.kind = ValueKind::kBool, .number = 0}); return true;
      case kInt: PushNumber(Take<std::int32_t>()); return true;
      case kInt1: PushNumber(Take<std::uint8_t>()); return true;
      case kInt2: PushNumber(Take<std::uint16_t>()); return true;
      case kLong1: PushLong(TakeBytes(Take<std::uint8_t>())); return true;
      case kLong4: PushLong(TakeBytes(Take<std::uint32_t>())); return true;
      case kFloat: TakeBytes(8), Push({}); return true;
      case kUnicode: PushText(Take<std::uint32_t>()); return true;
      case kShortUnicode: PushText(Take<std::uint8_t>()); return true;
      case kUnicode8: PushText(Take<std::uint64_t>()); return true;
      case kString: PushText(Take<std::uint32_t>()); return true;
      case kShortString: PushText(Take<std::uint8_t>()); return true;
      case kBytes: PushBytes(Take<std::uint32_t>()); return true;
      case kShortBytes: PushBytes(Take<std::uint8_t>()); return true;
      case kBytes8:
      case kByteArray8: PushBytes(Take<std::uint64_t>()); return true;
      default: return false;
    }
  }

  void PushItems(ValueKind kind, std::vector<ValueId> items) { Push({.kind = kind, .items = std::move(items)}); }
  // Onto the list or into the dictionary below them; a blank takes everything.
  void AddItems(const std::vector<ValueId>& items, ValueKind expected) {
    Value& container = pickle_.values[Top()];
    if (container.kind == ValueKind::kBlank) return;
    if (container.kind != expected) Broken("adds to what is no list or dictionary");
    if (expected == ValueKind::kDictionary && items.size() % 2 != 0) Broken("has a key without a value");
    container.items.insert(container.items.end(), items.begin(), items.end());
  }

  bool Container(std::uint8_t operation) {
    switch (operation) {
      case kEmptyList: PushItems(ValueKind::kList, {}); return true;
      case kList: PushItems(ValueKind::kList, PopMark()); return true;
      case kAppend: AddItems(PopMany(1), ValueKind::kList); return true;
      case kAppends: AddItems(PopMark(), ValueKind::kList); return true;
      case kEmptyTuple: PushItems(ValueKind::kTuple, {}); return true;
      case kTuple: PushItems(ValueKind::kTuple, PopMark()); return true;
      case kTuple1: PushItems(ValueKind::kTuple, PopMany(1)); return true;
      case kTuple2: PushItems(ValueKind::kTuple, PopMany(2)); return true;
      case kTuple3: PushItems(ValueKind::kTuple, PopMany(3)); return true;
      case kEmptyDict: PushItems(ValueKind::kDictionary, {}); return true;
      case kDict: {
        const std::vector<ValueId> items = PopMark();
        PushItems(ValueKind::kDictionary, {});
        AddItems(items, ValueKind::kDictionary);
        return true;
      }
      case kSetItem: AddItems(PopMany(2), ValueKind::kDictionary); return true;
      case kSetItems: AddItems(PopMark(), ValueKind::kDictionary); return true;
      case kEmptySet: Push({}); return true;
      case kAddItems: AddItems(PopMark(), ValueKind::kBlank); return true;
      case kFrozenSet: PopMark(), Push({}); return true;
      default: return false;
    }
  }

  void Put(std::size_t place) {
    if (place >= kMostMemo) Unsafe(name_, fmt::format("remembers a value under the number {}", place));
    if (place >= memo_.size()) memo_.resize(place + 1, kNothing);
    if (memo_[place] == kNothing) ++remembered_;
    memo_[place] = Top();
  }
  void Get(std::size_t place) {
    if (place >= memo_.size() || memo_[place] == kNothing) Broken("recalls a value that it did not remember");
    stack_.push_back(memo_[place]);
  }

  bool Memo(std::uint8_t operation) {
    switch (operation) {
      case kGet: Get(Take<std::uint8_t>()); return true;
      case kLongGet: Get(Take<std::uint32_t>()); return true;
      case kPut: Put(Take<std::uint8_t>()); return true;
      case kLongPut: Put(Take<std::uint32_t>()); return true;
      case kMemoize: Put(remembered_); return true;
      default: return false;
    }
  }

  void PushGlobal(std::string_view module, std::string_view global) {
    const GlobalRow* row = FindGlobal(module, global);
    if (row == nullptr) Unsafe(name_, fmt::format("asks for {}.{}", Quoted(module), Quoted(global)));
    Push({.kind = ValueKind::kGlobal, .global = row});
  }
  void PushResult(ValueId callable, const std::vector<ValueId>& arguments) {
    Push(CallGlobal(pickle_, callable, arguments, name_));
  }
  // Of a value, which stays where it is while nothing is pushed.
  const std::vector<ValueId>& TupleItems(ValueId id) const {
    if (pickle_.at(id).kind != ValueKind::kTuple) Broken("passes arguments that are no tuple");
    return pickle_.at(id).items;
  }
  // State of a dictionary (state_dict's _metadata) or of a blank is of no use here.
  void Build() {
    Pop();
    const ValueKind kind = pickle_.at(Top()).kind;
    if (kind != ValueKind::kDictionary && kind != ValueKind::kBlank)
      Unsafe(name_, "asks to change an object that is no plain data");
  }

  bool Call(std::uint8_t operation) {
    switch (operation) {
      case kGlobalLines: {
        const std::string_view module = TakeLine();
        PushGlobal(module, TakeLine());
        return true;
      }
      case kStackGlobal: {
        const auto names = PopMany(2);
        if (pickle_.at(names[0]).kind != ValueKind::kText || pickle_.at(names[1]).kind != ValueKind::kText)
          Broken("asks for a name that is no text");
        PushGlobal(pickle_.at(names[0]).text, pickle_.at(names[1]).text);
        return true;
      }
      case kReduce:
      case kNewObject: {
        const auto both = PopMany(2);
        PushResult(both[0], TupleItems(both[1]));
        return true;
      }
      case kNewObjectEx: {
        const auto parts = PopMany(3);  // the last are arguments by name, which only blanks have
        TupleItems(parts[1]);
        PushResult(parts[0], {parts[1], parts[2]});
        if (pickle_.at(Top()).kind != ValueKind::kBlank) Broken("passes arguments by name");
        return true;
      }
      case kInst: {
        const std::string_view module = TakeLine();
        PushGlobal(module, TakeLine());
        const ValueId callable = Pop();
        PushResult(callable, PopMark());
        return true;
      }
      case kObj: {
        const std::vector<ValueId> items = PopMark();
        if (items.empty()) Broken("makes an object of nothing");
        PushResult(items[0], {items.begin() + 1, items.end()});
        return true;
      }
      case kBuild: Build(); return true;
      case kPersistentId: {
        const ValueId id = Pop();
        Push(StorageOf(pickle_, TupleItems(id), name_));
        return true;
      }
      default: return false;
    }
  }

  std::span<const std::byte> bytes_;
  const std::string& name_;
  std::size_t at_ = 0;
  Pickle pickle_;
  std::vector<ValueId> stack_, memo_;
  std::vector<std::size_t> marks_;
  std::size_t remembered_ = 0;
};

}  // namespace

Pickle Unpickle(std::span<const std::byte> bytes, const std::string& name) { return Machine(bytes, name).Run(); }

}  // namespace parotis::weights
