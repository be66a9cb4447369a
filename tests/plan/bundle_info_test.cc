#include "plan/bundle_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "base/hash.h"
#include "base/safetensors.h"
#include "tests/plan/example_plan.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace parotis::plan {
namespace {

using base::Json;
using test::ErrorOf;
using testing::AllOf;
using testing::HasSubstr;

BundleInfo Example() {
  BundleInfo info;
  info.name = "parotis-synthetic-0.1";
  info.plan = ParotidPlan();
  info.contrast_set = "diffusion";
  info.channels = {"B0", "B1000", "ADC"};
  info.training = {{"fold", 2}, {"seed", 1}, {"patients", {"ab", "cd"}}};
  info.intended_use = "Research.";
  return info;
}

void WriteBundle(const std::filesystem::path& path, const std::map<std::string, std::string>& metadata) {
  const std::vector<float> weights = {1, 2, 3};
  base::WriteSafetensors(path, metadata, {{"w", base::TensorOf<float>(weights, {3})}});
}

TEST(BundleInfo, ReadingWhatWasWrittenGivesTheSame) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "model.safetensors";
  WriteBundle(path, {{"parotis", ToJson(Example()).dump()}});
  const BundleInfo back = ReadBundleInfo(path);
  EXPECT_EQ(ToJson(back).dump(), ToJson(Example()).dump());
  EXPECT_EQ(HashOf(back.plan), HashOf(Example().plan));
  EXPECT_EQ(back.file_hash, base::HashOf(base::ReadFile(path)));
}

TEST(BundleInfo, RewritingChangesTheDescriptionAndKeepsTheWeights) {
  const test::TemporaryFolder folder;
  WriteBundle(folder.path() / "a.safetensors", MetadataOf(Example()));
  BundleInfo changed = Example();
  changed.plan.diagnosis.temperature = 2.5;
  RewriteBundle(folder.path() / "a.safetensors", changed, folder.path() / "b.safetensors");
  EXPECT_EQ(ReadBundleInfo(folder.path() / "b.safetensors").plan.diagnosis.temperature, 2.5);
  const base::Safetensors file = base::ReadSafetensors(folder.path() / "b.safetensors");
  const auto weights = file.at("w").As<float>();
  EXPECT_THAT(std::vector<float>(weights.begin(), weights.end()), testing::ElementsAre(1, 2, 3));
}

TEST(BundleInfo, WeightsOfAnotherProgramAreNoBundle) {
  const test::TemporaryFolder folder;
  WriteBundle(folder.path() / "w.safetensors", {{"format", "pt"}});
  EXPECT_THAT(ErrorOf([&] { ReadBundleInfo(folder.path() / "w.safetensors"); }),
              AllOf(HasSubstr("w.safetensors"), HasSubstr("no description")));
  WriteBundle(folder.path() / "w.safetensors", {{"parotis", "{"}});
  EXPECT_THAT(ErrorOf([&] { ReadBundleInfo(folder.path() / "w.safetensors"); }), HasSubstr("not valid JSON"));
}

TEST(BundleInfo, ADamagedOrNewerDescriptionIsRefused) {
  const auto says = [](const std::function<void(Json&)>& spoil) {
    Json json = ToJson(Example());
    spoil(json);
    return ErrorOf([&] { BundleInfoFromJson(json, "m"); });
  };
  EXPECT_THAT(says([](Json& j) { j["format"] = 3; }), HasSubstr("newer parotis"));
  EXPECT_THAT(says([](Json& j) { j["format"] = 0; }), HasSubstr("damaged"));
  EXPECT_THAT(says([](Json& j) { j["channels"] = {"B0", "ADC", "B1000"}; }), HasSubstr("B0, ADC, B1000"));
  EXPECT_THAT(says([](Json& j) { j["contrast_set"] = "t2"; }), HasSubstr("contrast set \"t2\""));
  EXPECT_THAT(says([](Json& j) { j["plan"]["batch"]["size"] = 5; }), HasSubstr("batch.quota"));
  EXPECT_THAT(says([](Json& j) { j["plan"]["surprise"] = 5; }), HasSubstr("surprise"));
  EXPECT_THAT(says([](Json& j) { j["training"] = "none"; }), HasSubstr("training must be an object"));
  EXPECT_THAT(says([](Json& j) { j["members"] = 0; }), HasSubstr("members is 0"));
  EXPECT_THAT(says([](Json& j) { j.erase("intended_use"); }), HasSubstr("intended_use is missing"));
  EXPECT_THAT(says([](Json& j) { j["surprise"] = 1; }), HasSubstr("surprise is not a known key"));
}

std::filesystem::path WriteMember(const std::filesystem::path& folder, const BundleInfo& info, float value) {
  const auto path = folder / (info.name + ".safetensors");
  const std::vector<float> weights = {value};
  base::WriteSafetensors(path, MetadataOf(info), {{"w", base::TensorOf<float>(weights, {1})}});
  return path;
}

BundleInfo MemberOf(const std::string& name, const std::vector<std::string>& patients) {
  BundleInfo info = Example();
  info.name = name;
  info.training["patient_id_sha256"] = patients;
  info.training["fold"] = 3;
  return info;
}

TEST(Ensemble, HoldsEveryMembersWeightsAndJoinsTheirPatients) {
  const test::TemporaryFolder folder;
  const std::vector<std::filesystem::path> files = {WriteMember(folder.path(), MemberOf("a", {"p1", "p2"}), 1),
                                                    WriteMember(folder.path(), MemberOf("b", {"p2", "p3"}), 2)};
  WriteEnsemble(files, MemberOf("both", {}), folder.path() / "both");
  const BundleInfo info = ReadBundleInfo(folder.path() / "both");
  EXPECT_EQ(info.members, 2);
  EXPECT_EQ(info.training["patient_id_sha256"], Json({"p1", "p2", "p3"}));
  EXPECT_EQ(info.training["members"][1]["name"], "b");
  EXPECT_FALSE(info.training["members"][1].contains("patient_id_sha256"));
  const base::Safetensors file = base::ReadSafetensors(folder.path() / "both");
  EXPECT_EQ(file.at("member_0/w").As<float>()[0], 1);
  EXPECT_EQ(file.at("member_1/w").As<float>()[0], 2);
}

TEST(Ensemble, OfAnEnsembleAndAModelHasTheMembersOfBoth) {
  const test::TemporaryFolder folder;
  const std::vector<std::filesystem::path> pair = {WriteMember(folder.path(), MemberOf("a", {}), 1),
                                                   WriteMember(folder.path(), MemberOf("b", {}), 2)};
  WriteEnsemble(pair, MemberOf("pair", {}), folder.path() / "pair");
  const std::vector<std::filesystem::path> three = {WriteMember(folder.path(), MemberOf("c", {}), 3),
                                                    folder.path() / "pair"};
  WriteEnsemble(three, MemberOf("three", {}), folder.path() / "three");
  const base::Safetensors file = base::ReadSafetensors(folder.path() / "three");
  EXPECT_EQ(file.at("member_0/w").As<float>()[0], 3);
  EXPECT_EQ(file.at("member_2/w").As<float>()[0], 2);
}

TEST(Ensemble, MembersOfAnotherNetworkAreRefusedByName) {
  const test::TemporaryFolder folder;
  BundleInfo other = MemberOf("b", {});
  other.plan.network.deep_supervision = !other.plan.network.deep_supervision;
  const std::vector<std::filesystem::path> files = {WriteMember(folder.path(), MemberOf("a", {}), 1),
                                                    WriteMember(folder.path(), other, 2)};
  EXPECT_THAT(ErrorOf([&] { WriteEnsemble(files, MemberOf("both", {}), folder.path() / "both"); }),
              AllOf(HasSubstr("b.safetensors"), HasSubstr("network")));
}

}  // namespace
}  // namespace parotis::plan
