// Readers of DICOM objects that share no code with this program nor with each other, as scripts/setup.sh installs them:
// highdicom (Python, with pydicom) and dcmjs (JavaScript, as web viewers use it). Where one is missing, its tests are
// skipped.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <string>

#include "base/files.h"
#include "base/json.h"
#include "image/geometry.h"

namespace parotis::test {

struct OtherReader {
  const char* name;
  const char* check;   // a command that succeeds where the reader is there; {} is .venv
  const char* script;  // what reads, beside this file …
  const char* with;    // … and what runs it

  friend std::ostream& operator<<(std::ostream& out, const OtherReader& reader) { return out << reader.name; }
};

inline constexpr OtherReader kHighdicom = {"highdicom", "'{}/bin/python' -c 'import highdicom' 2>/dev/null",
                                           "read_with_highdicom.py", "'{}/bin/python' -W ignore"};
inline constexpr OtherReader kDcmjs = {"dcmjs",
                                       "test -x '{}/bin/node' && test -e '{}/node/node_modules/dcmjs/package.json'",
                                       "read_with_dcmjs.cjs", "NODE_PATH='{}/node/node_modules' '{}/bin/node'"};

inline std::string InEnvironment(std::string command) {
  const std::string environment = std::string(PAROTIS_SOURCE_DIR) + "/.venv";
  for (std::size_t at = command.find("{}"); at != std::string::npos; at = command.find("{}", at))
    command.replace(at, 2, environment);
  return command;
}

inline bool IsThere(const OtherReader& reader) { return std::system(InEnvironment(reader.check).c_str()) == 0; }

// What it reads in the objects of `folder`, by file name:
//   a segmentation    {"uid", "segments": [{"number", "label", "tracking_uid", "type", "region", "laterality",
//                                           "voxels_world_mm": [[x, y, z], …]}]}
//   a TID 1500 report {"groups": [{"tracking_id", "tracking_uid", "finding", "site", "laterality",
//                                  "segment": {"uid", "number"}, "source_series_uid",
//                                  "measurements": [{"quantity", "derivation", "of", "unit", "value"}]}]}
//   a parametric map  {"values": […]} at the "points_world_mm" of question.json in the folder
// Codes are "SCHEME:value", what is absent is null. Throws when the reader fails, with what it says.
inline base::Json ReadWith(const OtherReader& reader, const std::filesystem::path& folder) {
  const auto answer = folder / (std::string(reader.name) + ".json"),
             said = folder / (std::string(reader.name) + ".log");
  const std::string command = InEnvironment(reader.with) + " '" + PAROTIS_SOURCE_DIR + "/tests/results/" +
                              reader.script + "' '" + folder.string() + "' >'" + answer.string() + "' 2>'" +
                              said.string() + "'";
  if (std::system(command.c_str()) != 0)
    base::Throw(base::ErrorKind::kInput, std::string(reader.name) + " fails: " + base::ReadFile(said));
  return base::ReadJson(answer);
}

// The middle of the voxel at that place in memory.
inline image::Vector3 PlaceOf(const image::Geometry& grid, std::int64_t voxel) {
  const std::int64_t columns = grid.size[0], rows = grid.size[1];
  const std::int64_t i = voxel % columns, j = voxel / columns % rows, k = voxel / (columns * rows);
  return image::WorldFromVoxel(grid, {static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
}

// The voxel whose middle lies there, to 0.01 mm; −1 when none does.
inline std::int64_t VoxelAt(const image::Geometry& grid, const base::Json& point_world_mm) {
  const image::Vector3 world = {point_world_mm[0], point_world_mm[1], point_world_mm[2]};
  image::Vector3 index = image::VoxelFromWorld(grid, world);
  for (double& coordinate : index) coordinate = std::round(coordinate);
  const image::Vector3 middle = image::WorldFromVoxel(grid, index);
  if (image::Norm({middle[0] - world[0], middle[1] - world[1], middle[2] - world[2]}) > 0.01) return -1;
  for (int a = 0; a < 3; ++a) {
    if (index[a] < 0 || index[a] >= static_cast<double>(grid.size[a])) return -1;
  }
  return static_cast<std::int64_t>(index[0]) +
         grid.size[0] * (static_cast<std::int64_t>(index[1]) + grid.size[1] * static_cast<std::int64_t>(index[2]));
}

}  // namespace parotis::test
