// The compressed frames of a file, each in one or several fragments (PS3.5 A.4).
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

class DcmItem;
class DcmPixelItem;
class DcmPixelSequence;

namespace parotis::dicom {

class Fragments {
 public:
  // Finds out where each frame starts: the only frame takes all fragments; as many fragments as frames are one each;
  // else the extended offset table, the basic one, or the fragments that begin with a picture's start marker say it.
  // Throws kRefused: pixels_missing when there are fewer fragments than frames, pixels_undecodable when they cannot be
  // told apart. `sequence` and `dataset` must outlive this.
  Fragments(DcmPixelSequence& sequence, DcmItem& dataset, int frames, std::string name);

  // Number of the frame's first fragment, counted from 1 (0 is the basic offset table).
  unsigned first(int frame) const { return starts_[static_cast<std::size_t>(frame)]; }
  unsigned count(int frame) const { return starts_[static_cast<std::size_t>(frame) + 1] - first(frame); }
  // Its bytes, joined.
  std::vector<std::byte> Bytes(int frame) const;

 private:
  std::vector<std::byte> BytesOf(std::size_t item) const;
  std::vector<std::size_t> ByOffsets(const std::vector<std::byte>& table, std::size_t width, std::size_t frames) const;
  std::vector<std::size_t> ByMarkers(std::size_t frames) const;
  std::vector<unsigned> Starts(DcmItem& dataset, std::size_t frames) const;

  std::vector<DcmPixelItem*> items_;  // the offset table first
  std::string name_;
  std::vector<unsigned> starts_;  // [frame], and one past the last fragment
};

}  // namespace parotis::dicom
