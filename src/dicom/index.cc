#include "dicom/index.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <tuple>

#include "base/error.h"
#include "base/file_list.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "dicom/archive.h"
#include "dicom/dcmtk_setup.h"
#include "dicom/diffusion_series.h"
#include "dicom/header.h"
#include "dicom/identity.h"
#include "dicom/philips_scale.h"
#include "dicom/stack.h"

namespace parotis::dicom {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFilesWorthAProgressBar = 2000;

std::vector<fs::path> ListFiles(const fs::path& folder) {
  std::error_code code;
  if (fs::is_regular_file(folder, code)) {
    return LooksLikeArchive(folder) ? OpenArchive(folder) : std::vector<fs::path>{folder};
  }
  return base::FilesBelow(folder, fs::directory_options::skip_permission_denied);
}

struct Outcome {
  std::optional<FileHeader> header;
  SkippedFile skipped;
};

Outcome Examine(const fs::path& path) {
  const auto nothing_to_read = [&](const char* why) {
    return Outcome{std::nullopt, {path, path.string() + why, "not_dicom"}};
  };
  try {
    const ReadableFile file(path);
    if (!LooksLikeDicom(file.path())) return nothing_to_read(" is not a DICOM file");
    std::optional<FileHeader> header = ReadHeader(file);
    if (!header) return nothing_to_read(" is a DICOMDIR, a list of other files; those are read directly");
    return {std::move(header), {}};
  } catch (const base::Error& error) {
    if (error.code().starts_with("archive_")) throw;  // about all of its files
    return {std::nullopt, {path, error.message(), error.code().empty() ? "file_unreadable" : error.code()}};
  } catch (const std::exception& error) {
    return {std::nullopt, {path, path.string() + ": " + error.what(), "file_unreadable"}};
  }
}

std::vector<Outcome> ExamineAll(const std::vector<fs::path>& files) {
  SetUpDcmtk();
  std::vector<Outcome> outcomes(files.size());
  std::unique_ptr<base::Progress> progress;
  if (files.size() >= kFilesWorthAProgressBar) {
    progress = std::make_unique<base::Progress>("reading DICOM headers", static_cast<std::int64_t>(files.size()));
  }
  base::ParallelFor(static_cast<std::int64_t>(files.size()), 0, [&](std::int64_t i) {
    const auto at = static_cast<std::size_t>(i);
    outcomes[at] = Examine(files[at]);
    if (progress) progress->Advance();
  });
  return outcomes;
}

// Two copies of one image: same patient, same identity and same place. Equal identity alone may be a careless
// anonymiser's doing.
auto IdentityOf(const FileHeader& header) {
  const PlaneHeader* first = header.planes.empty() ? nullptr : &header.planes.front();
  return std::make_tuple(header.study.patient.id, header.study.patient.issuer, header.file.sop_instance_uid,
                         header.series.number, first == nullptr ? 0 : first->instance_number,
                         first == nullptr ? std::optional<image::Vector3>() : first->position_world);
}

using StudyKey = std::tuple<std::string, std::string, std::string>;  // study, patient, issuer

struct SeriesFiles {
  std::vector<const FileHeader*> headers;
};

// What was found in the volumes, each once.
void CollectFindings(Series& series) {
  std::map<std::pair<std::string, std::string>, int> problems;
  for (const SeriesVolume& volume : series.volumes) {
    if (!volume.problem.empty()) ++problems[{volume.problem.code, volume.problem.message}];
    for (const base::Finding& flag : volume.flags) ++problems[{flag.code, flag.message}];
  }
  for (const auto& [problem, count] : problems) {
    const auto& [code, message] = problem;
    series.findings.push_back(base::Found(
        code, series.volumes.size() == 1 ? message
                                         : fmt::format("{} of {} volumes: {}", count, series.volumes.size(), message)));
  }
}

Series BuildSeries(std::vector<const FileHeader*> headers) {
  // Images first, so that the series is described by one of them.
  const auto order = [](const FileHeader* header) {
    const bool no_image = header->planes.empty();
    return std::make_tuple(no_image, no_image ? 0 : header->planes.front().instance_number, header->file.path);
  };
  std::sort(headers.begin(), headers.end(),
            [&](const FileHeader* a, const FileHeader* b) { return order(a) < order(b); });
  Series series = headers.front()->series;
  std::vector<PlaneHeader> planes;
  for (const FileHeader* header : headers) {
    for (PlaneHeader plane : header->planes) {
      plane.source.file = static_cast<int>(series.files.size());
      planes.push_back(std::move(plane));
    }
    series.files.push_back(header->file);
  }
  const bool one_frame = std::all_of(headers.begin(), headers.end(), [&](const FileHeader* header) {
    return header->planes.empty() || header->series.frame_of_reference_uid == series.frame_of_reference_uid;
  });
  SettleDiffusion(planes, series.manufacturer);
  UseFloatingPointSignal(planes);
  series.volumes = BuildVolumes(planes);
  for (SeriesVolume& volume : series.volumes) {
    if (one_frame || !volume.problem.empty()) continue;
    volume.problem =
        base::Found("frame_of_reference_mixed",
                    "the images of its series have different frames of reference: their positions do not compare");
  }
  series.plane = PlaneOf(series.volumes);
  CollectFindings(series);
  return series;
}

std::vector<Patient> DistinctPatients(const std::map<std::string, SeriesFiles>& by_uid) {
  std::vector<Patient> distinct;
  for (const auto& [uid, files] : by_uid) {
    for (const FileHeader* header : files.headers) {
      if (std::find(distinct.begin(), distinct.end(), header->study.patient) == distinct.end())
        distinct.push_back(header->study.patient);
    }
  }
  return distinct;
}

Study BuildStudy(const std::map<std::string, SeriesFiles>& by_uid) {
  Study study = by_uid.begin()->second.headers.front()->study;
  if (base::Finding finding = PatientContradiction(DistinctPatients(by_uid)); !finding.empty())
    study.findings.push_back(std::move(finding));
  for (const auto& [uid, files] : by_uid) study.series.push_back(BuildSeries(files.headers));
  std::stable_sort(study.series.begin(), study.series.end(), [](const Series& a, const Series& b) {
    return std::make_tuple(!a.number, a.number.value_or(0), a.uid) <
           std::make_tuple(!b.number, b.number.value_or(0), b.uid);
  });
  return study;
}

}  // namespace

Index IndexDicom(const fs::path& folder) {
  const std::vector<fs::path> files = ListFiles(folder);
  std::vector<Outcome> outcomes = ExamineAll(files);
  Index index;
  std::map<StudyKey, std::map<std::string, SeriesFiles>> studies;
  std::map<decltype(IdentityOf(*outcomes.front().header)), fs::path> seen;
  for (Outcome& outcome : outcomes) {
    if (!outcome.header) {
      index.skipped.push_back(std::move(outcome.skipped));
      continue;
    }
    const FileHeader& header = *outcome.header;
    const auto [twin, is_new] = seen.emplace(IdentityOf(header), header.file.path);
    if (!is_new && !header.file.sop_instance_uid.empty()) {
      index.skipped.push_back({header.file.path,
                               fmt::format("{} repeats the identity and position of {}, which is used instead",
                                           header.file.path.string(), twin->second.string()),
                               "duplicate_file"});
      continue;
    }
    const Patient& patient = header.study.patient;
    studies[{header.study.uid, patient.id, patient.issuer}][header.series.uid].headers.push_back(&header);
  }
  for (const auto& [key, by_uid] : studies) index.studies.push_back(BuildStudy(by_uid));
  std::stable_sort(index.studies.begin(), index.studies.end(), [](const Study& a, const Study& b) {
    return std::tie(a.date, a.time, a.uid, a.patient.id) < std::tie(b.date, b.time, b.uid, b.patient.id);
  });
  FindMixedIdentities(index.studies);
  return index;
}

}  // namespace parotis::dicom
