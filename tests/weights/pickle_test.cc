// Pickles that no honest program writes: each is refused, at once and without a trace.
#include "weights/pickle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "tests/support/errors.h"
#include "tests/weights/pickle_bytes.h"
#include "weights/named_tensors.h"
#include "weights/zip_directory.h"

namespace parotis::weights {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string ComplaintOfArchive(const std::string& archive) {
  return test::ErrorOf([&] { ParseNamedTensors(std::as_bytes(std::span(archive)), "x.pt"); });
}
std::string ComplaintOf(const std::string& operations) { return ComplaintOfArchive(test::TorchFile(operations)); }

// `operations` beside a tensor that is sound.
std::string Beside(const std::string& operations) {
  return "}" + test::PickleText("w") + test::PickleTensor({}) + "s" + test::PickleText("more") + operations + "s";
}

TEST(Pickle, PlainDataBesideTheWeightsIsAllowed) {
  const std::string scalar = test::PickleCall(
      "numpy.core.multiarray", "scalar",
      {test::PickleCall("numpy", "dtype", {test::PickleText("f8"), "\x89", "\x88"}) + "(K\x03" + "NNNtb",
       "C\x02"
       "ab"});
  for (const std::string& data :
       {scalar, test::PickleCall("torch", "device", {test::PickleText("cuda")}), test::PickleGlobal("torch", "float32"),
        test::PickleCall("_codecs", "encode", {test::PickleText("x"), test::PickleText("latin1")}),
        test::PickleCall("collections", "defaultdict", {test::PickleGlobal("builtins", "list")}) + "K\x01K\x02s",
        std::string("\x8f(K\x01K\x02\x90"), std::string("(K\x01\x91"), std::string("G\0\0\0\0\0\0\0\0", 9),
        std::string("\x8a\x0a"
                    "0123456789"),
        std::string("B\x01\0\0\0x", 6), std::string("\x88"), std::string("N"),
        test::PickleGlobal("argparse", "Namespace") + ")\x81}" + test::PickleText("lr") + "K\x01sb"}) {
    EXPECT_EQ(ComplaintOf(Beside(data)), "nothing was thrown");
  }
}

TEST(Pickle, CallsOfFunctionsAreRefusedByNameHoweverTheyAreMade) {
  const std::string argument = test::PickleText("echo no");
  for (const auto& [operations, name] : std::vector<std::pair<std::string, std::string>>{
           {test::PickleCall("os", "system", {argument}), "os.system"},
           {test::PickleCall("posix", "system", {argument}), "posix.system"},
           {test::PickleCall("builtins", "eval", {argument}), "builtins.eval"},
           {test::PickleCall("builtins", "getattr", {test::PickleGlobal("builtins", "dict"), argument}),
            "builtins.getattr"},
           {test::PickleCall("torch.storage", "_load_from_bytes", {"C\x01x"}), "torch.storage._load_from_bytes"},
           {test::PickleCall("torch.hub", "load", {argument}), "torch.hub.load"},
           {test::PickleText("os") + test::PickleText("system") + "\x93" + argument + "\x85R", "os.system"},
           {"(" + argument + "ios\nsystem\n", "os.system"},
           {"(" + test::PickleGlobal("os", "system") + argument + "o", "os.system"},
           {test::PickleGlobal("subprocess", "Popen") + argument + "\x85\x81", "subprocess.Popen"},
           {test::PickleGlobal("subprocess", "Popen") + ")}\x92", "subprocess.Popen"},
           {test::PickleGlobal("__main__", "Network") + ")\x81", "__main__.Network"},
           {test::PickleGlobal("collections.abc\x1b[2J", "x"), "collections.abc?[2J.x"}}) {
    EXPECT_THAT(ComplaintOf(Beside(operations)),
                AllOf(HasSubstr("asks for " + name + ";"), HasSubstr("ask its author"), HasSubstr("weights_unsafe")));
  }
}

TEST(Pickle, KnownNamesCannotBeCalledForAnythingElse) {
  const std::string tensor = test::PickleTensor({});
  const std::string blank = test::PickleCall("torch", "device", {});
  for (const std::string& operations : {test::PickleCall("torch", "FloatStorage", {}),  // a storage from nothing
                                        tensor + ")R",                                  // a tensor as a function
                                        blank + ")R",                                   // data as a function
                                        test::PickleText("os.system") + ")R",           // text as a function
                                        tensor + "}b",                                  // state for a tensor
                                        test::PickleGlobal("collections", "OrderedDict") + "}b"}) {  // state for a type
    EXPECT_THAT(ComplaintOf(Beside(operations)), HasSubstr("weights_unsafe"));
  }
  for (const std::string& operations :
       {test::PickleCall("torch._utils", "_rebuild_tensor_v2", {blank}),                       // of data
        test::PickleCall("torch._utils", "_rebuild_parameter", {blank}),                       // of data
        test::PickleCall("torch._tensor", "_rebuild_from_type_v2", {blank, blank, ")", "N"}),  // by data
        test::PickleCall("torch._tensor", "_rebuild_from_type_v2",
                         {test::PickleGlobal("collections", "OrderedDict"), blank, ")", "N"}),
        test::PickleTuple({test::PickleText("module"), blank}) + "Q", std::string("NQ"),
        blank + test::PickleText("x") + "a" + "K\x01" + "a" + tensor +
            "K\x01"
            "a"}) {
    EXPECT_THAT(ComplaintOf(Beside(operations)), HasSubstr("weights_damaged"));
  }
}

TEST(Pickle, BrokenStacksAreRefused) {
  for (const std::string& operations : std::vector<std::string>{"",
                                                                "0",
                                                                "1",
                                                                "2",
                                                                "t",
                                                                "\x85",
                                                                "\x87",
                                                                "s",
                                                                "u",
                                                                "a",
                                                                "e",
                                                                "R",
                                                                "b",
                                                                "Q",
                                                                "(",
                                                                "((t",
                                                                "h\x07",
                                                                "j\xff\xff\xff\xff",
                                                                "q\x01",
                                                                "}(K\x01u",
                                                                "}(K\x01s",
                                                                "K",
                                                                "X\xff\xff\xff\xff",
                                                                "\x8d\xff\xff\xff\xff\xff\xff\xff\xff",
                                                                "\x8b\xff\xff\xff\x7f",
                                                                "c",
                                                                "cos",
                                                                "cos\n",
                                                                "\x80\x02",
                                                                "\x82\x01",
                                                                "\x97",
                                                                "P0\n",
                                                                "I1\n",
                                                                "\xff",
                                                                "]K\x01\x90",
                                                                "N(0.",
                                                                "K\x01(K\x02"
                                                                "0R"}) {
    EXPECT_THAT(ComplaintOf(operations), HasSubstr("weights_")) << testing::PrintToString(operations);
  }
}

TEST(Pickle, OtherProtocolsAreRefused) {
  for (const std::string& start : {std::string("}."), std::string("\x80\x01}."), std::string("\x80\x06}.")}) {
    const std::string archive = test::ZipBytes({{"a/data.pkl", start}});
    EXPECT_THAT(ComplaintOfArchive(archive), HasSubstr("protocol")) << testing::PrintToString(start);
  }
}

TEST(Pickle, NestingWithoutEndIsRefused) {
  std::string lists(100'000, ']');
  lists += std::string(99'999, 'a');
  EXPECT_THAT(ComplaintOf(Beside(lists)), HasSubstr("levels deep"));
  EXPECT_THAT(ComplaintOf(Beside("]q\x01h\x01"
                                 "a")),
              HasSubstr("levels deep"));  // a list within itself
  EXPECT_THAT(ComplaintOf(std::string(100'000, '(')), HasSubstr("weights_damaged"));
}

// Each list holds the one before twice: 2^40 ways to the innermost.
TEST(Pickle, SharingThatMultipliesIsRefused) {
  std::string operations = std::string("]q\x01") + "0";
  for (int level = 0; level < 40; ++level)
    operations +=
        "](h\x01h\x01"
        "eq\x01"
        "0";
  EXPECT_THAT(ComplaintOf(Beside(operations + "h\x01")), HasSubstr("beyond number"));
}

TEST(Pickle, CopiesThatMultiplyAreRefused) {
  std::string operations = "}q\x01(" + std::string(200'000, 'N') + "u0(";
  for (int copy = 0; copy < 100; ++copy) operations += test::PickleGlobal("builtins", "dict") + "h\x01\x85R";
  EXPECT_THAT(ComplaintOf(Beside(operations + "t")), HasSubstr("over and over"));
}

TEST(Pickle, AMemoOfFarNumbersIsRefused) {
  EXPECT_THAT(ComplaintOf(Beside("Nr\xff\xff\xff\xff")), HasSubstr("remembers"));
}

TEST(Pickle, TensorsThatOverlapWithoutEndAreRefused) {
  std::string storage(std::size_t{1} << 20, '\1');
  std::string operations = "}(";
  for (int copy = 0; copy < 200; ++copy) {
    operations += test::PickleText(std::to_string(copy)) +
                  test::PickleTensor({.key = "1", .count = 1 << 18, .shape = {1 << 9, 1 << 9}, .strides = {1, 1 << 9}});
  }
  EXPECT_THAT(ComplaintOfArchive(test::TorchFile(operations + "u", {{"archive/data/1", storage}})),
              HasSubstr("larger than the file"));
}

TEST(Pickle, NamesThatAreNoNamesAreRefused) {
  for (const std::string& name : {std::string("a\nb"), std::string("\xff\xfe"), std::string(2000, 'x')})
    EXPECT_THAT(ComplaintOf(test::PickleMember(name, test::PickleTensor({}))), HasSubstr("is no name"));
}

TEST(ZipDirectory, ArchivesThatTrickAreRefused) {
  const std::string pickle = "\x80\x02" + test::PickleMember("w", test::PickleTensor({})) + ".";
  const std::string storage(24, '\1');
  const auto complaint = [&](test::ZipEntry entry) {
    return ComplaintOfArchive(test::ZipBytes({{"a/data.pkl", pickle}, std::move(entry)}));
  };
  EXPECT_EQ(complaint({"a/data/0", storage}), "nothing was thrown");
  EXPECT_THAT(complaint({"a/data/0", storage, 0100644, true}), HasSubstr("encrypted"));
  EXPECT_THAT(complaint({.name = "a/data/0", .content = storage, .claimed_bytes = 100}), HasSubstr("contradictory"));
  EXPECT_THAT(complaint({.name = "a/data/0", .content = storage, .claimed_bytes = 0x7fffffff, .method = 8}),
              HasSubstr("unpacks to far more"));
  EXPECT_THAT(complaint({.name = "a/data/0", .content = storage, .claimed_bytes = 24, .method = 8}),
              HasSubstr("cannot be unpacked"));
  EXPECT_THAT(complaint({.name = "a/data/0", .content = storage, .method = 12}), HasSubstr("method 12"));
  EXPECT_THAT(complaint({"a/data.pkl", pickle}), HasSubstr("twice"));
  EXPECT_THAT(complaint({"b/data.pkl", pickle}), HasSubstr("more than one data.pkl"));
  EXPECT_THAT(complaint({"a/byteorder", "big"}), HasSubstr("byte order"));
  EXPECT_THAT(complaint({"a/code/x.py", "x"}), HasSubstr("TorchScript"));
  EXPECT_THAT(ComplaintOfArchive(test::ZipBytes({{"readme.txt", "x"}})), HasSubstr("without data.pkl"));
}

TEST(ZipDirectory, EntriesThatOverlapAreRefused) {
  std::string archive = test::ZipBytes({{"a/data.pkl", "12345678"}, {"a/data/0", "12345678"}});
  // The second entry of the directory is led to the first one's place.
  const std::size_t second = archive.rfind("PK\x01\x02");
  archive.replace(second + 42, 4, std::string(4, '\0'));
  EXPECT_THAT(ComplaintOfArchive(archive), AllOf(HasSubstr("overlap"), HasSubstr("weights_unsafe")));
}

}  // namespace
}  // namespace parotis::weights
