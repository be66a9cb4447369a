// The volumes that a viewer shows, as compact NIfTI files in one folder, and what it must know to show them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/json.h"
#include "image/volume.h"

namespace parotis::view {

// The name of a volume's file in the folder.
std::string FileOf(const std::string& volume);

// Writes the volume "channel-PLACE", rounded as ScaleOf has it, and, where `by_header` (the same channel without
// alignment; null: none) differs from it, "channel-PLACE-before". Returns name, title, unit, window, quantity, volume,
// before (null without it) and bytes. The channel's name comes from a model or a dataset; the file's does not. Throws
// kIo.
base::Json WriteChannel(const std::filesystem::path& folder, std::size_t place, const std::string& name,
                        const image::Volume& volume, const image::Volume* by_header = nullptr);

// Size, spacing and slice axis of the grid that all volumes lie on, the channels, and the names of the volumes with
// lesions and with the tumour probability (null: none).
base::Json ViewOf(const image::Geometry& grid, base::Json channels, const std::string& lesions, base::Json probability);

}  // namespace parotis::view
