// Builds the series of an examination one after the other, timed in the order in which they are scanned, in words of no
// vendor: image types are ORIGINAL\PRIMARY\M, …\P, DERIVED\…\ADC, …\MPR, …\MIP or …\SUBTRACTION.
#pragma once

#include <string>

#include "physics/scan.h"
#include "scanner/dicom_study.h"
#include "scanner/site.h"

namespace parotis::scanner {

dicom::MrVolume NeutralImage(const image::Volume& volume);

class SeriesBuilder {
 public:
  SeriesBuilder(const physics::Examination& examination, const Site& site, DicomStudy& study, int start_s);

  void AddLocalizer();
  void AddT2();
  void AddT1();
  void AddT1c();
  // And the ADC map, if the site makes one.
  void AddDiffusion();
  void AddDynamic();
  // From here on images are taken after contrast agent.
  void Inject();

  // Of another kind: header as for that sequence; the caller adds volumes.
  DicomSeries& Add(SeriesKind kind, const std::string& description, const physics::Sequence& sequence, double slice_mm,
                   int duration_s);
  DicomSeries& AddGradientEcho(SeriesKind kind, const std::string& description, const physics::Sequence& sequence,
                               double slice_mm, double flip_angle_deg, int duration_s);

  const Site& site() const { return site_; }
  const physics::Examination& examination() const { return examination_; }

 private:
  void AddAnatomy(SeriesKind kind, const char* role, const char* description, const physics::Sequence& sequence,
                  const image::Volume& volume, int duration_s);
  DicomSeries& AddEchoPlanar(SeriesKind kind, const std::string& description, int duration_s);
  void Schedule(DicomSeries& series) const;
  void PartByBValue();

  const physics::Examination& examination_;
  const Site& site_;
  DicomStudy& study_;
  int clock_s_;
  std::string injected_at_;
};

// HHMMSS.
std::string TimeOfDay(int seconds);

}  // namespace parotis::scanner
