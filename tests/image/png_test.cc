#include "image/png.h"

#include <gtest/gtest.h>
#include <png.h>

#include "base/error.h"

namespace parotis::image {
namespace {

TEST(Png, DecodesToThePixelsThatWereDrawn) {
  Picture picture(7, 3, {10, 20, 30});
  picture.Set(6, 0, {255, 0, 1});
  picture.Set(7, 0, {9, 9, 9});
  picture.Set(-1, 2, {9, 9, 9});
  const std::string bytes = EncodePng(picture);
  png_image decoded{};
  decoded.version = PNG_IMAGE_VERSION;
  ASSERT_NE(png_image_begin_read_from_memory(&decoded, bytes.data(), bytes.size()), 0);
  decoded.format = PNG_FORMAT_RGB;
  std::vector<std::uint8_t> rgb(PNG_IMAGE_SIZE(decoded));
  ASSERT_NE(png_image_finish_read(&decoded, nullptr, rgb.data(), 0, nullptr), 0);
  EXPECT_EQ(decoded.width, 7U);
  EXPECT_EQ(decoded.height, 3U);
  EXPECT_EQ(rgb, picture.rgb);
  EXPECT_EQ(rgb[6 * 3], 255);
  EXPECT_EQ(rgb[0], 10);
}

TEST(Png, AnEmptyPictureIsOurOwnMistake) { EXPECT_THROW(EncodePng(Picture()), base::Error); }

}  // namespace
}  // namespace parotis::image
