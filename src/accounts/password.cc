#include "accounts/password.h"

#include <argon2.h>
#include <fmt/format.h>

#include <array>
#include <atomic>
#include <optional>
#include <semaphore>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/number.h"
#include "base/secret.h"
#include "base/text.h"

namespace parotis::accounts {
namespace {

constexpr std::size_t kSaltBytes = 16, kHashBytes = 32;
constexpr std::size_t kMostEncodedBytes = 256;
constexpr std::size_t kLeastSaltSigns = 11, kLeastHashSigns = 16, kMostDigits = 9;  // of an encoded hash
constexpr HashCost kMostCost{.passes = 64, .memory_kib = 1U << 20U, .lanes = 64};

std::counting_semaphore<2> g_turns(2);
std::atomic<std::uint64_t> g_computed = 0;

class Turn {
 public:
  Turn() { g_turns.acquire(), ++g_computed; }
  ~Turn() { g_turns.release(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
};

bool IsBase64(std::string_view text, std::size_t least) {
  constexpr std::string_view kSigns = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return text.size() >= least && text.find_first_not_of(kSigns) == std::string_view::npos;
}

// Absent for what is no encoded hash, or one that costs more than anybody would ask for.
std::optional<HashCost> CostOf(const std::string& encoded) {
  if (encoded.size() > kMostEncodedBytes) return std::nullopt;
  // $argon2id$v=19$m=MEMORY,t=PASSES,p=LANES$SALT$HASH
  const std::vector<std::string_view> fields = base::PartsOf(encoded, '$');
  if (fields.size() != 6 || !fields[0].empty() || fields[1] != "argon2id" || fields[2] != "v=19") return std::nullopt;
  if (!IsBase64(fields[4], kLeastSaltSigns) || !IsBase64(fields[5], kLeastHashSigns)) return std::nullopt;
  const std::vector<std::string_view> costs = base::PartsOf(fields[3], ',');
  if (costs.size() != 3) return std::nullopt;
  const auto number = [&](std::size_t which, std::string_view name) {
    const bool is_named = costs[which].starts_with(name) && costs[which].size() <= name.size() + kMostDigits;
    return is_named ? base::NumberFrom<std::uint32_t>(costs[which].substr(name.size())) : std::nullopt;
  };
  const auto memory = number(0, "m="), passes = number(1, "t="), lanes = number(2, "p=");
  if (!memory || !passes || !lanes) return std::nullopt;
  const bool bearable = *passes <= kMostCost.passes && *memory <= kMostCost.memory_kib && *lanes <= kMostCost.lanes;
  if (!bearable) return std::nullopt;
  return HashCost{.passes = *passes, .memory_kib = *memory, .lanes = *lanes};
}

[[noreturn]] void RefuseToRead() {
  base::Throw(base::ErrorKind::kInput,
              "a password is kept in a form that this program cannot read; give its user a new one (parotis account "
              "NODE --change NAME --ask)");
}

[[noreturn]] void CannotCompute(int code) {
  base::Throw(base::ErrorKind::kIo, fmt::format("a password could not be hashed: {}; check how much memory is free",
                                                argon2_error_message(code)));
}

}  // namespace

std::string HashPassword(std::string_view password, const HashCost& cost) {
  const std::string salt = base::RandomBytes(kSaltBytes);
  std::array<char, kMostEncodedBytes> encoded{};
  const Turn turn;
  const int code = argon2id_hash_encoded(cost.passes, cost.memory_kib, cost.lanes, password.data(), password.size(),
                                         salt.data(), salt.size(), kHashBytes, encoded.data(), encoded.size());
  if (code != ARGON2_OK) CannotCompute(code);
  return encoded.data();
}

bool IsPassword(std::string_view password, const std::string& encoded) {
  if (!CostOf(encoded)) RefuseToRead();
  const Turn turn;
  const int code = argon2id_verify(encoded.c_str(), password.data(), password.size());
  if (code == ARGON2_MEMORY_ALLOCATION_ERROR || code == ARGON2_THREAD_FAIL) CannotCompute(code);
  if (code != ARGON2_OK && code != ARGON2_VERIFY_MISMATCH) RefuseToRead();
  return code == ARGON2_OK;
}

bool NeedsNewHash(const std::string& encoded, const HashCost& cost) {
  const auto kept = CostOf(encoded);
  return kept && *kept != cost;
}

std::uint64_t HashesComputed() { return g_computed; }

std::string GeneratePassword() {
  // 32 signs of five bits each, none of which looks like another.
  static constexpr std::string_view kSigns = "abcdefghijkmnpqrstuvwxyz23456789";
  static_assert(kSigns.size() == 32);
  std::string password;
  for (const char byte : base::RandomBytes(20)) {
    if (password.size() % 6 == 5) password += '-';
    password += kSigns[static_cast<unsigned char>(byte) % kSigns.size()];
  }
  return password;
}

}  // namespace parotis::accounts
