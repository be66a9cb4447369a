// The program's table of contents: every command, in the order in which a newcomer meets them.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>

#include "app/command.h"
#include "app/commands.h"
#include "app/version.h"
#include "base/error.h"
#include "base/log.h"

namespace parotis::app {
namespace {

CommonFlags g_common;

constexpr Command kCommands[] = {
#ifdef PAROTIS_IMAGING
    {"demo", "run a node with simulated patients and a small study on this machine, and say where to look",
     "parotis demo", DefineDemo},
#endif
    {"simulate", "make a synthetic cohort with truth: dataset and DICOM studies",
     "parotis simulate -o cohort --preset paper --seed 1", DefineSimulate},
#ifdef PAROTIS_IMAGING
    {"inspect", "say what a DICOM folder holds, and what each series would be used for", "parotis inspect study/",
     DefineInspect},
    {"import", "turn DICOM studies into a dataset in nnU-Net's layout",
     "parotis import studies/ -o Dataset002_Hospital", DefineImport},
    {"deidentify", "write DICOM files anew, without identity (PS3.15 Annex E)",
     "parotis deidentify studies/ studies-deidentified/", DefineDeidentify},
    {"convert", "write every volume of one DICOM series as NIfTI, with b-values",
     "parotis convert study/ --series 6 -o dwi.nii.gz", DefineConvert},
#endif
    {"conditions", "list everything that can be wrong with the input, and what is done about it", "parotis conditions",
     DefineConditions},
    {"histology", "put a hospital's table of histology into a dataset as its diagnoses",
     "parotis histology pathology.csv -d DATASET --codes configs/histology.json", DefineHistology},
    {"verify", "list everything that is wrong with a dataset", "parotis verify -d Dataset001_Parotid", DefineVerify},
    {"plan", "look at a dataset and write the plan that follows from it",
     "parotis plan -d Dataset001_Parotid -o plan.json", DefinePlan},
    {"prepare", "bring every case onto the network's grid, ready for training",
     "parotis prepare -d Dataset001_Parotid -p plan.json", DefinePrepare},
    {"train", "train a model on one fold of a dataset; an interrupted training goes on",
     "parotis train -d DATASET -p plan.json -c diffusion -f 0 -o RUN", DefineTrain},
    {"predict", "outline and label tumours in many cases", "parotis predict -m RUN/model.safetensors -i IMAGES -o OUT",
     DefinePredict},
    {"evaluate", "hold predictions against the truth of a dataset",
     "parotis evaluate -d Dataset001_Parotid -i predictions -o evaluation.json", DefineEvaluate},
    {"compare", "say how runs differ on the same patients",
     "parotis compare diffusion/evaluation.json structural/evaluation.json -o comparison.json", DefineCompare},
    {"ensemble", "join several models into one whose answers are averaged",
     "parotis ensemble -m RUNS/fold-*/model.safetensors -o all-folds.safetensors", DefineEnsemble},
    {"calibrate", "fit a model's decision rule: thresholds, sureness, what else it heeds, on patients it has not met",
     "parotis calibrate -m RUN/model.safetensors -d DATASET -i predictions -o calibrated.safetensors", DefineCalibrate},
    {"decide", "what another rule says about cases that were predicted before; no network looks again",
     "parotis decide -m calibrated.safetensors -i candidates -o predictions", DefineDecide},
    {"study", "train, test and compare contrast sets by cross-validation; an interrupted study goes on",
     "parotis study -d DATASET -s study.json -o RUNS", DefineStudy},
    {"report", "make a page of evaluations or of a whole study, beside the published figures",
     "parotis report --study RUNS -d DATASET -o report.html --pdf report.pdf", DefineReport},
#ifdef PAROTIS_IMAGING
    {"browse", "walk through a study, also while it runs: curves, figures, every patient and his images",
     "parotis browse RUNS -d DATASET", DefineBrowse},
    {"diagnose", "from a DICOM study to a segmentation, a diagnosis and a page to read",
     "parotis diagnose study/ -o diagnosis", DefineDiagnose},
    {"serve", "be a node in the hospital's network: studies come in, results go out", "parotis serve node.json",
     DefineServe},
    {"queue", "what a node has done and has to do; try a failed job again; choose its model",
     "parotis queue node.json --state failed", DefineQueue},
    {"account", "who may log in to a node's page: add, change, remove, end sessions",
     "parotis account node.json --add meyer --role admin", DefineAccount},
#endif
    {"info", "say what a model says about itself", "parotis info models/parotis-synthetic-0.2.safetensors", DefineInfo},
    {"doctor", "say what works on this machine, and what to do about what does not", "parotis doctor", DefineDoctor},
    {"reference", "write what --help says as pages, manual pages and completions of shells",
     "parotis reference --markdown docs/reference", DefineReference, /*hidden=*/true},
};

void AddCommonFlags(CLI::App& app) {
  app.add_flag("--json", g_common.json, "print results as JSON on standard output");
  app.add_flag("-q,--quiet", g_common.quiet, "say only warnings and errors");
  app.add_flag("-v,--verbose", g_common.verbose, "say more");
}

void SetLogLevelFromFlags() {
  if (g_common.quiet) base::SetLogLevel(base::LogLevel::kWarning);
  if (g_common.verbose) base::SetLogLevel(base::LogLevel::kDebug);
}

int Run(int argc, char** argv) {
  CLI::App app{
      "parotis: finds, outlines and classifies parotid tumours on multi-parametric MRI.\n"
      "Research use only: not a medical device.",
      "parotis"};
  app.require_subcommand(1);
  app.set_version_flag("--version", VersionText);
  app.failure_message(CLI::FailureMessage::simple);
  int exit_code = kDone;
  for (const Command& command : kCommands) {
    CLI::App* sub = app.add_subcommand(command.name, command.summary);
    sub->footer(std::string("Example:\n  ") + command.example);
    if (command.hidden) sub->group("");
    AddCommonFlags(*sub);
    const auto action = command.define(*sub);
    sub->callback([action, &exit_code] {
      SetLogLevelFromFlags();
      exit_code = action();
    });
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  return exit_code;
}

void CheckCommand(int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return;
  const std::string given = argv[1];
  if (std::none_of(std::begin(kCommands), std::end(kCommands), [&](const Command& c) { return given == c.name; })) {
    base::Throw(base::ErrorKind::kUsage, given + " is not a command; `parotis --help` lists them");
  }
}

int ExitCodeOf(const base::Error& error) {
  switch (error.kind()) {
    case base::ErrorKind::kUsage: return kUsage;
    case base::ErrorKind::kRefused: return kSomeCasesFailed;
    default: return kFailed;
  }
}

}  // namespace

const CommonFlags& common() { return g_common; }

// The only place that catches everything.
int Main(int argc, char** argv) {
  try {
    CheckCommand(argc, argv);
    return Run(argc, argv);
  } catch (const base::Error& error) {
    base::LogLine(base::LogLevel::kError, error.what());
    return ExitCodeOf(error);
  } catch (const std::exception& error) {
    base::LogLine(base::LogLevel::kError,
                  fmt::format("internal error: {}; please report it with the command you ran", error.what()));
    return kFailed;
  }
}

}  // namespace parotis::app

int main(int argc, char** argv) {
  // A limit on the size of files is then an error of the file that is written, which names it, not the program's end.
  std::signal(SIGXFSZ, SIG_IGN);
  return parotis::app::Main(argc, argv);
}
