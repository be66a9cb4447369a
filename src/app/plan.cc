// `parotis plan`: looks at a dataset and writes the plan that follows from it.
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/command.h"
#include "app/commands.h"
#include "base/log.h"
#include "plan/default_plan.h"
#include "plan/fingerprint.h"
#include "plan/names.h"

namespace parotis::app {
namespace {

struct Options {
  std::filesystem::path dataset;
  std::filesystem::path output;
  int threads = 0;
};

std::string DescribeChannels(const plan::Plan& plan) {
  std::vector<std::string> channels;
  for (const plan::ChannelPlan& channel : plan.channels) {
    channels.push_back(fmt::format("{} ({})", channel.name, plan::NameOf(channel.normalisation)));
  }
  return fmt::format("{}", fmt::join(channels, ", "));
}

std::string DescribeSets(const plan::Plan& plan) {
  std::vector<std::string> sets;
  for (const auto& [name, channels] : plan.contrast_sets)
    sets.push_back(fmt::format("{} = {}", name, fmt::join(channels, " ")));
  return sets.empty() ? "none; training takes all channels" : fmt::format("{}", fmt::join(sets, ", "));
}

std::string DescribeLabels(const plan::Fingerprint& fingerprint, const plan::Plan& plan) {
  std::vector<std::string> labels;
  for (std::size_t value = 1; value < plan.labels.size(); ++value) {
    const std::string& label = plan.labels[value];
    const auto volume = fingerprint.median_volume_ml.find(label);
    labels.push_back(fmt::format(
        "{} ({} of {} cases{})", label, fingerprint.cases_with_label.at(label), fingerprint.cases,
        volume == fingerprint.median_volume_ml.end() ? "" : fmt::format(", median {:.2g} ml", volume->second)));
  }
  return fmt::format("{}", fmt::join(labels, ", "));
}

std::string DescribeBatch(const plan::BatchPlan& batch) {
  std::vector<std::string> shares;
  for (const auto& [label, share] : batch.quota) shares.push_back(fmt::format("{} {}", share, label));
  const std::string quota = shares.empty() ? "" : fmt::format(": {}", fmt::join(shares, ", "));
  return fmt::format("{} slices of {} × {} pixels, {}{}", batch.size, batch.patch[0], batch.patch[1],
                     plan::NameOf(batch.design), quota);
}

void Print(const plan::Fingerprint& fingerprint, const plan::Plan& plan, const std::filesystem::path& output) {
  constexpr std::array kOrientations = {"sagittal", "coronal", "axial"};
  const plan::PreparationPlan& preparation = plan.preparation;
  fmt::print("Plan for {}, {} labelled cases\n", plan.dataset, fingerprint.cases);
  fmt::print("  channels       {}\n", DescribeChannels(plan));
  fmt::print("  contrast sets  {}\n", DescribeSets(plan));
  fmt::print("  labels         {}\n", DescribeLabels(fingerprint, plan));
  fmt::print("  slices         {}, {:.4g} × {:.4g} mm pixels, {:.4g} mm apart, crop {}\n",
             kOrientations.at(static_cast<std::size_t>(preparation.slice_axis)), preparation.spacing_mm[0],
             preparation.spacing_mm[1], preparation.spacing_mm[2], plan::NameOf(preparation.crop));
  fmt::print("  network        {} levels of {} channels\n", plan.network.widths.size(),
             fmt::join(plan.network.widths, ", "));
  fmt::print("  batch          {}\n", DescribeBatch(plan.batch));
  fmt::print("  training       {} iterations, left-right flips {}\n", plan.optimiser.iterations,
             plan.augmentation.flip_left_right ? "on" : "off");
  fmt::print("Written to {}; configs/plan.json explains every key.\n", output.string());
}

void WarnAboutUnits(const plan::Fingerprint& fingerprint, const plan::Plan& plan) {
  for (const plan::ChannelPlan& channel : plan.channels) {
    const plan::ChannelPlan known = plan::DefaultChannel(channel.name);
    if (channel.normalisation == known.normalisation) continue;
    const std::array<double, 5>& seen = fingerprint.intensity.at(channel.name);
    base::Warn(
        "the values of {} ({:.3g} to {:.3g}) are not in the unit that its name promises, of which {:.4g} ± {:.4g} is "
        "usual; "
        "it is taken for an image without a unit",
        channel.name, seen.front(), seen.back(), known.offset, known.scale);
  }
}

int Run(const Options& options) {
  const dataset::Dataset dataset = dataset::OpenDataset(options.dataset);
  const plan::Fingerprint fingerprint = plan::TakeFingerprint(dataset, options.threads);
  for (const auto& [label, cases] : fingerprint.cases_with_label) {
    if (cases == 0) base::Warn("no case has the label {}: nothing can be learnt about it", label);
  }
  const plan::Plan plan = plan::MakePlan(dataset, fingerprint);
  WarnAboutUnits(fingerprint, plan);
  plan::WritePlan(options.output, plan);
  if (common().json) {
    const base::Json json = {{"output", options.output.string()},
                             {"plan_hash", plan::HashOf(plan)},
                             {"fingerprint", plan::ToJson(fingerprint)},
                             {"plan", plan::ToJson(plan)}};
    fmt::print("{}", base::DumpJson(json));
  } else {
    Print(fingerprint, plan, options.output);
  }
  return kDone;
}

}  // namespace

std::function<int()> DefinePlan(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("-d,--dataset", options->dataset, "folder of a dataset in nnU-Net's layout")->required();
  app.add_option("-o,--output", options->output, "the plan to write")->required();
  app.add_option("--threads", options->threads, "cases read at the same time; 0: one per CPU")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  return [options] { return Run(*options); };
}

}  // namespace parotis::app
