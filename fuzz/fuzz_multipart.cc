// http::MultipartReader: any bytes are parts, whose contents lie in the body as they were given out, or are refused.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.h"
#include "fuzz/memory_file.h"
#include "http/multipart_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parotis;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    http::MultipartReader reader(fuzz::MemoryFile(data, size), "b");
    http::Headers headers;
    for (std::size_t at = 0; reader.Next(headers);) {
      std::string content;
      reader.Content([&](std::string_view piece) { content += piece; });
      if (content.find("\r\n--b\r\n") != std::string::npos) std::abort();
      at = bytes.find(content, at);
      if (at == std::string_view::npos) std::abort();
      at += content.size();
    }
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::kInput) std::abort();
  }
  return 0;
}
