#include "base/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "tests/support/errors.h"

namespace parotis::base {
namespace {

using test::ErrorOf;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

CsvTable Parse(const std::string& text) { return ParseCsv(text, "t.csv"); }

TEST(Csv, SeparatorsAreFoundByTheRegularityOfRows) {
  EXPECT_EQ(Parse("a,b\n1;2,3\n").separator, ',');
  EXPECT_EQ(Parse("a;b\n1,5;3\n").separator, ';');
  EXPECT_EQ(Parse("a\tb\n1,5\t3;4\n").separator, '\t');
  EXPECT_EQ(Parse("sep=;\na,x;b\n1;2\n").header, (std::vector<std::string>{"a,x", "b"}));
  EXPECT_EQ(Parse("only\n1\n").rows.at(0).cells, std::vector<std::string>{"1"});
}

TEST(Csv, QuotesHoldSeparatorsQuotesAndLineEnds) {
  const CsvTable table = Parse("id,text\r\n1,\"a, \"\"b\"\"\r\nc\"\r\n\r\n2, d \r\n");
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_THAT(table.rows[0].cells, ElementsAre("1", "a, \"b\"\r\nc"));
  EXPECT_THAT(table.rows[1].cells, ElementsAre("2", "d"));
  EXPECT_EQ(table.rows[0].line, 2U);
  EXPECT_EQ(table.rows[1].line, 5U);
}

TEST(Csv, EncodingsAreToldApart) {
  EXPECT_EQ(Parse("\xEF\xBB\xBFid,x\n1,\xC3\xBC\n").header[0], "id");
  const CsvTable latin = Parse("id,x\n1,Tum\xF6r \x80\n");
  EXPECT_EQ(latin.encoding, "Windows-1252");
  EXPECT_EQ(latin.rows[0].cells[1], "Tumör €");
  EXPECT_EQ(Parse("id,x\n1,Tumör\n").encoding, "UTF-8");
  EXPECT_EQ(Parse("id,x\n1,\xED\xA0\xBC\n").encoding, "Windows-1252");  // a surrogate is no UTF-8
}

TEST(Csv, WhatIsWrongIsNamedWithItsLine) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "line 1: the table is empty"},
      {"a,b\n1,2\n1,2,3\n", "line 3: 3 cells where the header has 2"},
      {"a,a\n1,2\n", "line 1: the column a stands twice"},
      {"a,\n1,2\n", "line 1: a column has no name"},
      {"a,b\n1,\"2\n3,4\n", "line 2: a quote is never closed"},
      {"a,b\n1,2\"3\n", "line 2: a quote stands within a cell"},
      {"a,b\n1,\"2\"3\n", "line 2: text follows a closing quote"},
      {"a,b\n1,\x01\n", "line 2: a control character"},
      {"\xFF\xFE"
       "a",
       "UTF-16"},
      {"a,b\n1,\x81\n", "neither UTF-8 nor"},
  };
  for (const auto& [text, says] : cases)
    EXPECT_THAT(ErrorOf([&, t = std::string(text)] { Parse(t); }), AllOf(HasSubstr("t.csv"), HasSubstr(says)));
}

TEST(Csv, ATableOfNothingButSeparatorsIsRefusedBeforeItFillsTheMemory) {
  EXPECT_THAT(ErrorOf([] { Parse("sep=,\n" + std::string((1U << 23U) + 1, ',')); }),
              HasSubstr("more than 8388608 cells"));
}

RC_GTEST_PROP(Csv, WhatWasQuotedIsReadBack, ()) {
  const auto cell = rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab,;\t\"\n ")));
  const auto columns = *rc::gen::inRange<std::size_t>(2, 5);
  const auto rows = *rc::gen::container<std::vector<std::vector<std::string>>>(
      rc::gen::container<std::vector<std::string>>(columns, cell));
  const char separator = *rc::gen::elementOf(std::string(",;\t"));
  std::string text;
  for (std::size_t c = 0; c < columns; ++c)
    text += (c > 0 ? std::string(1, separator) : "") + std::string(1, static_cast<char>('A' + c));
  for (const auto& row : rows) {
    text += '\n';
    for (std::size_t c = 0; c < columns; ++c) {
      std::string quoted;
      for (const char ch : row[c]) quoted += ch == '"' ? std::string("\"\"") : std::string(1, ch);
      text += (c > 0 ? std::string(1, separator) : "") + '"' + quoted + '"';
    }
  }
  const CsvTable table = Parse(text);
  RC_ASSERT(table.separator == separator);
  RC_ASSERT(table.rows.size() == rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      const std::string& want = rows[r][c];
      const auto first = want.find_first_not_of(' ');
      RC_ASSERT(table.rows[r].cells[c] ==
                (first == std::string::npos ? "" : want.substr(first, want.find_last_not_of(' ') - first + 1)));
    }
  }
}

}  // namespace
}  // namespace parotis::base
