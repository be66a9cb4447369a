#include "base/hash.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/files.h"
#include "tests/support/temporary_folder.h"

namespace parotis::base {
namespace {

// FIPS 180-4 examples (NIST, "SHA Examples").
TEST(Sha256, AgreesWithThePublishedExamples) {
  EXPECT_EQ(HashOf(std::string_view("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HashOf(std::string_view("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(HashOf(std::string_view("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(HashOf(std::string(1'000'000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

RC_GTEST_PROP(Sha256, DoesNotDependOnHowTheInputIsCutUp, (const std::string& text)) {
  const auto cut = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
  Sha256 pieces;
  pieces.Update(std::string_view(text).substr(0, cut));
  pieces.Update(std::string_view(text).substr(cut));
  RC_ASSERT(pieces.Hex() == HashOf(text));
}

TEST(Sha256, OfAFileIsThatOfItsContent) {
  const test::TemporaryFolder folder;
  WriteFile(folder.path() / "a", std::string_view("abc"));
  EXPECT_EQ(HashOfFile(folder.path() / "a"), HashOf(std::string_view("abc")));
}

}  // namespace
}  // namespace parotis::base
