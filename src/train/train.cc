#include "train/train.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "infer/network_predictor.h"
#include "model/devices.h"
#include "model/transfer.h"
#include "train/batches.h"
#include "train/checkpoint.h"
#include "train/learner.h"
#include "train/meter.h"
#include "train/run.h"
#include "train/run_log.h"
#include "train/validation.h"

namespace parotis::train {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kLogEvery = 20, kLogLines = 20;

// A short training has a curve, too.
std::int64_t LogEvery(std::int64_t iterations) {
  return std::clamp<std::int64_t>(iterations / kLogLines, 1, kLogEvery);
}

base::Json FactsOf(const TrainRequest& request, const model::Compute& compute) {
  return {{"torch", model::TorchVersion()},
          {"device", request.device},
          {"precision", compute.bfloat16 ? "bfloat16" : "float32"},
          {"threads", at::get_num_threads()}};
}

// The table of what became of the other model's weights goes to the log, the run folder and, in short, the model.
model::UNet StartNetwork(const TrainRequest& request, Run& run) {
  model::UNet network = model::MakeNetwork(run.info, request.seed);
  if (!request.from) return network;
  const model::TransferReport report = model::TransferWeights(*request.from, run.info, network);
  base::Json json = ToJson(report);
  json["sha256"] = run.info.training["from"];
  json["history"] = run.info.training["history_unknown"].empty() ? "known" : "unknown";
  base::WriteJson(request.run_folder / "transfer.json", json);
  for (const char* detail : {"tensors", "beside"}) json.erase(detail);
  run.info.training["transfer"] = json;
  if (fs::exists(request.run_folder / "checkpoint.safetensors")) return network;  // it was said when the run began
  for (const std::string& line : model::TableOf(report)) base::Info("{}", line);
  return network;
}

LearningSpeeds SpeedsOf(const TrainRequest& request, const model::UNet& network) {
  LearningSpeeds speeds;
  if (!request.from) return speeds;
  for (const auto& weight : network->named_parameters())
    speeds[weight.key()] = plan::SpeedOf(weight.key(), request.plan);
  return speeds;
}

base::Json LogLine(const Progression& at, const plan::Plan& plan, const Meter& meter) {
  return {{"iteration", at.iteration},
          {"loss", meter.loss()},
          {"soft_dice", meter.soft_dice()},
          {"learning_rate", LearningRate(plan.optimiser, at.iteration - 1)},
          {"gradient_norm", meter.gradient_norm()},
          {"patient_loss", meter.patient_loss()},
          {"images_per_second", meter.ImagesPerSecond()}};
}

void ValidateNow(infer::Predictor& predictor, const Run& run, RunLog& log, Progression& at) {
  const ValidationResult result = Validate(predictor, run.dataset, run.validated);
  log.Append({{"iteration", at.iteration}, {"validation", result.ToJson(run.info.plan.labels)}});
  base::Info("iteration {}: validation Dice {:.3f}, any foreground {:.3f} ({} cases)", at.iteration, result.mean_dice,
             result.foreground_dice, run.validated.size());
  at.last_dice = result.mean_dice;
  if (result.mean_dice < at.best_dice) return;
  at.best_dice = result.mean_dice;
  at.best_iteration = at.iteration;
}

// The final average of the weights is the model; the best validation is only reported, so that nothing was chosen by
// looking at the validation cases.
TrainSummary Finish(const TrainRequest& request, const Run& run, const Learner& learner, const BatchMaker& maker,
                    const Progression& at) {
  TrainSummary summary;
  summary.iterations = at.iteration;
  summary.images_per_second = at.seconds > 0 ? static_cast<double>(at.images) / at.seconds : 0;
  summary.best_validation_dice = at.best_dice;
  summary.final_validation_dice = at.last_dice;
  if (at.iteration < request.plan.optimiser.iterations) return summary;
  plan::BundleInfo info = run.info;
  if (!run.validated.empty()) info.training["validation_mean_dice"] = at.last_dice;
  summary.model = request.run_folder / "model.safetensors";
  model::SaveBundle(summary.model, info, *learner.average());
  DrawHistogram histogram(maker.designer().index(), info.plan.labels);
  for (std::int64_t iteration = 0; iteration < at.iteration; ++iteration)
    histogram.Add(maker.designer().Draw(iteration));
  base::WriteJson(request.run_folder / "summary.json", {{"model", summary.model.filename().string()},
                                                        {"iterations", at.iteration},
                                                        {"final_validation_dice", at.last_dice},
                                                        {"best_validation_dice", at.best_dice},
                                                        {"best_iteration", at.best_iteration},
                                                        {"images_per_second", summary.images_per_second},
                                                        {"drawn", histogram.ToJson()}});
  return summary;
}

}  // namespace

TrainSummary Train(const TrainRequest& request) {
  const plan::TrainingPlan& training = request.plan.training;
  const model::Compute compute = model::ChooseCompute(request.device, training.precision, request.threads);
  Run run = OpenRun(request, FactsOf(request, compute));
  const BatchMaker maker(run.cases, request.plan, run.info.channels, request.seed);
  const model::UNet start = StartNetwork(request, run);
  Learner learner(run.info, compute, start, maker.designer().index().PatientsPerLabel(request.plan.labels.size()),
                  SpeedsOf(request, start));
  const auto predictor = infer::MakePredictor({run.info, {learner.average()}}, compute);

  const auto checkpoint = request.run_folder / "checkpoint.safetensors";
  Progression at =
      LoadCheckpoint(checkpoint, run.identity, learner.State()).value_or(Progression{.identity = run.identity});
  RunLog log(request.run_folder / "log.jsonl", at.log_bytes);
  const std::int64_t iterations = request.plan.optimiser.iterations;
  const std::int64_t end = request.stop_at > 0 ? std::min(request.stop_at, iterations) : iterations;
  const int workers = compute.device.is_cuda() ? std::max(1, base::AvailableThreads() - 1) : 1;
  BatchQueue queue(maker, at.iteration, end, workers, workers + 2);

  base::Progress progress(fmt::format("train {}{}", run.info.name, at.iteration > 0 ? " (resumed)" : ""),
                          end - at.iteration);
  Meter meter;
  while (at.iteration < end) {
    const Batch batch = queue.Next();
    meter.Add(learner.Learn(batch, at.iteration++), static_cast<std::int64_t>(batch.draws.size()));
    progress.Advance(1, fmt::format("loss {:.3f}, Dice {:.3f}, {:.1f} img/s", meter.loss(), meter.soft_dice(),
                                    meter.ImagesPerSecond()));
    const bool last = at.iteration == iterations;
    const bool save = at.iteration == end || at.iteration % training.checkpoint_every == 0;
    const bool validate = last || (training.validate_every > 0 && at.iteration % training.validate_every == 0);
    if (save || validate || at.iteration % LogEvery(iterations) == 0) {
      log.Append(LogLine(at, request.plan, meter));
      at.seconds += meter.Seconds();
      at.images += meter.images();
      meter.Reset();
    }
    if (validate && !run.validated.empty()) ValidateNow(*predictor, run, log, at);
    if (save) {
      at.log_bytes = log.bytes();
      SaveCheckpoint(checkpoint, at, learner.State());
    }
    if (save || validate) meter.Reset();  // the clock starts anew
  }
  return Finish(request, run, learner, maker, at);
}

}  // namespace parotis::train
