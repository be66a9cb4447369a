// The face removed from the pixels of a study's files: one region in patient space for each frame of reference
// (privacy/deface.h), emptied in every image. Private to this folder.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dicom/identity_in_pixels.h"
#include "privacy/deface.h"

class DcmDataset;

namespace parotis::dicom {

enum class Emptied {
  kNothing,  // no pixel of this file lies in the region: it stays as it is
  kSome,     // its pixels are written anew, without compression
};

class FaceRemoval {
 public:
  // `faces`: of `study`. Both are referred to.
  FaceRemoval(const Study& study, const std::vector<FaceInSeries>& faces);

  // Why no image of the study can be let out without its face: an image that cannot be placed, or a frame of reference
  // in which no face was found although another shows one. Empty when all is well.
  const base::Finding& failure() const { return failure_; }
  // Whether there is a face, or a part of one, to remove.
  bool wanted() const { return !regions_.empty(); }

  // Empties the pixels of file `file` of series `series`, whose dataset is loaded as a whole. Throws kRefused
  // (deface_failed) for pixels that cannot be written anew: colour, floating point, damaged.
  Emptied Apply(std::size_t series, std::size_t file, DcmDataset& dataset) const;

 private:
  struct Place {
    image::Geometry plane;  // one slice
    PlaneSource source;
  };
  std::vector<Place> PlacesOf(const Series& series, std::size_t file) const;

  const Study& study_;
  std::map<std::string, privacy::FaceRegion> regions_;  // by frame of reference
  std::map<std::size_t, privacy::DepthBelowSkin> own_;  // by series
  base::Finding failure_;
};

// Says in a dataset that the face was removed: RecognizableVisualFeatures (0028,0302) NO and the code 113102, Clean
// Recognizable Visual Features Option (PS3.15 E.3.2; PS3.16 CID 7050), a second value of DeidentificationMethod
// (0012,0063), and, where pixels were changed, a DerivationDescription (0008,2111; PS3.3 C.7.6.1.1.3).
void RecordFaceRemoval(DcmDataset& dataset, Emptied emptied);

}  // namespace parotis::dicom
