// A study whose networks are made up: no LibTorch, a few milliseconds a member, and the same files in the same order as
// the real ones leave. What a member says about a case follows from the member's name and the case.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "base/files.h"
#include "base/hash.h"
#include "base/safetensors.h"
#include "dataset/diagnosis.h"
#include "experiment/guard.h"
#include "experiment/run_task.h"
#include "image/nifti.h"
#include "plan/bundle_info.h"
#include "tests/evaluate/small_cohort.h"

namespace parotis::test {

namespace fs = std::filesystem;

inline plan::Plan FakePlan() {
  plan::Plan plan;
  plan.name = plan.dataset = "Small";
  plan.labels = {"background", "alpha", "beta", "gamma"};
  plan.channels = {{"T2", plan::Normalisation::kRobust, 0, 1}, {"ADC", plan::Normalisation::kPhysical, 0, 1}};
  plan.contrast_sets = {{"one", {"T2"}}, {"both", {"T2", "ADC"}}};
  plan.batch.design = plan::BatchDesign::kUniform;
  return plan;
}

inline void WriteFakeBundle(const fs::path& file, const std::string& name, const std::vector<std::string>& patients) {
  plan::BundleInfo info;
  info.name = name;
  info.plan = FakePlan();
  info.contrast_set = "one";
  info.channels = {"T2"};
  info.intended_use = "a test";
  info.training = {{"patient_id_sha256", patients}};
  const std::vector<float> weights = {static_cast<float>(base::HashOf(name)[0])};
  base::WriteSafetensors(file, plan::MetadataOf(info), {{"weights", base::TensorOf<float>(weights, {1})}});
}

// Something a test wants to go wrong: a file beside the study's folder whose text is part of a task's folder.
inline bool IsAskedTo(const std::string& what, const experiment::Setting& setting, const fs::path& folder) {
  const fs::path file = setting.runs.parent_path() / what;
  return fs::exists(file) && folder.string().find(base::ReadFile(file)) != std::string::npos;
}

inline void FakeTrain(const experiment::MemberRequest& request) {
  if (IsAskedTo("fail", *request.setting, request.folder))
    base::Throw(base::ErrorKind::kInput, "the test wants this member to fail");
  if (IsAskedTo("crash", *request.setting, request.folder)) std::abort();
  for (int step = 0; step < 10; ++step) {
    base::WriteFile(request.folder / "checkpoint.safetensors", fmt::format("step {}", step));
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  std::vector<std::string> patients;
  patients.reserve(request.train_cases.size());
  for (const std::string& id : request.train_cases)
    patients.push_back(base::HashOf(request.setting->dataset.PatientOf(id)));
  WriteFakeBundle(request.folder / "model.safetensors", request.name, patients);
}

// Right in three of four cases; one lesion, or none in every eighth.
inline void FakePredict(const experiment::PredictRequest& request) {
  const dataset::Dataset dataset = dataset::OpenDataset(request.dataset);
  const plan::BundleInfo model = plan::ReadBundleInfo(request.model);
  for (const std::string& id : request.case_ids) {
    const auto dice =
        static_cast<unsigned>(std::strtoul(base::HashOf(model.name + id).substr(0, 6).c_str(), nullptr, 16));
    image::LabelVolume labels = image::ReadNiftiLabels(dataset.Find(id).label);
    const std::size_t truth = *std::max_element(labels.voxels.begin(), labels.voxels.end());
    const std::size_t said = dice % 4 == 0 ? 1 + truth % 3 : truth;
    const bool finds = truth > 0 && dice % 8 != 7;
    for (std::uint8_t& voxel : labels.voxels)
      voxel = voxel == 0 || !finds ? std::uint8_t{0} : static_cast<std::uint8_t>(said);
    dataset::Diagnosis diagnosis;
    diagnosis.case_id = id;
    diagnosis.classes = {"alpha", "beta", "gamma"};
    diagnosis.reason = "A test.";
    diagnosis.bundle_hash = model.file_hash;
    if (finds) {
      diagnosis.verdict = dataset::Verdict::kClass;
      diagnosis.class_name = diagnosis.classes[said - 1];
      diagnosis.class_probabilities = {0.05, 0.05, 0.05};
      diagnosis.class_probabilities[said - 1] = 0.9;
      dataset::Lesion lesion;
      lesion.id = 1;
      lesion.volume_ml = 1;
      lesion.mean_score = 0.8;
      lesion.peak_score = 0.9;
      lesion.class_probabilities = lesion.network_probabilities = diagnosis.class_probabilities;
      diagnosis.lesions = {lesion};
    }
    image::LabelVolume lesions = labels;
    for (std::uint8_t& voxel : lesions.voxels) voxel = std::min<std::uint8_t>(voxel, 1);
    for (const fs::path& folder : {request.output, request.candidates}) {
      if (folder.empty()) continue;
      image::WriteNifti(folder / (id + ".nii.gz"), labels);
      image::WriteNifti(folder / "lesions" / (id + ".nii.gz"), lesions);
      base::WriteJson(folder / (id + ".diagnosis.json"), dataset::ToJson(diagnosis));
    }
  }
}

inline experiment::Steps FakeSteps() { return {FakeTrain, FakePredict}; }

// Eight patients of each class and two without a tumour, one of whom has two cases.
inline std::vector<evaluate::test::SmallCase> FakePatients(int of_each_class = 8) {
  const std::vector<std::string> classes = {"alpha", "beta", "gamma"};
  std::vector<evaluate::test::SmallCase> cases;
  for (int number = 0; number < of_each_class; ++number) {
    for (std::size_t c = 0; c < classes.size(); ++c) {
      const std::string id = fmt::format("{}_{:02}", classes[c], number);
      cases.push_back({id, "patient " + id, classes[c], static_cast<std::uint8_t>(c + 1)});
    }
  }
  cases.push_back({"free_00", "patient free", dataset::kTumourFree, 0});
  cases.push_back({"free_01", "patient free", dataset::kTumourFree, 0});
  cases.push_back({"free_02", "another", dataset::kTumourFree, 0});
  return cases;
}

inline experiment::Study FakeStudy() {
  return experiment::StudyFromJson({{"name", "fake"}, {"folds", 4}, {"contrast_sets", {"one", "both"}}}, "study", "/");
}

}  // namespace parotis::test
