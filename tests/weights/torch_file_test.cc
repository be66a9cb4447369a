// Files that PyTorch has written (fuzz/make_pickle_seeds.py), and files that pretend to be.
#include "weights/torch_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstring>
#include <numeric>

#include "base/error.h"
#include "base/files.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"
#include "tests/weights/pickle_bytes.h"
#include "weights/named_tensors.h"

namespace parotis::weights {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string Seed(const std::string& file) {
  return base::ReadFile(std::string(PAROTIS_SOURCE_DIR) + "/fuzz/seeds/pickle/" + file);
}

NamedTensors Parse(const std::string& bytes) { return ParseNamedTensors(std::as_bytes(std::span(bytes)), "x.pt"); }

std::string ComplaintOf(const std::string& bytes) {
  return test::ErrorOf([&] { Parse(bytes); });
}

const base::Tensor& Find(const NamedTensors& named, const std::string& name) {
  for (const NamedTensor& each : named.tensors) {
    if (each.name == name) return each.tensor;
  }
  throw std::out_of_range(name);
}

template <class T>
std::vector<T> ValuesOf(const base::Tensor& tensor) {
  std::vector<T> values(tensor.bytes.size() / sizeof(T));
  std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

std::vector<std::string> NamesOf(const NamedTensors& named) {
  std::vector<std::string> names;
  for (const NamedTensor& each : named.tensors) names.push_back(each.name);
  return names;
}

std::vector<float> Counted(int count, int start = 0) {
  std::vector<float> values(static_cast<std::size_t>(count));
  std::iota(values.begin(), values.end(), static_cast<float>(start));
  return values;
}

void ExpectTheNetwork(const NamedTensors& named) {
  EXPECT_THAT(NamesOf(named), ElementsAre("0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var",
                                          "1.num_batches_tracked"));
  EXPECT_THAT(Find(named, "0.weight").shape, ElementsAre(2, 1, 3, 3));
  EXPECT_EQ(ValuesOf<float>(Find(named, "0.weight")), Counted(18));
  EXPECT_EQ(ValuesOf<float>(Find(named, "1.running_var")), Counted(2, 500));
  EXPECT_THAT(ValuesOf<std::int64_t>(Find(named, "1.num_batches_tracked")), ElementsAre(7));
  EXPECT_TRUE(Find(named, "1.num_batches_tracked").shape.empty());
}

TEST(TorchFile, AStateDictIsReadInItsOwnOrder) {
  const std::string bytes = Seed("state_dict.pt");
  const NamedTensors named = Parse(bytes);
  ExpectTheNetwork(named);
  EXPECT_EQ(named.format, "PyTorch");
  EXPECT_EQ(named.wrapper, "");
}

TEST(TorchFile, TheFormatBeforeTorch16IsReadTheSame) {
  const std::string bytes = Seed("legacy.pt");
  const NamedTensors named = Parse(bytes);
  ExpectTheNetwork(named);
  EXPECT_EQ(named.format, "PyTorch before 1.6");
}

TEST(TorchFile, OfACheckpointOnlyTheWeightsAreTakenAndTheRestIsCounted) {
  const std::string bytes = Seed("checkpoint.pt");
  const NamedTensors named = Parse(bytes);
  ExpectTheNetwork(named);
  EXPECT_EQ(named.wrapper, "network_weights");
  EXPECT_EQ(named.left_out, (std::map<std::string, std::size_t>{{"optimizer_state", 12}}));
}

TEST(TorchFile, EveryTypeKeepsItsBits) {
  const std::string bytes = Seed("types.pt");
  const NamedTensors named = Parse(bytes);
  EXPECT_THAT(ValuesOf<double>(Find(named, "float64")), ElementsAre(0, 1, 2));
  EXPECT_THAT(ValuesOf<std::uint16_t>(Find(named, "float16")), ElementsAre(0, 0x3c00, 0x4000));
  EXPECT_EQ(Find(named, "bfloat16").dtype, base::DType::kBF16);
  EXPECT_THAT(ValuesOf<std::uint16_t>(Find(named, "bfloat16")), ElementsAre(0, 0x3f80, 0x4000));
  EXPECT_THAT(ValuesOf<std::int64_t>(Find(named, "int64")), ElementsAre(0, 1, 2));
  EXPECT_THAT(ValuesOf<std::int16_t>(Find(named, "int16")), ElementsAre(0, 1, 2));
  EXPECT_THAT(ValuesOf<std::uint8_t>(Find(named, "uint8")), ElementsAre(0, 1, 2));
  EXPECT_EQ(Find(named, "bool").dtype, base::DType::kBool);
}

TEST(TorchFile, ViewsOfOneStorageBecomeTensorsRowByRow) {
  for (const char* file : {"views.pt", "deflated.pt", "legacy_views.pt"}) {
    const std::string bytes = Seed(file);
    const NamedTensors named = Parse(bytes);
    EXPECT_EQ(ValuesOf<float>(Find(named, "whole")), Counted(24)) << file;
    EXPECT_THAT(Find(named, "transposed").shape, ElementsAre(6, 4));
    EXPECT_THAT(ValuesOf<float>(Find(named, "column")), ElementsAre(2, 8, 14, 20));
    EXPECT_THAT(ValuesOf<float>(Find(named, "corner")), ElementsAre(8, 9, 10, 14, 15, 16));
    EXPECT_THAT(ValuesOf<float>(Find(named, "steps")), ElementsAre(0, 3, 12, 15));
    EXPECT_EQ(ValuesOf<float>(Find(named, "channels_last")), Counted(12)) << file;
    EXPECT_THAT(ValuesOf<float>(Find(named, "scalar")), ElementsAre(5));
    EXPECT_THAT(Find(named, "empty").shape, ElementsAre(0, 3));
    EXPECT_THAT(ValuesOf<float>(Find(named, "parameter")), ElementsAre(0, 1));
  }
}

TEST(TorchFile, ProtocolsThreeToFiveAreRead) {
  for (const char* file : {"protocol3.pt", "protocol4.pt", "protocol5.pt"}) {
    const std::string bytes = Seed(file);
    const NamedTensors named = Parse(bytes);
    EXPECT_EQ(named.wrapper, "model") << file;
    EXPECT_THAT(ValuesOf<float>(Find(named, "a")), ElementsAre(0, 1, 2)) << file;
  }
}

TEST(TorchFile, WhatAsksForAFunctionIsRefusedByName) {
  EXPECT_THAT(ComplaintOf(Seed("command.pt")),
              AllOf(HasSubstr("asks for posix.system"), HasSubstr("safetensors"), HasSubstr("weights_unsafe")));
  EXPECT_THAT(ComplaintOf(Seed("module.pt")), HasSubstr("asks for torch.nn.modules.container.Sequential"));
}

TEST(TorchFile, EveryTruncationIsRefused) {
  for (const char* file : {"state_dict.pt", "legacy.pt", "deflated.pt", "protocol4.pt"}) {
    const std::string bytes = Seed(file);
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_THAT(ComplaintOf(bytes.substr(0, size)), HasSubstr("weights_damaged")) << file << " " << size;
  }
}

// A checksum or a structure notices every change of a stored archive's content; what the reader does not look at
// (dates, permissions) may change.
TEST(TorchFile, NoChangedByteCrashesOrChangesAWeightUnseen) {
  const std::string whole = Seed("state_dict.pt");
  const NamedTensors expected = Parse(whole);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x15);
    try {
      const NamedTensors named = Parse(changed);
      for (std::size_t t = 0; t < named.tensors.size(); ++t)
        EXPECT_TRUE(std::ranges::equal(named.tensors[t].tensor.bytes, expected.tensors[t].tensor.bytes)) << at;
    } catch (const base::Error& error) {
      EXPECT_NE(error.kind(), base::ErrorKind::kInternal) << at;
    }
  }
}

TEST(TorchFile, ATensorThatItsStorageDoesNotHoldIsRefused) {
  using test::PickledTensor;
  EXPECT_EQ(Parse(test::TorchFile(test::PickleMember("w", test::PickleTensor({})))).tensors.size(), 1U);
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  for (const PickledTensor& tensor : std::vector<PickledTensor>{{.offset = 1},
                                                                {.offset = -1},
                                                                {.offset = huge},
                                                                {.shape = {2, 4}},
                                                                {.shape = {-2, 3}},
                                                                {.shape = {huge, huge}},
                                                                {.shape = {huge, 0, huge}, .strides = {1, 1}},
                                                                {.strides = {4, 1}},
                                                                {.strides = {-3, 1}},
                                                                {.strides = {huge, huge}},
                                                                {.shape = {2, 4}, .strides = {0, 0}},
                                                                {.shape = {1, 2, 3}},
                                                                {.count = 7},
                                                                {.count = -6},
                                                                {.storage = "DoubleStorage"},
                                                                {.storage = "HalfStorage"},
                                                                {.storage = "Size"},
                                                                {.key = "1"},
                                                                {.key = "../0"}}) {
    EXPECT_THAT(ComplaintOf(test::TorchFile(test::PickleMember("w", test::PickleTensor(tensor)))),
                HasSubstr("weights_damaged"))
        << tensor.offset << " " << tensor.count << " " << tensor.storage << " " << tensor.key;
  }
}

TEST(TorchFile, OneStorageUnderTwoTypesIsRefused) {
  const std::string both = "}" + test::PickleText("a") + test::PickleTensor({}) + "s" + test::PickleText("b") +
                           test::PickleTensor({.storage = "IntStorage"}) + "s";
  EXPECT_THAT(ComplaintOf(test::TorchFile(both)), HasSubstr("two types"));
}

RC_GTEST_PROP(TorchFile, AnyTensorWithinItsStorageIsReadAsItsStridesSay, ()) {
  const auto rows = *rc::gen::inRange<std::int64_t>(1, 4), columns = *rc::gen::inRange<std::int64_t>(1, 4);
  const auto row_step = *rc::gen::inRange<std::int64_t>(1, 6), column_step = *rc::gen::inRange<std::int64_t>(1, 6);
  const auto offset = *rc::gen::inRange<std::int64_t>(0, 5);
  const std::int64_t last = offset + (rows - 1) * row_step + (columns - 1) * column_step;
  const std::int64_t count = std::max(last + 1, rows * columns);
  const std::vector<float> stored = Counted(static_cast<int>(count));
  const std::string tensor = test::PickleTensor(
      {.key = "7", .count = count, .offset = offset, .shape = {rows, columns}, .strides = {row_step, column_step}});
  const std::string file = test::TorchFile(
      test::PickleMember("w", tensor),
      {{"archive/data/7", std::string(reinterpret_cast<const char*>(stored.data()), stored.size() * sizeof(float))}});
  const NamedTensors named = Parse(file);
  const std::vector<float> values = ValuesOf<float>(Find(named, "w"));
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t column = 0; column < columns; ++column) {
      RC_ASSERT(values[static_cast<std::size_t>(row * columns + column)] ==
                static_cast<float>(offset + row * row_step + column * column_step));
    }
  }
}

RC_GTEST_PROP(TorchFile, AnyBytesAreReadOrRefusedWithASentence, ()) {
  const auto bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  for (const std::string& file : {bytes, test::TorchFile(bytes)}) {
    try {
      Parse(file);
    } catch (const base::Error& error) {
      RC_ASSERT(error.kind() != base::ErrorKind::kInternal);
    }
  }
}

TEST(NamedTensors, SafetensorsComeInTheOrderOfTheirNumbers) {
  const std::vector<float> values(1, 1);
  std::map<std::string, base::Tensor> tensors;
  for (const char* name : {"stage.10.w", "stage.9.w", "stage.9.b", "a"})
    tensors[name] = base::TensorOf<float>(values, {1});
  const test::TemporaryFolder folder;
  base::WriteSafetensors(folder.path() / "x", {}, tensors);
  const NamedTensors named = ReadNamedTensors(folder.path() / "x");
  EXPECT_EQ(named.format, "safetensors");
  EXPECT_THAT(NamesOf(named), ElementsAre("a", "stage.9.b", "stage.9.w", "stage.10.w"));
}

TEST(NamedTensors, AFileOfAnotherKindIsRefused) {
  for (const std::string& bytes : {std::string(), std::string("\x89HDF\r\n\x1a\n"), std::string("\x80\x02}."),
                                   std::string("GIF89a and more"), std::string(300, '\0')})
    EXPECT_THAT(ComplaintOf(bytes), AllOf(HasSubstr("x.pt"), HasSubstr("weights_damaged")));
}

}  // namespace
}  // namespace parotis::weights
