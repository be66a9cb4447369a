#include "dimse/command.h"

namespace parotis::dimse {
namespace {

constexpr std::size_t kHeadBytes = 8;  // tag and length
constexpr std::uint16_t kNoDataset = 0x0101;

std::uint32_t LittleEndian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[i]);
  return value;
}

void Append(std::string& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * static_cast<unsigned>(i)) & 0xFFU);
}

std::string ShortBytes(std::uint16_t number) {
  std::string bytes;
  Append(bytes, number, 2);
  return bytes;
}

}  // namespace

std::optional<Command> Command::Parse(std::string_view bytes) {
  Command command;
  std::int32_t last = -1;
  while (!bytes.empty()) {
    if (bytes.size() < kHeadBytes) return std::nullopt;
    const auto element = static_cast<std::uint16_t>(LittleEndian(bytes.substr(2, 2)));
    const std::uint32_t length = LittleEndian(bytes.substr(4, 4));
    const bool in_order = LittleEndian(bytes.substr(0, 2)) == 0 && element > last;
    bytes.remove_prefix(kHeadBytes);
    if (!in_order || length > bytes.size()) return std::nullopt;
    command.elements_[element] = bytes.substr(0, length);
    bytes.remove_prefix(length);
    last = element;
  }
  const auto number_of_message = command.is_response() || command.command_field() == field::kCancel
                                     ? element::kMessageIdRespondedTo
                                     : element::kMessageId;
  if (!command.Number(element::kCommandField) || !command.Number(number_of_message)) return std::nullopt;
  return command;
}

Command::Command(std::uint16_t command_field, std::uint16_t message_id, bool has_dataset) {
  Set(element::kCommandField, command_field);
  Set(element::kMessageId, message_id);
  Set(element::kDatasetType, has_dataset ? 0 : kNoDataset);
}

Command::Command(const Command& request, std::uint16_t status) {
  Set(element::kCommandField, request.command_field() | field::kIsResponse);
  Set(element::kMessageIdRespondedTo, request.Number(element::kMessageId).value_or(0));
  Set(element::kDatasetType, kNoDataset);
  Set(element::kStatus, status);
  const auto echo = [&](std::uint16_t affected, std::uint16_t requested) {
    const std::string text = request.Text(affected).empty() ? request.Text(requested) : request.Text(affected);
    if (!text.empty()) SetText(affected, text);
  };
  echo(element::kAffectedClass, element::kRequestedClass);
  echo(element::kAffectedInstance, element::kRequestedInstance);
}

std::string Command::Bytes() const {
  std::string elements;
  const auto append = [](std::string& out, std::uint16_t element, const std::string& value) {
    Append(out, 0, 2);
    Append(out, element, 2);
    Append(out, static_cast<std::uint32_t>(value.size()), 4);
    out += value;
  };
  for (const auto& [element, value] : elements_) {
    if (element != element::kGroupLength) append(elements, element, value);
  }
  std::string length, out;
  Append(length, static_cast<std::uint32_t>(elements.size()), 4);
  append(out, element::kGroupLength, length);
  return out + elements;
}

bool Command::has_dataset() const { return Number(element::kDatasetType).value_or(kNoDataset) != kNoDataset; }

std::optional<std::uint16_t> Command::Number(std::uint16_t element) const {
  const auto found = elements_.find(element);
  if (found == elements_.end() || found->second.size() != 2) return std::nullopt;
  return static_cast<std::uint16_t>(LittleEndian(found->second));
}

std::string Command::Text(std::uint16_t element) const {
  const auto found = elements_.find(element);
  if (found == elements_.end()) return {};
  std::string text = found->second;
  while (!text.empty() && (text.back() == '\0' || text.back() == ' ')) text.pop_back();
  return text;
}

Command& Command::Set(std::uint16_t element, std::uint16_t number) {
  elements_[element] = ShortBytes(number);
  return *this;
}

Command& Command::SetText(std::uint16_t element, std::string_view text) {
  std::string& value = elements_[element] = text;
  const char padding = element == element::kErrorComment ? ' ' : '\0';
  if (value.size() % 2 != 0) value += padding;
  return *this;
}

}  // namespace parotis::dimse
