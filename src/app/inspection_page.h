// Gathers what `inspect --html` shows: pictures, roles, findings, diffusion decay and the case on one grid.
#pragma once

#include <filesystem>
#include <string>

#include "dicom/index.h"
#include "intake/load_case.h"
#include "report/inspection_report.h"

namespace parotis::app {

// Loads pixels of every series of every study. What cannot be loaded is a sentence on the page, never an error.
report::Inspection GatherInspection(const dicom::Index& index, const std::filesystem::path& folder,
                                    const intake::LoadOptions& options);

}  // namespace parotis::app
