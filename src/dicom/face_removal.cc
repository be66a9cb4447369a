#include "dicom/face_removal.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.h"
#include "dicom/pixel_file.h"

namespace parotis::dicom {
namespace {

bool IsDiffusion(const Series& series) {
  return std::any_of(series.volumes.begin(), series.volumes.end(),
                     [](const SeriesVolume& volume) { return volume.b_value_s_mm2.has_value(); });
}

bool Better(const Study& study, const FaceInSeries& a, const FaceInSeries& b) {
  const auto rank = [&](const FaceInSeries& face) {
    return face.image.face.Rank(!IsDiffusion(study.series[face.series]));
  };
  return rank(a) > rank(b);
}

base::Finding Failed(const Series& series, const std::string& why) {
  return base::Found("deface_failed",
                     fmt::format("the face cannot be removed from series {}: {}",
                                 series.number ? std::to_string(*series.number) : "without a number", why));
}

// Stored values of all frames of one file, to be changed and written back without compression.
class StoredPixels {
 public:
  explicit StoredPixels(const std::filesystem::path& path) : file_(path) {
    const PixelDescription& pixels = file_.description();
    if (!pixels.is_map_of_signal() || pixels.format != PixelFormat::kInteger || pixels.bits_stored > 16)
      base::Throw(base::ErrorKind::kRefused, "its pixels are in colour or no whole numbers of 16 bits",
                  "deface_failed");
    for (int frame = 0; frame < pixels.frames; ++frame) {
      for (const double value : file_.Stored(frame).values) values_.push_back(static_cast<std::int32_t>(value));
    }
  }

  const PixelDescription& pixels() const { return file_.description(); }
  std::int32_t& At(int frame, std::int64_t column, std::int64_t row) {
    return values_[static_cast<std::size_t>(frame) * pixels().pixels() +
                   static_cast<std::size_t>(row * pixels().columns + column)];
  }

  // The stored value that stands for no signal, or the nearest to it.
  std::int32_t Nothing(const PlaneSource& source) const {
    const int bits = pixels().bits_stored;
    const std::int32_t low = pixels().is_signed ? -(1 << (bits - 1)) : 0;
    const std::int32_t high = pixels().is_signed ? (1 << (bits - 1)) - 1 : (1 << bits) - 1;
    const double zero = source.slope != 0 ? std::round(-source.intercept / source.slope) : 0;
    const auto stored =
        static_cast<std::int32_t>(std::clamp(zero, static_cast<double>(low), static_cast<double>(high)));
    return pixels().colour_model == "MONOCHROME1" ? low + high - stored : stored;
  }

  void Write(DcmDataset& dataset) const {
    const bool bytes = pixels().bits_allocated <= 8;
    for (const DcmTagKey& gone : {DCM_PixelData, DCM_SmallestImagePixelValue, DCM_LargestImagePixelValue,
                                  DcmTagKey(0x7fe0, 0x0001), DcmTagKey(0x7fe0, 0x0002)})
      delete dataset.remove(gone);
    dataset.putAndInsertUint16(DCM_BitsAllocated, bytes ? 8 : 16);
    dataset.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(pixels().bits_stored - 1));
    OFCondition status;
    if (bytes) {
      std::vector<Uint8> cells(values_.begin(), values_.end());
      status = dataset.putAndInsertUint8Array(DCM_PixelData, cells.data(), static_cast<unsigned long>(cells.size()));
    } else {
      std::vector<Uint16> cells(values_.begin(), values_.end());
      status = dataset.putAndInsertUint16Array(DCM_PixelData, cells.data(), static_cast<unsigned long>(cells.size()));
    }
    if (status.bad()) base::Throw(base::ErrorKind::kInternal, "cannot put pixels into a dataset");
  }

 private:
  PixelFile file_;
  std::vector<std::int32_t> values_;  // [frames, rows, columns]
};

}  // namespace

FaceRemoval::FaceRemoval(const Study& study, const std::vector<FaceInSeries>& faces) : study_(study) {
  std::map<std::string, const FaceInSeries*> best;  // by frame of reference; null: no head seen
  for (const Series& series : study.series) {
    if (!series.volumes.empty()) best[series.frame_of_reference_uid] = nullptr;
  }
  for (const FaceInSeries& face : faces) {
    own_.emplace(face.series, privacy::DepthBelowSkin(face.image.skin));
    const FaceInSeries*& known = best[study.series[face.series].frame_of_reference_uid];
    if (face.image.face.frame && (known == nullptr || Better(study, face, *known))) known = &face;
  }
  const bool any = MostRecognisable(faces) != nullptr;
  for (const auto& [frame, face] : best) {
    if (face != nullptr) {
      regions_.emplace(frame, privacy::FaceRegion(face->image.face, face->image.skin));
    } else if (any) {
      const auto series = std::find_if(study.series.begin(), study.series.end(), [&uid = frame](const Series& each) {
        return each.frame_of_reference_uid == uid && !each.volumes.empty();
      });
      failure_ = Failed(*series, "it lies in a frame of reference of its own, in which no face was found");
    }
  }
  // Where one series decides, doubt about another in the same frame does not matter.
  for (const FaceInSeries& face : faces) {
    const Series& series = study.series[face.series];
    if (face.image.face.undecided && best[series.frame_of_reference_uid] == nullptr)
      failure_ = Failed(series, "whether it shows a face cannot be told");
  }
}

std::vector<FaceRemoval::Place> FaceRemoval::PlacesOf(const Series& series, std::size_t file) const {
  std::vector<Place> places;
  for (const SeriesVolume& volume : series.volumes) {
    if (!volume.problem.empty()) continue;
    const auto add = [&](std::int64_t slice, const PlaneSource& source) {
      if (static_cast<std::size_t>(source.file) != file) return;
      const auto& size = volume.geometry.size;
      places.push_back({image::CroppedGrid(volume.geometry, {0, 0, slice}, {size[0], size[1], 1}), source});
    };
    for (std::size_t k = 0; k < volume.planes.size(); ++k) add(static_cast<std::int64_t>(k), volume.planes[k]);
    for (const DuplicateSlice& duplicate : volume.duplicates) add(duplicate.slice, duplicate.source);
  }
  return places;
}

Emptied FaceRemoval::Apply(std::size_t series_index, std::size_t file, DcmDataset& dataset) const {
  const Series& series = study_.series[series_index];
  const auto refuse = [&](const std::string& why) { base::Refuse(Failed(series, why)); };
  const std::vector<Place> places = PlacesOf(series, file);
  if (places.empty()) refuse("an image of it cannot be placed in the patient");
  const auto region = regions_.find(series.frame_of_reference_uid);
  if (region == regions_.end()) return Emptied::kNothing;
  const auto own = own_.find(series_index);
  std::optional<StoredPixels> pixels;
  for (const Place& place : places) {
    const image::LabelVolume removed = region->second.On(place.plane, own == own_.end() ? nullptr : &own->second);
    if (std::count(removed.voxels.begin(), removed.voxels.end(), 0) == place.plane.voxel_count()) continue;
    try {
      if (!pixels) pixels.emplace(series.files[file].path);
    } catch (const base::Error& error) {
      refuse(error.code() == "deface_failed" ? error.message() : "its pixels cannot be decoded");
    }
    const std::int32_t nothing = pixels->Nothing(place.source);
    for (std::int64_t j = 0; j < place.plane.size[1]; ++j) {
      for (std::int64_t i = 0; i < place.plane.size[0]; ++i) {
        if (removed.At(i, j, 0) == 0) continue;
        pixels->At(place.source.frame, place.source.first_pixel[0] + i, place.source.first_pixel[1] + j) = nothing;
      }
    }
  }
  if (!pixels) return Emptied::kNothing;
  // A mosaic's or multi-frame file's images that could not be placed would keep their faces.
  if (places.size() < static_cast<std::size_t>(pixels->pixels().frames)) refuse("an image of it cannot be placed");
  pixels->Write(dataset);
  return Emptied::kSome;
}

void RecordFaceRemoval(DcmDataset& dataset, Emptied emptied) {
  dataset.putAndInsertString(DCM_RecognizableVisualFeatures, "NO");
  OFString method;
  dataset.findAndGetOFStringArray(DCM_DeidentificationMethod, method);
  dataset.putAndInsertString(DCM_DeidentificationMethod, (method + "\\face removed").c_str());
  DcmItem* code = nullptr;
  if (dataset.findOrCreateSequenceItem(DCM_DeidentificationMethodCodeSequence, code, -2).good()) {
    code->putAndInsertString(DCM_CodeValue, "113102");
    code->putAndInsertString(DCM_CodingSchemeDesignator, "DCM");
    code->putAndInsertString(DCM_CodeMeaning, "Clean Recognizable Visual Features Option");
  }
  if (emptied == Emptied::kNothing) return;
  OFString derivation;
  dataset.findAndGetOFStringArray(DCM_DerivationDescription, derivation);
  if (!derivation.empty()) derivation += "; ";
  dataset.putAndInsertString(DCM_DerivationDescription, (derivation + "surface of the face removed").c_str());
}

}  // namespace parotis::dicom
