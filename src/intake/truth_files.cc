#include "intake/truth_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/file_list.h"
#include "dicom/header.h"
#include "dicom/rt_structure.h"
#include "dicom/segmentation.h"

namespace parotis::intake {
namespace {

namespace fs = std::filesystem;
using base::Found;
using dicom::Study;

std::vector<fs::path> ListFiles(const fs::path& folder) {
  std::error_code code;
  if (fs::is_regular_file(folder, code)) return {folder};
  return base::FilesBelow(folder);
}

bool IsImageFile(const std::string& name) {
  return name.ends_with(".nii") || name.ends_with(".nii.gz") || name.ends_with(".nrrd") || name.ends_with(".nhdr");
}

bool StartsWithName(const std::string& text, const std::string& name) {
  if (name.empty() || !text.starts_with(name)) return false;
  return text.size() == name.size() || std::isalnum(static_cast<unsigned char>(text[name.size()])) == 0;
}

// The name of the file and of the folders between it and `root`, the nearest first.
std::vector<std::string> NamesOf(const fs::path& file, const fs::path& root) {
  std::vector<std::string> names = {file.filename().string()};
  for (fs::path folder = file.parent_path(); folder != root && folder.has_relative_path() && names.size() < 16;
       folder = folder.parent_path())
    names.push_back(folder.filename().string());
  return names;
}

class Finder {
 public:
  Finder(const std::vector<Study>& studies, const std::vector<std::string>& case_ids)
      : studies_(studies), case_ids_(case_ids) {
    files_.of_study.resize(studies.size());
    files_.refusals.resize(studies.size());
  }

  void AddOwnObjects() {
    for (std::size_t s = 0; s < studies_.size(); ++s) {
      for (const dicom::Series& series : studies_[s].series) {
        for (const dicom::FileReference& file : series.files) {
          if (!dicom::IsSegmentation(file.sop_class_uid) && !dicom::IsStructureSet(file.sop_class_uid)) continue;
          Assign(s, file.path);
        }
      }
    }
  }

  void AddFolder(const fs::path& folder) {
    for (const fs::path& file : ListFiles(folder)) {
      const bool image = IsImageFile(file.filename().string());
      const std::vector<std::size_t> owners = image ? OwnersByName(file, folder) : OwnersByUid(file);
      if (owners.size() == 1) Assign(owners.front(), file);
      for (std::size_t owner : owners) {
        if (owners.size() > 1)
          files_.refusals[owner].push_back(
              Found("truth_ambiguous", fmt::format("{} fits {} studies", file.string(), owners.size())));
      }
      if (owners.empty() && (image || is_outlines_))
        files_.findings.push_back(Found("truth_unmatched", fmt::format("{} belongs to no study", file.string())));
    }
  }

  TruthFiles Finish() { return std::move(files_); }

 private:
  void Assign(std::size_t study, const fs::path& file) {
    if (seen_.insert(fs::weakly_canonical(file)).second) files_.of_study[study].push_back(file);
  }

  // The studies that the longest fitting name fits.
  std::vector<std::size_t> OwnersByName(const fs::path& file, const fs::path& root) const {
    for (const std::string& text : NamesOf(file, root)) {
      std::size_t longest = 0;
      std::vector<std::size_t> owners;
      for (std::size_t s = 0; s < studies_.size(); ++s) {
        const std::size_t length = FitOf(s, text);
        if (length == 0 || length < longest) continue;
        if (length > longest) owners.clear();
        longest = length;
        owners.push_back(s);
      }
      if (!owners.empty()) return owners;
    }
    return {};
  }

  std::size_t FitOf(std::size_t s, const std::string& text) const {
    const Study& study = studies_[s];
    std::size_t longest = 0;
    for (const std::string& name : {case_ids_.at(s), study.uid, study.accession_number, study.patient.id}) {
      if (StartsWithName(text, name)) longest = std::max(longest, name.size());
    }
    return longest;
  }

  std::vector<std::size_t> OwnersByUid(const fs::path& file) {
    is_outlines_ = false;
    const std::optional<dicom::OutlineObject> object = ObjectOf(file);
    std::vector<std::size_t> owners;
    if (!object) return owners;
    is_outlines_ = true;
    for (std::size_t s = 0; s < studies_.size(); ++s) {
      const bool names_series =
          std::any_of(studies_[s].series.begin(), studies_[s].series.end(), [&](const dicom::Series& series) {
            const auto& uids = object->referenced_series_uids;
            return std::find(uids.begin(), uids.end(), series.uid) != uids.end();
          });
      if (studies_[s].uid == object->study_uid || names_series) owners.push_back(s);
    }
    return owners;
  }

  // Absent for files that are no outlines. A damaged one is of no study that could be told.
  std::optional<dicom::OutlineObject> ObjectOf(const fs::path& file) {
    try {
      const dicom::ReadableFile readable(file);
      if (!dicom::LooksLikeDicom(readable.path())) return std::nullopt;
      const auto header = dicom::ReadHeader(readable);
      const std::string sop_class = header ? header->file.sop_class_uid : "";
      if (dicom::IsSegmentation(sop_class)) return dicom::ReadSegmentation(file).object;
      if (dicom::IsStructureSet(sop_class)) return dicom::ReadStructureSet(file).object;
    } catch (const base::Error& error) {
      files_.findings.push_back({error.code().empty() ? "truth_unreadable" : error.code(), error.message()});
    }
    return std::nullopt;
  }

  const std::vector<Study>& studies_;
  const std::vector<std::string>& case_ids_;
  TruthFiles files_;
  std::set<fs::path> seen_;
  bool is_outlines_ = false;  // the file last looked at by its UIDs
};

}  // namespace

TruthFiles FindTruthFiles(const std::vector<Study>& studies, const std::vector<std::string>& case_ids,
                          const fs::path& folder) {
  Finder finder(studies, case_ids);
  finder.AddOwnObjects();
  if (!folder.empty()) finder.AddFolder(folder);
  return finder.Finish();
}

}  // namespace parotis::intake
