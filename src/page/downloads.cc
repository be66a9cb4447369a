#include "page/downloads.h"

#include <array>
#include <vector>

#include "dicom/archive_writer.h"
#include "dicom/encapsulated_pdf.h"

namespace parotis::page {
namespace {

namespace fs = std::filesystem;

struct Known {
  const char *name, *title, *type;
};
constexpr std::array<Known, 9> kKnown = {{
    {"report.html", "Page (HTML)", "text/html; charset=utf-8"},
    {"report.dcm", "Structured report (DICOM SR)", "application/dicom"},
    {"segmentation.dcm", "Segmentation (DICOM SEG)", "application/dicom"},
    {"segmentation.nii.gz", "Segmentation (NIfTI)", "application/gzip"},
    {"page.dcm", "Page (DICOM encapsulated PDF)", "application/dicom"},
    {"key-image.dcm", "Key image (DICOM)", "application/dicom"},
    {"adc-map.dcm", "ADC (DICOM parametric map)", "application/dicom"},
    {"probability-map.dcm", "Tumour probability (DICOM parametric map)", "application/dicom"},
    {"diagnosis.json", "All figures (JSON)", "application/json"},
}};
constexpr const char *kPdf = "page.pdf", *kPdfSource = "page.dcm", *kAll = "all.zip";

std::vector<Known> There(const fs::path& results) {
  std::vector<Known> there;
  for (const Known& known : kKnown) {
    if (fs::is_regular_file(results / known.name)) there.push_back(known);
  }
  return there;
}

}  // namespace

base::Json DownloadsIn(const fs::path& results) {
  base::Json list = base::Json::array();
  if (fs::is_regular_file(results / kPdfSource)) list.push_back({{"name", kPdf}, {"title", "Page (PDF)"}});
  for (const Known& known : There(results))
    list.push_back({{"name", known.name}, {"title", known.title}, {"bytes", fs::file_size(results / known.name)}});
  if (!list.empty()) list.push_back({{"name", kAll}, {"title", "Everything (ZIP)"}});
  return list;
}

std::optional<Download> DownloadNamed(const fs::path& results, const std::string& name) {
  const std::vector<Known> there = There(results);
  for (const Known& known : there) {
    if (known.name == name) return Download{known.type, results / known.name};
  }
  if (name == kPdf && fs::is_regular_file(results / kPdfSource))
    return Download{"application/pdf", dicom::ReadEncapsulatedPdf(results / kPdfSource)};
  if (name != kAll || there.empty()) return std::nullopt;
  std::vector<fs::path> files;
  for (const Known& known : there) files.push_back(results / known.name);
  return Download{"application/zip", dicom::ZipOf(files)};
}

}  // namespace parotis::page
