// The flags by which commands that load DICOM studies are told to align their series.
#pragma once

#include <CLI/CLI.hpp>

#include "intake/alignment.h"

namespace parotis::app {

// `options` must outlive the parsing.
void AddAlignmentFlags(CLI::App& app, intake::AlignmentOptions& options);

}  // namespace parotis::app
