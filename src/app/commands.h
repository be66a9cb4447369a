// One definition per command; see app/command.h. The implementation of DefineXyz is in app/xyz.cc.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

namespace parotis::app {

std::function<int()> DefineBrowse(CLI::App& app);
std::function<int()> DefineCompare(CLI::App& app);
std::function<int()> DefineCalibrate(CLI::App& app);
std::function<int()> DefineDecide(CLI::App& app);
std::function<int()> DefineTrain(CLI::App& app);
std::function<int()> DefineEnsemble(CLI::App& app);
std::function<int()> DefinePredict(CLI::App& app);
std::function<int()> DefineDiagnose(CLI::App& app);
std::function<int()> DefineDoctor(CLI::App& app);
std::function<int()> DefineEvaluate(CLI::App& app);
std::function<int()> DefineInfo(CLI::App& app);
std::function<int()> DefinePlan(CLI::App& app);
std::function<int()> DefinePrepare(CLI::App& app);
std::function<int()> DefineReference(CLI::App& app);
std::function<int()> DefineReport(CLI::App& app);
std::function<int()> DefineHistology(CLI::App& app);
std::function<int()> DefineVerify(CLI::App& app);
std::function<int()> DefineStudy(CLI::App& app);
std::function<int()> DefineSimulate(CLI::App& app);
std::function<int()> DefineInspect(CLI::App& app);
std::function<int()> DefineImport(CLI::App& app);
std::function<int()> DefineDeidentify(CLI::App& app);
std::function<int()> DefineConditions(CLI::App& app);
std::function<int()> DefineConvert(CLI::App& app);
std::function<int()> DefineServe(CLI::App& app);
std::function<int()> DefineQueue(CLI::App& app);
std::function<int()> DefineAccount(CLI::App& app);
std::function<int()> DefineDemo(CLI::App& app);

}  // namespace parotis::app
