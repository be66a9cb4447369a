// parotis_fake_node CONFIG [--role ROLE]: a node whose analysis takes no time, so that what surrounds it can be tested
// a hundred times over. What it does with a study is told by the study's description:
//   "refuse"  refuses it            "fail"   fails every attempt        "crash"  ends its own process
//   "fail once"  fails the first attempt (a file beside the configuration remembers)
//   "slow"    takes two seconds     "hang"   takes an hour              anything else: one PDF as result
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "dicom/encapsulated_pdf.h"
#include "dicom/index.h"
#include "dicom/mr_writer.h"
#include "service/node.h"

namespace parotis {
namespace {

namespace fs = std::filesystem;

service::AnalysisAnswer WritePdf(const service::AnalysisRequest& request, const dicom::Study& study) {
  std::vector<dicom::SourceImage> images;
  std::string content = request.model.name;
  for (const dicom::Series& series : study.series) {
    for (const dicom::SourceImage& image : dicom::SourceImagesOf(series)) images.push_back(image);
  }
  for (const dicom::SourceImage& image : images) content += image.sop_instance_uid;
  dicom::DerivedObject object;
  object.source = study.series.at(0).files.at(0).path;
  object.instance_uid = dicom::UidFromName(content);
  object.series_uid = dicom::UidFromName(content + " series");
  object.series_number = 9001;
  object.series_description = "RESEARCH USE ONLY";
  object.made_at = 1767268800;
  object.manufacturer = dicom::kOwnManufacturer;
  object.model = "fake", object.software = "0";
  base::CreateFolder(request.results);
  const fs::path file = request.results / "page.dcm";
  dicom::WriteEncapsulatedPdf(file, object, "%PDF-1.4\n%%EOF\n", "research use only", false, images);
  return {false,
          "",
          "diagnosed: " + request.model.name,
          {{"page.dcm", "1.2.840.10008.5.1.4.1.1.104.1", object.instance_uid, object.series_uid, fs::file_size(file)}}};
}

service::AnalysisAnswer Analyse(const service::AnalysisRequest& request, const fs::path& beside) {
  const dicom::Index index = dicom::IndexDicom(request.study);
  const dicom::Study& study = index.studies.at(0);
  const std::string what = study.description;
  if (what == "refuse") return {true, "it was asked to", "refused", {}};
  if (what == "crash") std::raise(SIGSEGV);
  if (what == "slow") std::this_thread::sleep_for(std::chrono::seconds(2));
  if (what == "hang") std::this_thread::sleep_for(std::chrono::hours(1));
  const fs::path remembered = beside / ("failed-" + study.uid);
  const bool fails = what == "fail" || (what == "fail once" && !fs::exists(remembered));
  if (fails) {
    base::WriteFile(remembered, "");
    base::Throw(base::ErrorKind::kInternal, "it was asked to fail");
  }
  return WritePdf(request, study);
}

int Run(const std::vector<std::string>& arguments) {
  const service::NodeConfig config = service::ReadNodeConfig(arguments.at(1));
  const fs::path beside = fs::absolute(arguments[1]).parent_path();
  const service::NodeProgram program{
      .command = {fs::read_symlink("/proc/self/exe").string(), arguments[1]},
      .analyse = [beside](const service::AnalysisRequest& request) { return Analyse(request, beside); }};
  base::SetLogLevel(base::LogLevel::kSilent);
  if (arguments.size() > 3) return service::RunRole(config, program, arguments[3]);
  return service::RunNode(config, program);
}

}  // namespace
}  // namespace parotis

int main(int argc, char** argv) {
  try {
    return parotis::Run(std::vector<std::string>(argv, argv + argc));
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
