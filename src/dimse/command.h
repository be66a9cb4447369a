// A command set (PS3.7 6.3.1, E.1): a few elements of group 0000 in implicit VR little endian, read and written here,
// within bounds, rather than by a parser of whole datasets.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace parotis::dimse {

// The elements of group 0000 that are used (PS3.7 E.1).
namespace element {
inline constexpr std::uint16_t kGroupLength = 0x0000;
inline constexpr std::uint16_t kAffectedClass = 0x0002;
inline constexpr std::uint16_t kRequestedClass = 0x0003;
inline constexpr std::uint16_t kCommandField = 0x0100;
inline constexpr std::uint16_t kMessageId = 0x0110;
inline constexpr std::uint16_t kMessageIdRespondedTo = 0x0120;
inline constexpr std::uint16_t kPriority = 0x0700;
inline constexpr std::uint16_t kDatasetType = 0x0800;
inline constexpr std::uint16_t kStatus = 0x0900;
inline constexpr std::uint16_t kErrorComment = 0x0902;
inline constexpr std::uint16_t kAffectedInstance = 0x1000;
inline constexpr std::uint16_t kRequestedInstance = 0x1001;
inline constexpr std::uint16_t kEventType = 0x1002;
inline constexpr std::uint16_t kActionType = 0x1008;
}  // namespace element

// Values of the command field.
namespace field {
inline constexpr std::uint16_t kStore = 0x0001;
inline constexpr std::uint16_t kEcho = 0x0030;
inline constexpr std::uint16_t kCancel = 0x0FFF;
inline constexpr std::uint16_t kEventReport = 0x0100;
inline constexpr std::uint16_t kAction = 0x0130;
inline constexpr std::uint16_t kIsResponse = 0x8000;
}  // namespace field

class Command {
 public:
  // Longer ones have no use and are not taken.
  static constexpr std::size_t kMostBytes = 16 * 1024;

  // Absent when the bytes are no command set: elements that claim more than there is, are out of order or of another
  // group, or when the command field or the message's number is missing.
  static std::optional<Command> Parse(std::string_view bytes);
  // A request.
  Command(std::uint16_t command_field, std::uint16_t message_id, bool has_dataset);
  // The response to `request`, which names the same class and instance.
  Command(const Command& request, std::uint16_t status);

  std::string Bytes() const;

  std::uint16_t command_field() const { return Number(element::kCommandField).value_or(0); }
  bool is_response() const { return (command_field() & field::kIsResponse) != 0; }
  bool has_dataset() const;
  std::optional<std::uint16_t> Number(std::uint16_t element) const;
  // Without padding; empty when absent.
  std::string Text(std::uint16_t element) const;
  Command& Set(std::uint16_t element, std::uint16_t number);
  Command& SetText(std::uint16_t element, std::string_view text);

 private:
  Command() = default;

  std::map<std::uint16_t, std::string> elements_;
};

}  // namespace parotis::dimse
