// A real archive for tests: Debian's Orthanc with its DICOMweb plug-in, on loopback ports of its own, gone with the
// object.
#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/tls_files.h"
#include "http/client.h"
#include "tests/support/background.h"

namespace parotis::test {

class Orthanc {
 public:
  struct Settings {
    std::uint16_t node_port = 0;
    bool routes = true;  // sends MR images of stable studies to the node
    std::optional<base::TlsFiles> tls = std::nullopt;
  };
  static bool Exists() { return std::filesystem::exists("/usr/sbin/Orthanc"); }

  Orthanc(const std::filesystem::path& folder, const Settings& settings) : folder_(folder) {
    base::CreateFolder(folder);
    // One association for all images of the study; results, which are no MR, are not sent back.
    base::WriteFile(folder / "route.lua", R"(
function OnStableStudy(study, tags, metadata)
  local images = {}
  for _, series in ipairs(ParseJson(RestApiGet('/studies/' .. study .. '/series'))) do
    if series['MainDicomTags']['Modality'] == 'MR' then table.insert(images, series['ID']) end
  end
  if #images > 0 then RestApiPost('/modalities/parotis/store', DumpJson(images)) end
end
)");
    base::Json config = {{"Name", "test"},
                         {"StorageDirectory", (folder / "storage").string()},
                         {"IndexDirectory", (folder / "index").string()},
                         {"Plugins", {"/usr/share/orthanc/plugins/libOrthancDicomWeb.so"}},
                         {"HttpPort", http_port_},
                         {"DicomPort", dicom_port_},
                         {"DicomAet", "ORTHANC"},
                         {"DicomCheckCalledAet", true},
                         {"RemoteAccessAllowed", false},
                         {"AuthenticationEnabled", false},
                         {"DicomAlwaysAllowEcho", false},
                         {"DicomAlwaysAllowStore", false},
                         {"StableAge", 2},
                         {"DicomWeb", {{"Enable", true}, {"Root", "/dicom-web/"}}}};
    if (settings.routes) config["LuaScripts"] = {(folder / "route.lua").string()};
    base::Json node = {{"AET", "PAROTIS"}, {"Host", "127.0.0.1"}, {"Port", settings.node_port}};
    node["AllowStorageCommitment"] = true;
    if (settings.tls) {
      node["UseDicomTls"] = true;
      config["DicomTlsEnabled"] = true;
      config["DicomTlsCertificate"] = settings.tls->certificate.string();
      config["DicomTlsPrivateKey"] = settings.tls->key.string();
      config["DicomTlsTrustedCertificates"] = settings.tls->authorities.string();
    }
    config["DicomModalities"] = {{"parotis", node}};
    base::WriteJson(folder / "orthanc.json", config);
    process_ = std::make_unique<Background>(
        std::vector<std::string>{"/usr/sbin/Orthanc", (folder / "orthanc.json").string()}, folder / "orthanc.log");
    Eventually([&] { return ListensOn(http_port_) && ListensOn(dicom_port_); });
  }

  std::uint16_t dicom_port() const { return dicom_port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(http_port_); }
  std::string log() const { return base::ReadFile(folder_ / "orthanc.log"); }

  base::Json Get(const std::string& path) const {
    const http::ShortAnswer answer =
        http::ExchangeShort({.method = "GET", .url = url() + path, .headers = {}, .body = {}}, {});
    return answer.status == 200 ? base::ParseJson(answer.body, path) : base::Json();
  }
  base::Json Post(const std::string& path, const http::Piece& body) const {
    const http::ShortAnswer answer =
        http::ExchangeShort({.method = "POST", .url = url() + path, .headers = {}, .body = {body}}, {});
    return answer.status == 200 ? base::ParseJson(answer.body, path)
                                : base::Json({{"status", answer.status}, {"body", answer.body}});
  }
  // What arrived in a file of this study's folder.
  void Upload(const std::filesystem::path& folder) const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) Post("/instances", entry.path());
    }
  }
  // How many instances it has of a modality ("SEG").
  std::size_t InstancesOf(const std::string& modality) const {
    const base::Json found =
        Post("/tools/find", std::string(R"({"Level": "Instance", "Query": {"Modality": ")" + modality + "\"}}"));
    return found.is_array() ? found.size() : 0;
  }

 private:
  std::filesystem::path folder_;
  std::uint16_t http_port_ = FreePort(), dicom_port_ = FreePort();
  std::unique_ptr<Background> process_;
};

}  // namespace parotis::test
