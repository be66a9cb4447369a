#include "dicom/archive_writer.h"

#include <fmt/format.h>
#include <zip.h>

#include <memory>
#include <tuple>

#include "base/error.h"

namespace parotis::dicom {
namespace {

[[noreturn]] void Fail(const std::string& what) {
  base::Throw(base::ErrorKind::kIo, fmt::format("a .zip cannot be made: {}", what));
}

struct SourceFree {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};

}  // namespace

std::string ZipOf(const std::vector<std::filesystem::path>& files) {
  zip_error_t error;
  zip_error_init(&error);
  const std::unique_ptr<zip_source_t, SourceFree> buffer(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!buffer) Fail(zip_error_strerror(&error));
  std::unique_ptr<zip_t, Discard> archive(zip_open_from_source(buffer.get(), ZIP_TRUNCATE, &error));
  if (!archive) Fail(zip_error_strerror(&error));
  zip_source_keep(buffer.get());  // the archive gives its own hold of it back when it is closed
  for (const std::filesystem::path& file : files) {
    zip_source_t* content = zip_source_file(archive.get(), file.c_str(), 0, -1);
    if (content == nullptr) Fail(zip_strerror(archive.get()));
    if (zip_file_add(archive.get(), file.filename().c_str(), content, ZIP_FL_ENC_UTF_8) < 0) {
      zip_source_free(content);
      Fail(zip_strerror(archive.get()));
    }
  }
  if (zip_close(archive.get()) != 0) Fail(zip_strerror(archive.get()));
  std::ignore = archive.release();  // closed
  zip_stat_t info;
  if (zip_source_stat(buffer.get(), &info) != 0 || zip_source_open(buffer.get()) != 0) Fail("its bytes cannot be read");
  std::string bytes(info.size, '\0');
  const zip_int64_t read = zip_source_read(buffer.get(), bytes.data(), bytes.size());
  zip_source_close(buffer.get());
  if (read != static_cast<zip_int64_t>(bytes.size())) Fail("its bytes cannot be read");
  return bytes;
}

}  // namespace parotis::dicom
