// Where a node keeps what. No part of any of these paths comes from a DICOM value, but as a hash.
#pragma once

#include <filesystem>
#include <string>

#include "service/node_config.h"

namespace parotis::service {

struct Layout {
  explicit Layout(const NodeConfig& config)
      : incoming(config.folder / "incoming" / config.name),
        studies(config.folder / "studies"),
        results(config.folder / "results"),
        work(config.folder / "work" / config.name),
        uploads(config.folder / "uploads" / config.name),
        audit(config.folder / "audit" / config.name),
        state(config.folder / "state" / config.name) {}

  std::filesystem::path incoming;  // arrivals that are not filed yet; this node's own
  std::filesystem::path studies;   // studies/FOLDER/CONTENT-HASH.dcm
  std::filesystem::path results;   // results/NAME/segmentation.dcm …
  std::filesystem::path work;      // what is being analysed; this node's own
  std::filesystem::path uploads;   // bodies of requests; this node's own
  std::filesystem::path audit;     // one file a day; this node's own
  std::filesystem::path state;     // lock, status; this node's own

  std::filesystem::path no_room() const { return state / "no-room"; }  // exists while nothing more is taken
  std::filesystem::path status() const { return state / "status.json"; }
};

// Files that another user makes in the node's folder are closed to the node: throws kUsage when the folder is there and
// belongs to somebody else than who runs this.
void DemandOwner(const std::filesystem::path& folder);

}  // namespace parotis::service
