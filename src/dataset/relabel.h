// From masks that say only where a tumour is to masks that say which: the patient's diagnosis becomes the label.
#pragma once

#include <string>
#include <vector>

#include "dataset/dataset.h"

namespace parotis::dataset {

// background, the classes, the dataset's other labels, and `label` itself last. Throws kUsage when `label` is none of
// the dataset's labels.
std::vector<std::string> LabelsByClass(const Dataset& dataset, const std::string& label,
                                       const std::vector<std::string>& classes);

// Rewrites dataset.json, participants.tsv and every mask together or not at all (but for a loss of power in between):
// voxels of `label` get the value of the case's diagnosis in `label_names` (LabelsByClass) and keep `label` where there
// is none; all others keep their names. A last `label` that no mask shows any more is dropped. Throws kIo, kInput.
void RelabelByDiagnosis(const Dataset& dataset, const std::string& label, const std::vector<std::string>& label_names,
                        const std::vector<Participant>& participants);

}  // namespace parotis::dataset
