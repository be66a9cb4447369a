// A small cohort, DICOM studies and a tiny trained model in the build folder, made once by the test Cohort.IsMade and
// shared by every test of the program.
#pragma once

#include <filesystem>
#include <string>

#include "tests/support/program.h"

namespace parotis::test {

inline std::filesystem::path ChainFolder() { return PAROTIS_CHAIN_FOLDER; }
inline std::string CohortFolder() { return (ChainFolder() / "cohort").string(); }
inline std::string DicomFolder() { return (ChainFolder() / "dicom").string(); }
inline std::string PlanFile() { return (ChainFolder() / "plan.json").string(); }
inline std::string RunFolder() { return (ChainFolder() / "run").string(); }
inline std::string ModelFile() { return (ChainFolder() / "run" / "model.safetensors").string(); }

}  // namespace parotis::test
