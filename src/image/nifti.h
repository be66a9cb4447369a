// NIfTI-1 and NIfTI-2 (.nii, .nii.gz), read defensively and written as NIfTI-1. World frame: see image/geometry.h;
// the file's RAS is converted. sform wins over qform when both are set and agree at the corners of the grid within what
// single-precision quaternions can lose (0.01 mm + 0.1 % of the grid's diagonal); when they contradict each other the
// file is refused (kInput), because one of them puts the patient elsewhere.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "image/volume.h"

namespace parotis::image {

// A 3-D file, or a 4-D file with one volume. scl_slope and scl_inter are applied. Throws kIo, kInput; the message
// names the file, the fact and the remedy (truncated, complex type, no orientation, decompression bomb, …).
Volume ReadNifti(const std::filesystem::path& path);
// Every volume of a 3-D or 4-D file.
std::vector<Volume> ReadNiftiSeries(const std::filesystem::path& path);
// Throws kInput when a value is not a whole number in 0…255.
LabelVolume ReadNiftiLabels(const std::filesystem::path& path);
// Size and place only; voxels are not decompressed.
Geometry ReadNiftiGeometry(const std::filesystem::path& path);
// The same from bytes in memory (already decompressed or gzip); `name` is for messages.
std::vector<Volume> ParseNifti(std::span<const std::byte> bytes, const std::string& name);

// Labels as uint8; volumes as int16 when all their values are whole numbers within it (the same values in half the
// space), else as float32. gzip when the name ends in .gz, with a fixed time stamp: equal content gives equal bytes.
// Atomic.
void WriteNifti(const std::filesystem::path& path, const Volume& volume);
// `description`: the header's free text, cut after 79 bytes.
void WriteNifti(const std::filesystem::path& path, const LabelVolume& labels, std::string_view description = {});
// Whole multiples of `step` as int16, or as uint8, with scl_slope = step: for pictures, a half or a quarter of the
// space. What lies beyond the type's range becomes its end, what is no number 0.
enum class Whole { kInt16, kUint8 };
void WriteNiftiInSteps(const std::filesystem::path& path, const Volume& volume, float step, Whole type);
// One 4-D file; all volumes on one grid, else kInternal.
void WriteNiftiSeries(const std::filesystem::path& path, std::span<const Volume> volumes);

}  // namespace parotis::image
