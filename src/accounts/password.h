// Passwords: how they are kept (Argon2id, RFC 9106), which are taken (NIST SP 800-63B 5.1.1.2: long, not a well-known
// one, no rules of composition), and random ones. All text is UTF-8 and compared byte by byte: a page should send what
// was typed in Unicode's form NFC (JavaScript: normalize()).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace parotis::accounts {

// What one hash costs; the default is RFC 9106's second recommended option. Tests may take less.
struct HashCost {
  std::uint32_t passes = 3, memory_kib = 65536, lanes = 4;
  bool operator==(const HashCost&) const = default;
};

inline constexpr std::size_t kFewestCharacters = 12, kMostCharacters = 128;  // code points
inline constexpr std::size_t kMostPasswordBytes = 4 * kMostCharacters;

// "" when the password may be taken by the user of this name, else one sentence that says why not.
std::string ProblemOfPassword(std::string_view password, std::string_view name);

// "$argon2id$v=19$m=65536,t=3,p=4$SALT$HASH". Thread-safe; at most two hashes are computed at a time in a process
// (64 MiB each), further callers wait. Throws kIo when the memory is not to be had.
std::string HashPassword(std::string_view password, const HashCost& cost = {});

// Whether this is the password that `encoded` was made of; costs what `encoded` says, and waits as above. Throws kInput
// when `encoded` is no such text, or asks for more than 1 GiB, 64 passes or 64 lanes.
bool IsPassword(std::string_view password, const std::string& encoded);

// The password was kept at another cost than today's: keep it anew when it is next known. False for what is no hash.
bool NeedsNewHash(const std::string& encoded, const HashCost& cost = {});

// How many hashes this process has computed.
std::uint64_t HashesComputed();

// A random one of 100 bits that can be read out: "k7wmp-3xq9a-hd2vt-c8rzn".
std::string GeneratePassword();

}  // namespace parotis::accounts
