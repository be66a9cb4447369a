#include "dataset/covariates.h"

#include <gtest/gtest.h>

namespace parotis::dataset {
namespace {

TEST(Covariates, AreReadFromParticipants) {
  EXPECT_EQ(CovariatesOf({{"age_years", "54.5"}, {"sex", "M"}}), (Covariates{{"age_years", 54.5}, {"sex_male", 1}}));
  EXPECT_EQ(CovariatesOf({{"sex", "female"}}), (Covariates{{"sex_male", 0}}));
}

TEST(Covariates, WhatIsNoAgeOrSexIsNotKnown) {
  for (const char* age : {"", "n/a", "old", "-3", "54y", "1e9", "nan", "200"})
    EXPECT_TRUE(CovariatesOf({{"age_years", age}, {"sex", "O"}}).empty()) << age;
}

TEST(Covariates, AreReadFromDicomsAgeString) {
  EXPECT_EQ(CovariatesOfDicom("054Y", "F"), (Covariates{{"age_years", 54}, {"sex_male", 0}}));
  EXPECT_DOUBLE_EQ(CovariatesOfDicom("018M", "").at("age_years"), 1.5);
  EXPECT_NEAR(CovariatesOfDicom("300D", "").at("age_years"), 0.82, 0.01);
  for (const char* age : {"", "54Y", "0054Y", "054", "05YY", "054X"}) EXPECT_TRUE(CovariatesOfDicom(age, "O").empty());
}

}  // namespace
}  // namespace parotis::dataset
