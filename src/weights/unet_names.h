// How U-Nets of common projects name their tensors: one table (unet_names.cc). A name is a template with the fields
//   {level}          from the finest, 0
//   {level1}         the same from 1
//   {conv}           convolution within the level, 0, 1, …
//   {conv3} {norm3}  its place, and its norm's, in a sequence of convolution, norm, activation: 3·conv and 3·conv + 1
//   {deep}           decoder level from the coarsest, 0
//   {deep1}          the same from 1
#pragma once

#include <optional>
#include <span>
#include <string>

namespace parotis::weights {

enum class Part { kEncoder, kUp, kDecoder, kHead };
enum class Field { kWeight, kBias, kScale, kShift, kMean, kVariance };

// What a tensor of a U-Net is. kUp and kDecoder of level l make the features of level l; kHead reads them.
struct Role {
  Part part = Part::kEncoder;
  int level = 0;        // 0: full resolution
  int convolution = 0;  // within an encoder's or decoder's level
  Field field = Field::kWeight;
  bool operator==(const Role&) const = default;
};

struct UNetNames {
  const char* project;
  // Without the last part (".weight"); "" where the project has none. The first two: of level 0, else as the second.
  const char* encoder_first;
  const char* encoder;
  const char* encoder_first_norm;
  const char* encoder_norm;
  const char* up;
  const char* decoder;
  const char* decoder_norm;
  const char* head;
  const char* scale;       // last part of the norm's factor
  const char* shift;       // and of what it adds
  bool skip_first;         // the decoder's first convolution reads the encoder's features before the upsampled ones
  const char* difference;  // what the network computes differently; "" for nothing
};

std::span<const UNetNames> KnownUNets();

// The name in a network of `levels` levels, with its last part; nothing where the project has no such tensor.
std::optional<std::string> NameOf(const UNetNames& names, const Role& role, int levels);

// What a tensor of our network (model/unet.h) is, from its name: "decoder_1.0.convolution.weight".
std::optional<Role> RoleOf(const std::string& our_name);

}  // namespace parotis::weights
