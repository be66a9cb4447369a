#include "dicom/instance_identity.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include <array>
#include <fstream>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "dicom/attributes.h"
#include "dicom/dcmtk_setup.h"
#include "dicom/derived_object.h"
#include "dicom/load.h"

namespace parotis::dicom {
namespace {

std::string DemandUid(DcmItem* item, const Tag& tag, const std::filesystem::path& file, const char* name) {
  std::string uid = item == nullptr ? std::string() : UidOf(*item, tag);
  if (uid.empty())
    base::Throw(base::ErrorKind::kInput, fmt::format("{}: {} is missing or no UID", file.string(), name));
  return uid;
}

}  // namespace

bool IsUid(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  char before = '.';
  for (const char c : text) {
    if (c != '.' && (c < '0' || c > '9')) return false;
    if (c == '.' && before == '.') return false;
    before = c;
  }
  return before != '.';
}

std::string UidOf(DcmItem& item, const Tag& tag) {
  std::string uid = RawText(item, tag);
  while (!uid.empty() && (uid.back() == '\0' || uid.back() == ' ')) uid.pop_back();
  return IsUid(uid) ? uid : "";
}

bool IsOwnResult(DcmItem& dataset) {
  Series series;
  series.manufacturer = Code(dataset, tag::kManufacturer);
  return IsOwn(series);
}

std::optional<std::uint64_t> StartOfDataset(const std::filesystem::path& file) {
  constexpr std::size_t kPreambleBytes = 128, kGroupLengthEnds = kPreambleBytes + 16;
  std::array<char, kGroupLengthEnds> bytes{};
  std::ifstream stream(file, std::ios::binary);
  if (!stream.read(bytes.data(), bytes.size())) return std::nullopt;
  const std::string_view head(bytes.data(), bytes.size());
  if (head.substr(kPreambleBytes, 10) != std::string_view("DICM\2\0\0\0UL", 10)) return std::nullopt;
  std::uint64_t length = 0;
  for (std::size_t i = 4; i-- > 0;) length = length << 8U | static_cast<unsigned char>(bytes[kPreambleBytes + 12 + i]);
  return kGroupLengthEnds + length;
}

std::string HashOfDataset(const std::filesystem::path& file, const std::string& transfer_syntax_uid) {
  base::Sha256 hash;
  hash.Update(transfer_syntax_uid + "\n");
  std::ifstream stream(file, std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(StartOfDataset(file).value_or(0)));
  std::vector<char> part(std::size_t{1} << 20U);
  while (stream.read(part.data(), static_cast<std::streamsize>(part.size())) || stream.gcount() > 0)
    hash.Update(std::string_view(part.data(), static_cast<std::size_t>(stream.gcount())));
  if (!stream.eof()) base::Throw(base::ErrorKind::kIo, fmt::format("cannot read {}; check permissions", file.string()));
  return hash.Hex();
}

InstanceIdentity IdentityOfInstance(const std::filesystem::path& path) {
  SetUpDcmtk();
  const ReadableFile readable(path);
  DcmFileFormat file;
  if (const auto reason = Load(file, readable, Extent::kHeader))
    base::Throw(base::ErrorKind::kInput, fmt::format("{} cannot be read as DICOM: {}", path.string(), *reason));
  DcmDataset& dataset = *file.getDataset();
  InstanceIdentity identity;
  identity.study_uid = DemandUid(&dataset, tag::kStudyInstanceUid, path, "the Study Instance UID");
  identity.series_uid = DemandUid(&dataset, tag::kSeriesInstanceUid, path, "the Series Instance UID");
  identity.sop_class_uid = DemandUid(&dataset, tag::kSopClassUid, path, "the SOP Class UID");
  identity.sop_instance_uid = DemandUid(&dataset, tag::kSopInstanceUid, path, "the SOP Instance UID");
  identity.transfer_syntax_uid = DemandUid(file.getMetaInfo(), tag::kTransferSyntaxUid, path, "the transfer syntax");
  identity.own_result = IsOwnResult(dataset);
  return identity;
}

}  // namespace parotis::dicom
