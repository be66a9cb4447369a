// Scalars as TensorBoard reads them: events.out.tfevents files, made of TFRecords (length, its masked CRC-32C, the
// bytes, their masked CRC-32C; https://www.tensorflow.org/tutorials/load_data/tfrecord) that hold Event messages in the
// wire format of protocol buffers (tensorflow/core/util/event.proto). Written by hand: two messages need no library.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parotis::report {

struct Scalar {
  std::int64_t step = 0;
  std::string tag;  // "train/loss"
  float value = 0;
};

// A whole events file: the version record first, as TensorBoard demands, then the scalars in the order given.
// `wall_time_s`: seconds since 1970 of the first; each further step is one second later, as logs hold no times.
std::string EventsFileOf(const std::vector<Scalar>& scalars, double wall_time_s = 0);

// CRC-32C (Castagnoli polynomial, RFC 3720 section 12.1), and TFRecord's masked form of it.
std::uint32_t Crc32c(std::string_view bytes);
std::uint32_t MaskedCrc32c(std::string_view bytes);

// The scalars of a log.jsonl (docs/training.md): every number under its own name, those of nested objects with the path
// ("validation/dice/CLASS"). `text`: the file; a last line that was cut off is left out. Throws kInput on other lines
// that are no JSON object with an iteration.
std::vector<Scalar> ScalarsOfLog(std::string_view text, const std::string& name);

}  // namespace parotis::report
