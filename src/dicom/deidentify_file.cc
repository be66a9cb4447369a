#include "dicom/deidentify_file.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/files.h"
#include "dicom/archive.h"
#include "dicom/attributes.h"
#include "dicom/load.h"
#include "dicom/save_file.h"
#include "dicom/text.h"

namespace parotis::dicom {
namespace {

namespace fs = std::filesystem;

// Among chance bytes, a pattern this long turns up once in 2^49 places at most (letters in two cases).
constexpr std::size_t kLongEnoughForPixels = 7;

// Not SR, presentation states, documents, spectra and raw data: classes of images only (PS3.4 B.5).
bool IsImage(DcmDataset& dataset) {
  const std::string sop_class = Code(dataset, tag::kSopClassUid);
  return dcmIsaStorageSOPClassUID(sop_class.c_str(), ESSC_Image) && Has(dataset, tag::kRows) &&
         Has(dataset, tag::kColumns);
}

bool IsScreenshot(const std::string& sop_class) {
  static const std::set<std::string> kClasses = {
      UID_SecondaryCaptureImageStorage, UID_MultiframeSingleBitSecondaryCaptureImageStorage,
      UID_MultiframeGrayscaleByteSecondaryCaptureImageStorage, UID_MultiframeGrayscaleWordSecondaryCaptureImageStorage,
      UID_MultiframeTrueColorSecondaryCaptureImageStorage};
  return kClasses.contains(sop_class);
}

base::Finding BurnedIn(DcmDataset& dataset) {
  if (Code(dataset, Tag{0x0028, 0x0301, "CS"}) == "YES")
    return base::Found("burned_in_text",
                       "its BurnedInAnnotation (0028,0301) says that there is text within the pixels");
  if (IsScreenshot(Code(dataset, tag::kSopClassUid)))
    return base::Found("burned_in_text", "it is a secondary capture: a picture of a screen or a page");
  return {};
}

// Deflated files are written plainly: what cannot be searched as it lies there is not let out.
E_TransferSyntax OutputSyntax(const DcmDataset& dataset) {
  const E_TransferSyntax original = dataset.getOriginalXfer();
  if (original == EXS_DeflatedLittleEndianExplicit || original == EXS_Unknown) return EXS_LittleEndianExplicit;
  return original;
}

base::Finding Unreadable(const std::string& reason) {
  return base::Found("file_unreadable", fmt::format("it cannot be read as DICOM: {}", reason));
}

// A dataset that is not in the transfer syntax which its header names is not written anew in either.
bool IsAsNamed(DcmFileFormat& file) {
  const E_TransferSyntax named = DcmXfer(Code(*file.getMetaInfo(), tag::kTransferSyntaxUid).c_str()).getXfer();
  return named == EXS_Unknown || named == file.getDataset()->getOriginalXfer();
}

// With all its values in memory; empty when it is.
base::Finding LoadToClean(DcmFileFormat& file, const fs::path& path) {
  try {
    const ReadableFile readable(path);
    if (const auto reason = Load(file, readable, Extent::kWhole)) return Unreadable(*reason);
    if (!IsAsNamed(file)) return Unreadable("its header names another transfer syntax");
    if (const OFCondition status = file.loadAllDataIntoMemory(); status.bad())
      return Unreadable(CleanText(status.text()));
    return {};
  } catch (const base::Error& error) {
    return error.code().empty() ? Unreadable(error.message()) : base::Finding{error.code(), error.message()};
  }
}

}  // namespace

Identifiers IdentifiersOfFile(const fs::path& path) {
  Identifiers identifiers;
  DcmFileFormat file;
  const ReadableFile readable(path);
  if (!Load(file, readable, Extent::kHeader)) CollectIdentifiers(*file.getDataset(), false, identifiers);
  return identifiers;
}

base::Finding DeidentifyFile(const fs::path& input, const fs::path& output, const ItemCleaning& cleaning,
                             const Identifiers& of_study, const FileTreatment& treatment) {
  DcmFileFormat file;
  if (base::Finding finding = LoadToClean(file, input); !finding.empty()) return finding;
  DcmDataset& dataset = *file.getDataset();
  if (!IsImage(dataset)) return base::Found("not_an_image", "it holds no image");
  if (base::Finding finding = BurnedIn(dataset); !finding.empty() && !treatment.allow_burned_in) return finding;
  Emptied emptied = Emptied::kNothing;
  if (treatment.removal != nullptr) emptied = treatment.removal->Apply(treatment.series, treatment.file, dataset);
  Identifiers identifiers = of_study;
  CollectIdentifiers(dataset, true, identifiers);
  identifiers.Prepare();
  CleanDataset(dataset, cleaning, identifiers);
  if (treatment.face_recognisable) dataset.putAndInsertString(DCM_RecognizableVisualFeatures, "YES");
  if (treatment.removal != nullptr) RecordFaceRemoval(dataset, emptied);
  const E_TransferSyntax syntax = emptied == Emptied::kSome ? EXS_LittleEndianExplicit : OutputSyntax(dataset);
  // A new file around the same dataset: preamble and meta information of the old one stay behind.
  DcmFileFormat clean(file.getAndRemoveDataset(), false);
  base::AtomicFile written(output);
  SaveFile(clean, DcmXfer(syntax).getXferID(), written);
  if (const std::string where = FindIdentifierInFile(written.temporary_path(), identifiers); !where.empty())
    return base::Found("identity_left", fmt::format("something of the identity was still in {} after cleaning", where));
  written.Commit();
  return {};
}

std::string FindIdentifierInFile(const fs::path& path, const Identifiers& identifiers) {
  const std::string bytes = base::ReadFile(path);
  if (bytes.size() < 132 || !std::all_of(bytes.begin(), bytes.begin() + 128, [](char c) { return c == '\0'; }))
    return "the preamble";
  if (const auto hit = identifiers.Find(bytes, kLongEnoughForPixels)) return fmt::format("byte {}", hit->first);
  DcmFileFormat file;
  const ReadableFile readable(path);
  if (Load(file, readable, Extent::kWhole)) return "a file that cannot be read again";
  if (std::string where = FindIdentifier(*file.getMetaInfo(), identifiers); !where.empty()) return where;
  return FindIdentifier(*file.getDataset(), identifiers);
}

}  // namespace parotis::dicom
