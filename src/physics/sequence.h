// A pulse sequence, as far as its images depend on it. Times in ms.
#pragma once

namespace parotis::physics {

enum class SequenceKind { kSpinEcho, kTurboSpinEcho, kEchoPlanar, kGradientEcho };

struct Sequence {
  SequenceKind kind = SequenceKind::kSpinEcho;
  double tr_ms = 4000;
  double te_ms = 90;     // effective, of trains
  double flip_deg = 90;  // of gradient echoes
  double fat_left = 1;   // share of the fat's signal that suppression leaves
  // Seconds from the injection to the centre of k-space; negative: before it.
  double after_injection_s = -1;

  // The readout.
  double read_bandwidth_hz = 220;  // per pixel: fat is shifted along the rows by its frequency over this
  int phase_lines = 0;             // acquired lines; 0: as many as the image has rows. Fewer are filled up with zeros
  int echo_train = 1;              // turbo spin echo
  double echo_spacing_ms = 0;      // turbo spin echo and echo-planar
  double acceleration = 1;         // of the echo-planar train
  double polarity = 1;             // +1: a higher field moves an echo-planar image towards higher rows; −1: lower
};

// Field offset that moves an echo-planar image by one pixel along the phase encoding (columns), in Hz:
// R / (N · echo spacing). Negative with negative polarity.
inline double EchoPlanarBandwidthHz(const Sequence& sequence, int rows) {
  return sequence.polarity * sequence.acceleration * 1000 / (rows * sequence.echo_spacing_ms);
}

}  // namespace parotis::physics
