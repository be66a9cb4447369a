#include "base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace parotis::base {
namespace {

using testing::HasSubstr;

std::string MessageOf(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Json, AKeyThatStandsTwiceIsRefused) {
  EXPECT_THAT(MessageOf([] { ParseJson(R"({"a": {"b": 1, "b": 2}})", "x.json"); }), HasSubstr("\"b\" stands twice"));
}

TEST(Json, TheSameKeyInTwoObjectsIsFine) { EXPECT_EQ(ParseJson(R"([{"a": 1}, {"a": 2}])", "x.json")[1]["a"], 2); }

TEST(Json, CommentsAreAllowed) { EXPECT_EQ(ParseJson("{/* b */ \"a\": 1 // c\n}", "x.json")["a"], 1); }

TEST(Json, DeepNestingIsRefusedBeforeItExhaustsTheStack) {
  EXPECT_THAT(MessageOf([] { ParseJson(std::string(1'000'000, '['), "x.json"); }), HasSubstr("nested deeper"));
}

// Quadratic time would take minutes here.
TEST(Json, ManyObjectsAndManyKeysAreReadInTheirOrder) {
  std::string list = "[";
  for (int i = 0; i < 300'000; ++i) list += i == 0 ? "{}" : ",{}";
  EXPECT_EQ(ParseJson(list + "]", "x.json").size(), 300'000U);
  std::string object = "{";
  for (int i = 0; i < 300'000; ++i) object += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":" + std::to_string(i);
  const Json json = ParseJson(object + "}", "x.json");
  ASSERT_EQ(json.size(), 300'000U);
  EXPECT_EQ(json.back(), 299'999);
}

TEST(Json, NumbersBeyondADoubleAreRefused) {
  EXPECT_THAT(MessageOf([] { ParseJson("[1e999]", "x.json"); }), HasSubstr("x.json is not valid JSON"));
}

TEST(Json, BrokenTextNamesTheFileAndTheLine) {
  EXPECT_THAT(MessageOf([] { ParseJson("{\n\"a\": }", "x.json"); }),
              testing::AllOf(HasSubstr("x.json"), HasSubstr("line 2")));
}

TEST(JsonObject, AnUnknownKeyIsNamedWithItsPathAndTheNearestKnownOne) {
  const Json json = ParseJson(R"({"network": {"widhts": [1]}})", "plan.json");
  const std::string message = MessageOf([&] {
    JsonObject plan(json, "plan.json");
    JsonObject network = plan.Object("network");
    std::vector<int> widths;
    network.Read("widths", widths);
    EXPECT_THROW(network.Require("widths"), Error);
    network.Finish();
  });
  EXPECT_THAT(message, testing::AllOf(HasSubstr("plan.json: network.widhts"), HasSubstr("did you mean \"widths\"")));
}

TEST(JsonObject, AnAbsentOptionalKeyKeepsTheDefault) {
  const Json json = Json::object();
  JsonObject object(json, "x.json");
  int value = 7;
  object.Read("a", value);
  EXPECT_EQ(value, 7);
}

TEST(JsonObject, NumbersThatDoNotFitAreRefusedNotWrapped) {
  const Json json = ParseJson(R"({"big": 4294967296, "negative": -1, "half": 0.5, "text": "1"})", "x.json");
  JsonObject object(json, "x.json");
  EXPECT_THROW(object.Get<int>("big"), Error);
  EXPECT_EQ(object.Get<std::int64_t>("big"), 4294967296);
  EXPECT_THROW(object.Get<std::uint64_t>("negative"), Error);
  EXPECT_THROW(object.Get<int>("half"), Error);
  EXPECT_THROW(object.Get<double>("text"), Error);
}

TEST(JsonObject, AWrongEntryOfAListIsNamedByItsIndex) {
  const Json json = ParseJson(R"({"spacing": [1, "x", 3]})", "x.json");
  JsonObject object(json, "x.json");
  EXPECT_THAT(MessageOf([&] { object.Get<std::vector<double>>("spacing"); }), HasSubstr("spacing[1]"));
}

TEST(JsonObject, AListOfTheWrongLengthIsRefused) {
  const Json json = ParseJson(R"({"spacing": [1, 2]})", "x.json");
  JsonObject object(json, "x.json");
  EXPECT_THAT(MessageOf([&] { object.Get<std::array<double, 3>>("spacing"); }), HasSubstr("3 entries"));
}

TEST(DumpJson, RefusesToWriteNotANumber) {
  EXPECT_THROW(DumpJson(Json{{"a", std::numeric_limits<double>::quiet_NaN()}}), Error);
}

TEST(DumpJson, TextThatIsNotUtf8DoesNotStopTheReport) {
  EXPECT_THAT(DumpJson(Json{{"a", "M\xfcller"}}), HasSubstr("ller"));
}

TEST(Error, ContextReadsFromTheOutsideIn) {
  const std::string message = MessageOf([] {
    WithContext("case 7", [] { WithContext("reading b.nii", [] { Throw(ErrorKind::kInput, "too short"); }); });
  });
  EXPECT_EQ(message, "too short (in: case 7: reading b.nii)");
}

}  // namespace
}  // namespace parotis::base
