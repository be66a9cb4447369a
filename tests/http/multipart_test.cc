#include "http/multipart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace parotis::http {
namespace {

using test::ErrorOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

// Without base::WriteFile's care that it survives a power failure, which takes its time.
void WriteQuickly(const std::filesystem::path& file, std::string_view content) {
  std::ofstream(file, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
}

struct ReadPart {
  Headers headers;
  std::string content;
};

std::vector<ReadPart> ReadAll(const std::string& body, const std::string& content_type, int limit = 100) {
  const test::TemporaryFolder folder;
  WriteQuickly(folder.path() / "body", body);
  std::filesystem::create_directory(folder.path() / "parts");
  std::vector<ReadPart> parts;
  ReadMultipart(folder.path() / "body", content_type, folder.path() / "parts", limit,
                [&](const Part& part) { parts.push_back({part.headers, base::ReadFile(part.file)}); });
  EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "parts"));
  return parts;
}

std::vector<std::string> Contents(const std::string& body, const std::string& boundary = "b") {
  std::vector<std::string> contents;
  for (const auto& part : ReadAll(body, "multipart/related; boundary=" + boundary)) contents.push_back(part.content);
  return contents;
}

std::string ErrorOfReading(const std::string& body, const std::string& content_type = "multipart/related; boundary=b") {
  return ErrorOf([&] { ReadAll(body, content_type, 3); });
}

TEST(Multipart, IsPartsWithHeaders) {
  const auto parts = ReadAll(
      "--b\r\nContent-Type: application/dicom\r\nX:  y z \r\n\r\nfirst\r\n--b\r\nContent-Type:\r\n "
      "text/plain\r\n\r\n\r\n--b--\r\n",
      "multipart/related; type=\"application/dicom\"; boundary=\"b\"");
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_THAT(parts[0].headers, ElementsAre(Pair("content-type", "application/dicom"), Pair("x", "y z")));
  EXPECT_EQ(parts[0].content, "first");
  EXPECT_THAT(parts[1].headers, ElementsAre(Pair("content-type", "text/plain")));
  EXPECT_EQ(parts[1].content, "");
}

TEST(Multipart, MayBeginAndEndWithTextThatMeansNothing) {
  EXPECT_THAT(Contents("preamble\r\n--b\r\n\r\na\r\n--b--\r\nepilogue --b\r\n"), ElementsAre("a"));
  EXPECT_THAT(Contents("\r\n--b\r\n\r\na\r\n--b--"), ElementsAre("a"));
}

TEST(Multipart, MayHaveBlanksBehindADelimiterAndPartsWithoutHeaderOrContent) {
  EXPECT_THAT(Contents("--b \t \r\n\r\na\r\n--b\r\n\r\n--b\r\nX: y\r\n--b--"), ElementsAre("a", "", ""));
  EXPECT_THAT(Contents("--b--\r\n"), ElementsAre());
}

TEST(Multipart, KeepsWhatOnlyResemblesADelimiter) {
  const std::string content = "x--b\r\n--bx\r\n--b\nx\r--b\r\n-b\r\n\r\n --b--";
  EXPECT_THAT(Contents("--b\r\n\r\n" + content + "\r\n--b--"), ElementsAre(content));
}

TEST(Multipart, MayHaveABoundaryThatNeedsQuotes) {
  const auto parts = ReadAll("--a b:c\r\n\r\nx\r\n--a b:c--", "multipart/related; boundary=\"a b:c\"");
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].content, "x");
}

TEST(Multipart, FindsDelimitersAcrossTheEdgesOfItsBuffers) {
  for (std::size_t length = 65536 - 20; length < 65536 + 5; ++length) {
    const std::string content(length, '\r');
    EXPECT_THAT(Contents("--b\r\n\r\n" + content + "\r\n--b\r\n\r\nz\r\n--b--"), ElementsAre(content, "z")) << length;
  }
}

TEST(Multipart, ReadsManyLinesThatAreNoDelimitersInTimeLinearInTheirNumber) {
  std::string content;
  for (int i = 0; i < 1'000'000; ++i) content += "\r\n--bx";
  EXPECT_EQ(Contents("--b\r\n\r\n" + content + "\r\n--b--").at(0).size(), content.size());
}

TEST(Multipart, LeavesAPartToWhoMovesItAway) {
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / "body", std::string_view("--b\r\n\r\na\r\n--b--"));
  ReadMultipart(folder.path() / "body", "multipart/related; boundary=b", folder.path(), 1,
                [&](const Part& part) { std::filesystem::rename(part.file, folder.path() / "kept"); });
  EXPECT_EQ(base::ReadFile(folder.path() / "kept"), "a");
}

TEST(Multipart, ThatIsNotWellFormedIsRefused) {
  EXPECT_THAT(ErrorOfReading("", "text/plain"), HasSubstr("not multipart with a boundary"));
  EXPECT_THAT(ErrorOfReading("", "multipart/related"), HasSubstr("not multipart with a boundary"));
  EXPECT_THAT(ErrorOfReading("", "multipart/related; boundary=\"\""), HasSubstr("not multipart with a boundary"));
  EXPECT_THAT(ErrorOfReading("", "multipart/related; boundary=" + std::string(71, 'b')), HasSubstr("not multipart"));
  EXPECT_THAT(ErrorOfReading(""), HasSubstr("it ends without its last delimiter"));
  EXPECT_THAT(ErrorOfReading("--b\r\n\r\nabc"), HasSubstr("it ends without its last delimiter"));
  EXPECT_THAT(ErrorOfReading("--b\r\n\r\nabc\r\n--b"), HasSubstr("it ends without its last delimiter"));
  EXPECT_THAT(ErrorOfReading("--b\r\nX: y"), HasSubstr("it ends within the header of a part"));
  EXPECT_THAT(ErrorOfReading("--b\r\nX y\r\n\r\nabc\r\n--b--"), HasSubstr("a line in the header of a part is none"));
  EXPECT_THAT(ErrorOfReading("--b\r\nX: y\nZ: a\r\n\r\nabc\r\n--b--"), HasSubstr("a line in the header"));
  EXPECT_THAT(ErrorOfReading("--b\r\nX: y\r\nx: z\r\n\r\nabc\r\n--b--"), HasSubstr("says something twice"));
  EXPECT_THAT(ErrorOfReading("--b\r\nX: " + std::string(20'000, 'y') + "\r\n\r\nabc\r\n--b--"),
              HasSubstr("the header of a part is too long"));
  EXPECT_THAT(ErrorOfReading("--b\r\n\r\n\r\n--b\r\n\r\n\r\n--b\r\n\r\n\r\n--b\r\n\r\n\r\n--b--"),
              HasSubstr("the body has more than 3 parts"));
}

TEST(Multipart, OnAFullDiskSaysSoAndLeavesNothing) {
  const test::TemporaryFolder folder;
  base::WriteFile(folder.path() / "body", std::string_view("--b\r\n\r\na\r\n--b--"));
  EXPECT_THAT(ErrorOf([&] {
                ReadMultipart(folder.path() / "body", "multipart/related; boundary=b", "/dev/full", 1,
                              [](const Part&) {});
              }),
              HasSubstr("cannot keep a part of the body"));
}

RC_GTEST_PROP(Multipart, IsReadAsItWasWritten, ()) {
  const auto contents = *rc::gen::container<std::vector<std::string>>(
      rc::gen::container<std::string>(rc::gen::element('\r', '\n', '-', 'a', '\0')));
  const test::TemporaryFolder folder;
  std::vector<OutgoingPart> parts;
  for (const std::string& content : contents) {
    const auto file = folder.path() / std::to_string(parts.size());
    WriteQuickly(file, content);
    parts.push_back({"application/dicom", parts.size() % 2 == 0 ? Piece(content) : Piece(file)});
  }
  std::string content_type, body;
  for (const Piece& piece : WriteMultipart(parts, "application/dicom", content_type)) {
    const auto* text = std::get_if<std::string>(&piece);
    body += text != nullptr ? *text : base::ReadFile(std::get<std::filesystem::path>(piece));
  }
  const auto read = ReadAll(body, content_type);
  RC_ASSERT(read.size() == contents.size());
  for (std::size_t i = 0; i < read.size(); ++i) RC_ASSERT(read[i].content == contents[i]);
}

}  // namespace
}  // namespace parotis::http
