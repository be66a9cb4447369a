// What speaks for and against an answer, as terms of a sum. Points are log-likelihood-like: they add up, and a
// difference of one is the least that counts.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace parotis::intake {

struct Term {
  std::string about;  // "plane", "fat suppression": terms about the same thing are compared with each other
  std::string fact;   // "axial", "TE 90 ms, TR 4000 ms"
  double points = 0;
};

double SumOf(std::span<const Term> terms);
// "plane: axial +40; slices: 24 +8"
std::string Written(std::span<const Term> terms);

}  // namespace parotis::intake
