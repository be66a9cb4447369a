// The small parts: targets, addresses, media types.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/allow_list.h"
#include "http/media_type.h"
#include "http/message.h"
#include "http/target.h"
#include "tests/support/errors.h"

namespace parotis::http {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

TEST(Target, IsSegmentsAndPairs) {
  const auto target = ParseTarget("/dicom-web/studies/?a=1&b=&c&a=2");
  ASSERT_TRUE(target);
  EXPECT_THAT(target->path, ElementsAre("dicom-web", "studies"));
  EXPECT_THAT(target->query, ElementsAre(Pair("a", "1"), Pair("b", ""), Pair("c", ""), Pair("a", "2")));
  EXPECT_THAT(ParseTarget("/")->path, IsEmpty());
}

TEST(Cookies, AreFoundByTheirWholeName) {
  Request request;
  EXPECT_EQ(request.Cookie("id"), "");
  request.headers["cookie"] = "xid=1;id =2; id=a=b ;id=3; empty=;=;;";
  EXPECT_EQ(request.Cookie("id"), "a=b");
  EXPECT_EQ(request.Cookie("empty"), "");
  EXPECT_EQ(request.Cookie("xi"), "");
}

TEST(Target, DecodesWithinASegment) {
  EXPECT_THAT(ParseTarget("/a%2Fb/c%3f%25/%C3%A9")->path, ElementsAre("a/b", "c?%", "\xC3\xA9"));
  EXPECT_THAT(ParseTarget("/?a%26=b%3Dc%2B+d")->query, ElementsAre(Pair("a&", "b=c+ d")));
}

TEST(Target, MayNameTheServer) {
  EXPECT_THAT(ParseTarget("http://host:80/a?b=c")->path, ElementsAre("a"));
  EXPECT_THAT(ParseTarget("https://host/a")->path, ElementsAre("a"));
}

TEST(Target, WithTwoReadingsIsNone) {
  for (const char* text :
       {"",         "*",     "a",        "host:443", "ftp://host/a", "http:///a",     "http://host", "http://host?a",
        "/a//b",    "//",    "//host/a", "/.",       "/./a",         "/..",           "/a/..",       "/a/../b",
        "/%2e%2e/", "/%2E/", "/a#b",     "/%",       "/%4",          "/%4g",          "/%00",        "/a%0Ab",
        "/a%7f",    "/\x80", "/%ff",     "/%c0%af",  "/%ed%a0%80",   "/%f4%90%80%80", "/%e2%82",     "/?%",
        "/?a=%zz",  "/?%00", "/?%ff=a"}) {
    EXPECT_FALSE(ParseTarget(text)) << text;
  }
}

TEST(AllowList, IsAddressesAndNetworks) {
  const AllowList list({"10.1.2.3", "192.168.0.0/20", "fd00::/8", "::1"});
  for (const char* address : {"10.1.2.3", "::ffff:10.1.2.3", "192.168.15.255", "::ffff:192.168.0.1", "fdff::1", "::1"})
    EXPECT_TRUE(list.Allows(address)) << address;
  for (const char* address :
       {"10.1.2.4", "192.168.16.0", "fe00::1", "::2", "::ffff:10.1.2.2", "", "localhost", "10.1.2"})
    EXPECT_FALSE(list.Allows(address)) << address;
}

TEST(AllowList, MayBeEveryone) {
  EXPECT_TRUE(AllowList({}).Allows("10.1.2.3"));
  EXPECT_TRUE(AllowList({"0.0.0.0/0"}).Allows("10.1.2.3"));
  EXPECT_FALSE(AllowList({"0.0.0.0/0"}).Allows("fd00::1"));
  EXPECT_TRUE(AllowList({"::/0"}).Allows("fd00::1"));
  EXPECT_TRUE(AllowList({"fe80::/10"}).Allows("fe80::1%eth0"));
}

TEST(AllowList, RefusesWhatIsNeither) {
  for (const char* entry :
       {"", "localhost", "10.1.2.3/33", "10.1.2.3/-1", "10.1.2.3/", "10.1.2.3/8 ", "::/129", "10.1/16"})
    EXPECT_THAT(test::ErrorOf([&] { const AllowList list({entry}); }),
                HasSubstr("is neither an address nor a network"));
}

TEST(MediaType, HasParametersQuotedOrNot) {
  const auto media = ParseMediaType("Multipart/Related; type=\"application/dicom\" ;Boundary=a-b; x=\"\\\"q\\\\\"");
  ASSERT_TRUE(media);
  EXPECT_EQ(media->type, "multipart/related");
  EXPECT_THAT(media->parameters,
              ElementsAre(Pair("boundary", "a-b"), Pair("type", "application/dicom"), Pair("x", "\"q\\")));
  EXPECT_EQ(ParseMediaType("text/plain;")->type, "text/plain");
}

TEST(MediaType, RefusesWhatIsNone) {
  for (const char* text : {"", "text", "text/", "/plain", "text/plain; a", "text/plain; a=", "text/plain; a=\"b",
                           "text/plain; a=\"b\\", "text/plain; =b", "text/plain; a=b; A=c", "text/plain a=b"}) {
    EXPECT_FALSE(ParseMediaType(text)) << text;
  }
}

}  // namespace
}  // namespace parotis::http
