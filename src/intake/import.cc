#include "intake/import.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/build_info.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "dataset/dataset.h"
#include "dicom/text.h"
#include "intake/load_case.h"

namespace parotis::intake {
namespace {

using dicom::Study;

// "063Y" → "63"; ages in months or days are children's and kept as a fraction of years.
std::string AgeInYears(const std::string& age) {
  if (age.size() != 4) return {};
  const auto number = dicom::ParseNumber(age.substr(0, 3));
  if (!number || *number <= 0) return {};
  switch (age[3]) {
    case 'Y': return fmt::format("{:g}", *number);
    case 'M': return fmt::format("{:.1f}", *number / 12);
    case 'W': return fmt::format("{:.1f}", *number / 52.18);
    case 'D': return fmt::format("{:.1f}", *number / 365.25);
    default: return {};
  }
}

dataset::Participant ParticipantOf(const Study& study, const std::string& case_id, const std::string& salt) {
  dataset::Participant participant;
  participant.patient_id = PatientPseudonym(study, salt);
  participant.case_id = case_id;
  participant.columns["sex"] = study.patient.sex == "M" || study.patient.sex == "F" ? study.patient.sex : "";
  participant.columns["age_years"] = AgeInYears(study.patient.age);
  return participant;
}

// The channels of the dataset: those required, else all that some study offers, in canonical order.
std::vector<std::string> DatasetChannels(const dicom::Index& index, const ImportOptions& options) {
  if (!options.channels.empty()) return options.channels;
  std::set<std::string> offered;
  for (const Study& study : index.studies) {
    for (const std::string& channel : AvailableChannels(AssignRoles(study, options.pins))) offered.insert(channel);
  }
  std::vector<std::string> channels;
  for (const char* channel : {dataset::kT2, dataset::kT1c, dataset::kB0, dataset::kB1000, dataset::kAdc}) {
    if (offered.contains(channel)) channels.emplace_back(channel);
  }
  if (channels.empty()) base::Throw(base::ErrorKind::kInput, "no study offers a channel; look at `parotis inspect`");
  return channels;
}

ImportedStudy ImportOne(const Study& study, dataset::DatasetWriter& writer, const ImportOptions& options) {
  ImportedStudy imported{study.uid, CaseIdOf(study, options.salt), {}, {}, {}};
  try {
    LoadOptions load;
    load.pins = options.pins;
    load.case_id = imported.case_id;
    load.accept_other_frames = options.accept_other_frames;
    load.alignment = options.alignment;
    const std::vector<std::string> channels =
        options.channels.empty() ? AvailableChannels(AssignRoles(study, options.pins)) : options.channels;
    if (channels.empty())
      base::Throw(base::ErrorKind::kInput, "no series serves any channel; look at `parotis inspect`");
    dataset::Case examination = LoadCase(study, channels, load);
    imported.alignment = examination.provenance.value("alignment", base::Json::array());
    examination.provenance = base::Json::object();  // it names UIDs
    writer.Add(examination, ParticipantOf(study, imported.case_id, options.salt));
    imported.channels = channels;
  } catch (const base::Error& error) {
    imported.error = error.what();
  }
  return imported;
}

}  // namespace

std::vector<ImportedStudy> ImportStudies(const dicom::Index& index, const std::filesystem::path& output,
                                         const ImportOptions& options) {
  if (index.studies.empty())
    base::Throw(base::ErrorKind::kInput, "there is no DICOM study to import; name another folder");
  dataset::DatasetWriter writer(
      output, options.name, DatasetChannels(index, options), {"background", "tumour"},
      fmt::format("Imported from DICOM by parotis {}; ADC in 10-6 mm2/s. Research use only.", base::BuildId()));
  std::vector<ImportedStudy> imported(index.studies.size());
  {
    base::Progress progress("import", static_cast<std::int64_t>(index.studies.size()));
    base::ParallelFor(static_cast<std::int64_t>(index.studies.size()), options.threads, [&](std::int64_t i) {
      const auto at = static_cast<std::size_t>(i);
      imported[at] = ImportOne(index.studies[at], writer, options);
      progress.Advance();
    });
  }
  const bool any =
      std::any_of(imported.begin(), imported.end(), [](const ImportedStudy& each) { return each.error.empty(); });
  if (any) writer.Finish();
  return imported;
}

}  // namespace parotis::intake
