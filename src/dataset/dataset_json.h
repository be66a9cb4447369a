// dataset.json as nnU-Net v2 writes it, and as it is met in the wild: "modality" for "channel_names", labels as
// {"0": "background"}, numbers as texts. Private to this folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dataset/dataset.h"

namespace parotis::dataset {

// Fills name, channel_names, label_names and file_ending. Throws kIo, kInput naming the file, the fact and the remedy.
Dataset ReadDatasetJson(const std::filesystem::path& path);
// `case_count`: cases in imagesTr.
void WriteDatasetJson(const std::filesystem::path& path, const Dataset& dataset, const std::string& description,
                      std::int64_t case_count);
// Throws kInput when a list of names cannot become a dataset's: empty, repeated, more labels than a byte holds, labels
// that do not start with "background".
void CheckNames(const std::vector<std::string>& channel_names, const std::vector<std::string>& label_names,
                const std::string& where);

}  // namespace parotis::dataset
