// SHA-256 (FIPS 180-4), the one hash by which plans, inputs and weights are named.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace parotis::base {

class Sha256 {
 public:
  Sha256();
  void Update(std::span<const std::byte> bytes);
  void Update(std::string_view text);
  // 64 lower-case hexadecimal digits. The object is used up.
  std::string Hex();

 private:
  void Block(const std::uint8_t* block);

  std::array<std::uint32_t, 8> state_;
  std::array<std::uint8_t, 64> buffer_{};
  std::size_t buffered_ = 0;
  std::uint64_t length_ = 0;
};

std::string HashOf(std::string_view text);
std::string HashOf(std::span<const std::byte> bytes);
std::string HashOfFile(const std::filesystem::path& path);

}  // namespace parotis::base
