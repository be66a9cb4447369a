#include "intake/import.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <new>
#include <set>

#include "base/budget.h"
#include "base/build_info.h"
#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/hmac.h"
#include "base/log.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "dataset/dataset.h"
#include "dicom/archive.h"
#include "intake/deface_case.h"
#include "intake/fitted_maps.h"
#include "intake/import_identity.h"
#include "intake/import_journal.h"
#include "intake/load_case.h"
#include "intake/truth_files.h"

namespace parotis::intake {
namespace {

using base::ErrorKind;
using dicom::Study;

std::vector<std::string> OfferedBy(const Study& study, const ImportOptions& options) {
  std::vector<std::string> offered = AvailableChannels(AssignRoles(study, options.pins, options.site));
  if (!options.maps) std::erase_if(offered, IsFittedMap);
  return offered;
}

// The channels of the dataset: those required, else all that some study offers, in canonical order.
std::vector<std::string> DatasetChannels(const dicom::Index& index, const ImportOptions& options) {
  std::set<std::string> offered(options.channels.begin(), options.channels.end());
  for (const Study& study : index.studies) {
    for (const std::string& channel : OfferedBy(study, options)) {
      if (options.channels.empty() || IsFittedMap(channel)) offered.insert(channel);
    }
  }
  std::vector<std::string> channels = options.channels;
  for (const std::string& channel : AllChannels()) {
    const bool named = std::find(channels.begin(), channels.end(), channel) != channels.end();
    if (offered.contains(channel) && !named) channels.push_back(channel);
  }
  if (channels.empty()) base::Throw(ErrorKind::kInput, "no study offers a channel; look at `parotis inspect`");
  return channels;
}

// Every volume that may be loaded, and each channel on the largest grid, twice while it is written. An upper bound:
// it only costs parallel work.
std::int64_t NeedBytes(const Study& study) {
  const auto channels = static_cast<std::int64_t>(AllChannels().size());
  std::int64_t all = 0, largest = 0;
  for (const dicom::Series& series : study.series) {
    for (const dicom::SeriesVolume& volume : series.volumes) {
      all += volume.geometry.voxel_count();
      largest = std::max(largest, volume.geometry.voxel_count());
    }
  }
  return static_cast<std::int64_t>(sizeof(float)) * (all + 2 * channels * largest);
}

// Refused aloud before anything is loaded: what contradicts itself, what lacks a required channel.
std::vector<std::string> ChannelsToLoad(const Study& study, const ImportOptions& options) {
  for (const base::Finding& finding : study.findings) {
    if (finding.refuses()) base::Refuse({finding.code, "the study cannot be used: " + finding.message});
  }
  const StudyRoles roles = AssignRoles(study, options.pins, options.site);
  std::vector<std::string> offered = AvailableChannels(roles);
  if (offered.empty()) {
    for (const std::string& channel : AllChannels()) RefuseContradiction(roles, channel);
    base::Refuse(base::Found("no_channel", "no series of the study serves any channel"));
  }
  if (options.channels.empty()) {
    std::erase_if(offered, IsFittedMap);
    return offered;
  }
  for (const std::string& channel : options.channels) {
    if (std::find(offered.begin(), offered.end(), channel) != offered.end()) continue;
    RefuseContradiction(roles, channel);
    RefuseTooLittle(study, roles, channel);
    base::Refuse(base::Found("channel_missing", fmt::format("the study has no series for the channel {}", channel)));
  }
  return options.channels;
}

void AddFlag(ImportedStudy& imported, const std::string& code) {
  if (code.empty() || std::find(imported.flags.begin(), imported.flags.end(), code) != imported.flags.end()) return;
  imported.flags.push_back(code);
}

void CollectFlags(const Study& study, const base::Json& provenance, const ImportOptions& options,
                  ImportedStudy& imported) {
  for (const base::Finding& finding : study.findings) AddFlag(imported, finding.code);
  // Imported without the channel that they are about.
  for (const RoleFinding& each : AssignRoles(study, options.pins, options.site).findings) {
    if (each.finding.refuses()) AddFlag(imported, each.finding.code);
  }
  if (study.patient.id.empty()) AddFlag(imported, base::Found("patient_number_missing", "").code);
  for (const base::Json& flag : provenance.value("flags", base::Json::array()))
    AddFlag(imported, flag.value("code", std::string()));
}

// Before anything is written. What was recognisable is so no more.
void Deface(dataset::Case& examination, ImportedStudy& imported) {
  const CaseDefacing defacing = DefaceCase(examination);
  imported.face.update(defacing.provenance);
  if (defacing.removed()) std::erase(imported.flags, "face_recognisable");
  for (const base::Finding& finding : defacing.findings) AddFlag(imported, finding.code);
}

using Paths = std::vector<std::filesystem::path>;

void Load(const Study& study, const Paths& truth_files, dataset::DatasetWriter& writer, const ImportOptions& options,
          ImportedStudy& imported) {
  LoadOptions load;
  load.pins = options.pins;
  load.site = options.site;
  load.case_id = imported.case_id;
  load.accept_other_frames = options.accept_other_frames;
  load.alignment = options.alignment;
  load.look_for_identity = true;
  const std::vector<std::string> channels = ChannelsToLoad(study, options);
  if (options.maps) load.if_possible = FittedMaps();
  dataset::Case examination = LoadCase(study, channels, load);
  CollectFlags(study, examination.provenance, options, imported);
  for (base::Finding& finding : AddTruth(examination, study, truth_files, options.truth_labels))
    imported.truth_findings.push_back(std::move(finding));
  for (const base::Finding& finding : imported.truth_findings) AddFlag(imported, finding.code);
  imported.alignment = examination.provenance.value("alignment", base::Json::array());
  imported.face = examination.provenance.value("face", base::Json::object());
  if (options.deface) Deface(examination, imported);
  examination.provenance = base::Json::object();  // it names UIDs
  writer.Add(examination, ParticipantOf(imported));
  imported.channels = examination.channel_names;
  imported.outcome = Outcome::kImported;
}

void Explain(const base::Error& error, const Study& study, const Paths& truth_files, const ImportOptions& options,
             ImportedStudy& imported) {
  imported.code = error.code();
  imported.message = error.what();
  imported.sentence = options.keep_identity ? error.message() : WithoutIdentity(error.message(), study, truth_files);
  const bool systems_fault = error.kind() == ErrorKind::kIo || error.kind() == ErrorKind::kInternal;
  imported.outcome = systems_fault                   ? Outcome::kFailed
                     : imported.code == "no_channel" ? Outcome::kSkipped
                                                     : Outcome::kRefused;
}

void ImportOne(const Study& study, const Paths& truth_files, dataset::DatasetWriter& writer,
               const ImportOptions& options, ImportedStudy& imported) {
  try {
    Load(study, truth_files, writer, options, imported);
  } catch (const base::Error& error) {
    Explain(error, study, truth_files, options, imported);
  } catch (const std::bad_alloc&) {
    Explain({ErrorKind::kIo, "there is not enough memory for the study; use fewer --threads"}, study, truth_files,
            options, imported);
  }
}

constexpr const char* kColumns = "case\tpatient\toutcome\tcode\tsentence\tchannels\tflags\n";

std::string Table(const std::vector<ImportedStudy>& studies) {
  std::string table = kColumns;
  const auto cell = [](std::string text) {
    std::replace_if(text.begin(), text.end(), [](unsigned char c) { return c < 0x20; }, ' ');
    return text.empty() ? std::string("n/a") : text;
  };
  for (const ImportedStudy& each : studies) {
    table += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\n", each.case_id, cell(each.patient), NameOf(each.outcome),
                         cell(each.code), cell(each.sentence), cell(fmt::format("{}", fmt::join(each.channels, ","))),
                         cell(fmt::format("{}", fmt::join(each.flags, ","))));
  }
  return table;
}

void WriteReport(const std::filesystem::path& output, const std::vector<ImportedStudy>& studies,
                 const ImportOptions& options) {
  base::WriteJson(output / "import-report.json", ReportOf(studies, options));
  base::WriteFile(output / "import-report.tsv", Table(studies));
}

// What the dataset already holds: from studies of this export, and from those of earlier ones.
void TellWriter(const ImportJournal& journal, const std::set<std::string>& to_do, dataset::DatasetWriter& writer) {
  for (const auto& [case_id, study] : journal.known()) {
    if (study.outcome == Outcome::kImported && !to_do.contains(case_id)) writer.AddWritten(ParticipantOf(study));
  }
}

class Importer {
 public:
  Importer(const dicom::Index& index, const std::filesystem::path& output, const ImportOptions& options)
      : index_(index),
        options_(options),
        journal_(output, options, DatasetChannels(index, options)),
        writer_(output, options.name, journal_.channels(), options.truth_labels.names, Description(options),
                dataset::Existing::kContinue),
        output_(output) {}

  std::vector<ImportedStudy> Run() {
    std::vector<ImportedStudy> studies = Plan();
    base::Budget budget(options_.memory_bytes > 0 ? options_.memory_bytes : base::PhysicalMemoryBytes() / 2);
    base::Progress progress("import", static_cast<std::int64_t>(to_do_.size()));
    base::ParallelFor(static_cast<std::int64_t>(to_do_.size()), options_.threads, [&](std::int64_t i) {
      const std::size_t at = to_do_[static_cast<std::size_t>(i)];
      const base::Budget::Share share(budget, NeedBytes(index_.studies[at]));
      journal_.Forget(studies[at].case_id);
      ImportOne(index_.studies[at], truth_.of_study[at], writer_, options_, studies[at]);
      journal_.Write(studies[at]);
      progress.Advance();
    });
    Finish(studies);
    return studies;
  }

 private:
  static std::string Description(const ImportOptions& options) {
    return fmt::format("Imported from DICOM by parotis {}; {}; ADC in 10-6 mm2/s. Research use only.", base::BuildId(),
                       options.keep_identity ? "IDENTITY KEPT: names patients and studies"
                                             : "patients and studies under pseudonyms, dates dropped");
  }

  std::vector<ImportedStudy> Plan() {
    std::vector<ImportedStudy> studies;
    studies.reserve(index_.studies.size());
    for (const Study& study : index_.studies) studies.push_back(NameStudy(study, options_));
    FindTruth(studies);
    std::set<std::string> cases_to_do;
    for (std::size_t at = 0; at < studies.size(); ++at) {
      if (const ImportedStudy* done = journal_.Find(studies[at].case_id, studies[at].fingerprint)) {
        studies[at] = *done;
        continue;
      }
      to_do_.push_back(at);
      cases_to_do.insert(studies[at].case_id);
    }
    TellWriter(journal_, cases_to_do, writer_);
    return studies;
  }

  // Which outlines are whose. A study is imported again when they change, too.
  void FindTruth(std::vector<ImportedStudy>& studies) {
    std::vector<std::string> case_ids;
    case_ids.reserve(studies.size());
    for (const ImportedStudy& study : studies) case_ids.push_back(study.case_id);
    truth_ = FindTruthFiles(index_.studies, case_ids, options_.truth);
    for (const base::Finding& finding : truth_.findings) base::Warn("{} [{}]", finding.message, finding.code);
    for (std::size_t at = 0; at < studies.size(); ++at) {
      std::string content;
      for (const auto& file : truth_.of_study[at]) content += base::HashOfFile(dicom::ReadableFile(file).path());
      for (const base::Finding& finding : truth_.refusals[at]) content += finding.code;
      if (!content.empty()) studies[at].fingerprint += "-" + base::HmacSha256(options_.key, content).substr(0, 16);
      studies[at].truth_findings = truth_.refusals[at];
    }
  }

  // The report names the studies of earlier exports, too: it is the dataset's.
  void Finish(const std::vector<ImportedStudy>& studies) {
    std::map<std::string, ImportedStudy> all = journal_.known();
    for (const ImportedStudy& study : studies) all[study.case_id] = study;
    std::vector<ImportedStudy> sorted;
    sorted.reserve(all.size());
    for (auto& [case_id, study] : all) sorted.push_back(std::move(study));
    const bool any = std::any_of(sorted.begin(), sorted.end(),
                                 [](const ImportedStudy& each) { return each.outcome == Outcome::kImported; });
    if (any) writer_.Finish();
    WriteReport(output_, sorted, options_);
  }

  const dicom::Index& index_;
  const ImportOptions& options_;
  ImportJournal journal_;
  dataset::DatasetWriter writer_;
  std::filesystem::path output_;
  TruthFiles truth_;
  std::vector<std::size_t> to_do_;  // indices into Index::studies
};

}  // namespace

std::vector<ImportedStudy> ImportStudies(const dicom::Index& index, const std::filesystem::path& output,
                                         const ImportOptions& options) {
  if (index.studies.empty()) base::Throw(ErrorKind::kInput, "there is no DICOM study to import; name another folder");
  return Importer(index, output, options).Run();
}

}  // namespace parotis::intake
