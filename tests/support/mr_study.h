// The study that tests of the DICOM writers write into.
#pragma once

#include "dicom/mr_writer.h"

namespace parotis::test {

inline dicom::MrStudy SomeStudy() {
  dicom::MrStudy study;
  study.uid = dicom::UidFromName("study");
  study.frame_of_reference_uid = dicom::UidFromName("frame");
  study.date = "20240102";
  study.time = "101500";
  study.patient_name = "SYNTHETIC^0001";
  study.patient_id = "S1";
  study.sex = "F";
  return study;
}

}  // namespace parotis::test
