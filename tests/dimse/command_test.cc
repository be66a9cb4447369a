// Command sets, as bytes and back.
#include "dimse/command.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace parotis::dimse {
namespace {

TEST(Command, IsReadAsItWasWritten) {
  Command command(field::kStore, 513, true);
  command.SetText(element::kAffectedClass, "1.2.840.10008.5.1.4.1.1.4").SetText(element::kAffectedInstance, "1.2.3");
  const auto read = Command::Parse(command.Bytes());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->command_field(), field::kStore);
  EXPECT_EQ(read->Number(element::kMessageId), 513);
  EXPECT_EQ(read->Text(element::kAffectedInstance), "1.2.3");
  EXPECT_TRUE(read->has_dataset());
  EXPECT_FALSE(read->is_response());
  EXPECT_EQ(read->Bytes(), command.Bytes());
}

TEST(Command, SaysHowLongItIsFirst) {
  const std::string bytes = Command(field::kEcho, 1, false).Bytes();
  EXPECT_EQ(bytes.substr(0, 8), std::string("\0\0\0\0\4\0\0\0", 8));
  EXPECT_EQ(static_cast<std::size_t>(bytes.at(8)), bytes.size() - 12);
}

TEST(Command, AnswersForTheClassAndInstanceThatWereAskedFor) {
  Command request(field::kAction, 5, true);
  request.SetText(element::kRequestedClass, "1.2").SetText(element::kRequestedInstance, "1.2.3");
  const Command response(request, 0x0110);
  EXPECT_TRUE(response.is_response());
  EXPECT_EQ(response.command_field(), 0x8130);
  EXPECT_EQ(response.Number(element::kMessageIdRespondedTo), 5);
  EXPECT_EQ(response.Number(element::kStatus), 0x0110);
  EXPECT_EQ(response.Text(element::kAffectedClass), "1.2");
  EXPECT_EQ(response.Text(element::kAffectedInstance), "1.2.3");
  EXPECT_FALSE(response.has_dataset());
}

TEST(Command, IsRefusedWhenItClaimsMoreThanThereIs) {
  const std::string bytes = Command(field::kEcho, 1, false).Bytes();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto read = Command::Parse(bytes.substr(0, length));
    EXPECT_TRUE(!read || length >= bytes.size() - 10) << length;  // all but the type of the dataset
  }
  std::string huge = bytes;
  huge.replace(16, 4, "\xFF\xFF\xFF\xFF");
  EXPECT_FALSE(Command::Parse(huge));
}

TEST(Command, IsRefusedWithElementsOfOtherGroupsOrOutOfOrder) {
  const std::string field_element("\0\0\0\1\2\0\0\0\x30\0", 10), id_element("\0\0\x10\1\2\0\0\0\1\0", 10);
  EXPECT_TRUE(Command::Parse(field_element + id_element));
  EXPECT_FALSE(Command::Parse(id_element + field_element));
  EXPECT_FALSE(Command::Parse(field_element + field_element + id_element));
  EXPECT_FALSE(Command::Parse(field_element));
  EXPECT_FALSE(Command::Parse(field_element + id_element + std::string("\x08\0\x16\0\0\0\0\0", 8)));
}

RC_GTEST_PROP(Command, OfAnyBytesIsReadOrRefused, (const std::string& bytes)) {
  const auto read = Command::Parse(bytes);
  if (read) RC_ASSERT(Command::Parse(read->Bytes()).has_value());
}

}  // namespace
}  // namespace parotis::dimse
