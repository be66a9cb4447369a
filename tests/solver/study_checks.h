// What AssignRoles made of a study, in the words of its truth table.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "intake/roles.h"
#include "tests/solver/study_builder.h"

namespace parotis::intake::studies {

inline int NumberOf(const dicom::Study& study, const std::optional<VolumeReference>& reference) {
  return reference ? study.series[reference->series].number.value_or(-1) : 0;
}

inline std::vector<std::string> RolesFound(const StudyRoles& roles, const std::string& code) {
  std::vector<std::string> found;
  for (const RoleFinding& each : roles.findings) {
    if (each.finding.code == code && std::find(found.begin(), found.end(), NameOf(each.role)) == found.end())
      found.push_back(NameOf(each.role));
  }
  return found;
}

// One line, equal when the answers are equal.
inline std::string Answer(const Truth& truth) {
  std::string text = "t2 " + std::to_string(truth.t2) + ", t1c " + std::to_string(truth.t1c) + ", dwi";
  for (const int number : truth.dwi) text += " " + std::to_string(number);
  text += ", adc " + std::to_string(truth.adc) + ", refused";
  for (const std::string& role : truth.refused) text += " " + role;
  text += ", tied";
  for (const std::string& role : truth.tied) text += " " + role;
  return text;
}

inline Truth AnswerOf(const dicom::Study& study, const StudyRoles& roles) {
  Truth answer;
  answer.t2 = NumberOf(study, roles.t2);
  answer.t1c = NumberOf(study, roles.t1c);
  answer.adc = NumberOf(study, roles.adc);
  for (const VolumeReference& each : roles.diffusion) {
    const int number = study.series[each.series].number.value_or(-1);
    if (std::find(answer.dwi.begin(), answer.dwi.end(), number) == answer.dwi.end()) answer.dwi.push_back(number);
  }
  std::sort(answer.dwi.begin(), answer.dwi.end());
  answer.refused = RolesFound(roles, "role_contradictory");
  answer.tied = RolesFound(roles, "role_tied");
  return answer;
}

inline std::string Answer(const dicom::Study& study) { return Answer(AnswerOf(study, AssignRoles(study))); }

}  // namespace parotis::intake::studies
