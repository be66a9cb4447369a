#include "service/pull.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "base/error.h"
#include "base/json.h"
#include "dicom/instance_identity.h"
#include "http/client.h"
#include "http/multipart.h"
#include "service/receive_file.h"
#include "service/scratch_folder.h"
#include "service/spool.h"
#include "service/web_peer.h"

namespace parotis::service {
namespace {

namespace fs = std::filesystem;

constexpr int kMostInstances = 100'000;

const PeerEntry& SourceNamed(const NodeConfig& config, const std::string& name) {
  const PeerEntry* peer = config.Peer(name);
  if (peer == nullptr || peer->url.empty())
    base::Throw(base::ErrorKind::kIo, fmt::format("no peer {} with a url is configured any more", name));
  return *peer;
}

// RFC 3986 2.3: everything but unreserved characters.
std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    escaped += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return escaped;
}

// "today" stands for today's date, so that a fixed configuration asks for what is new.
std::string QueryOf(const PullEntry& pull) {
  const auto today = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::string query = "?includefield=00201208";
  for (const auto& [key, value] : pull.query)
    query +=
        "&" + Escaped(key) + "=" + Escaped(value == "today" ? fmt::format("{:%Y%m%d}", fmt::localtime(today)) : value);
  return query;
}

// The first value of an attribute in the DICOM JSON model (PS3.18 F.2.2), as text.
std::string ValueOf(const base::Json& dataset, const char* tag) {
  const auto attribute = dataset.find(tag);
  if (attribute == dataset.end() || !attribute->is_object() || !attribute->contains("Value")) return "";
  const base::Json& values = (*attribute)["Value"];
  if (!values.is_array() || values.empty()) return "";
  return values[0].is_string() ? values[0].get<std::string>() : values[0].dump();
}

// What a parser says of the text would repeat a piece of it, and names of patients are in there.
base::Json StudiesIn(const std::string& body, const std::string& source) {
  base::Json studies;
  try {
    studies = base::ParseJson(body, source);
  } catch (const base::Error&) {
    studies = {};
  }
  if (!studies.is_array())
    base::Throw(base::ErrorKind::kIo, fmt::format("{} answered a query with what is no DICOM JSON", source));
  return studies;
}

}  // namespace

std::vector<FoundStudy> FindStudies(const NodeConfig& config, const PullEntry& pull) {
  const PeerEntry& source = SourceNamed(config, pull.peer);
  const http::ShortAnswer answer = http::ExchangeShort({.method = "GET",
                                                        .url = source.url + "/studies" + QueryOf(pull),
                                                        .headers = {{"accept", "application/dicom+json"}},
                                                        .body = {}},
                                                       ClientOptionsOf(source));
  if (answer.status == 204) return {};
  if (answer.status != 200)
    base::Throw(base::ErrorKind::kIo, fmt::format("{} answered {} to a query", source.name, answer.status));
  std::vector<FoundStudy> found;
  for (const base::Json& study : StudiesIn(answer.body, source.name)) {
    const std::string uid = study.is_object() ? ValueOf(study, "0020000D") : "";
    if (dicom::IsUid(uid)) found.push_back({uid, ValueOf(study, "00201208")});
  }
  return found;
}

void FetchStudy(const NodeConfig& config, const Layout& layout, const std::string& source_name,
                const std::string& study_uid) {
  const PeerEntry& source = SourceNamed(config, source_name);
  const ScratchFolder scratch(layout.uploads / ("fetch-" + jobs::FolderOf(study_uid)));
  const fs::path body = scratch.path() / "body";
  const http::Answer answer =
      http::Exchange({.method = "GET",
                      .url = source.url + "/studies/" + study_uid,
                      .headers = {{"accept", "multipart/related; type=\"application/dicom\"; transfer-syntax=*"}},
                      .body = {}},
                     body, ClientOptionsOf(source));
  if (answer.status != 200)
    base::Throw(base::ErrorKind::kIo,
                fmt::format("{} answered {} to the request for a study", source.name, answer.status));
  const auto type = answer.headers.find("content-type");
  int failed = 0;
  http::ReadMultipart(body, type == answer.headers.end() ? "" : type->second, scratch.path(), kMostInstances,
                      [&](const http::Part& part) {
                        const dimse::Reception reception =
                            ReceiveFile(config, layout, part.file, source.name, study_uid).reception;
                        const bool not_ours = reception == dimse::Reception::kClassNotSupported;
                        if (reception != dimse::Reception::kStored && !not_ours) ++failed;
                      });
  if (failed > 0)
    base::Throw(base::ErrorKind::kIo,
                fmt::format("{} instances of a study of {} could not be taken", failed, source.name));
  SpoolRelease(layout.incoming, {study_uid});
}

}  // namespace parotis::service
