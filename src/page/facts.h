// What a list says of a study, from files that never change: an image's header, the document of its results. Each is
// read once. Private to this folder.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/json.h"

namespace parotis::page {

struct PatientFacts {
  std::string name, id, birth_date, sex;            // as the header has them: "Rossi^Anna", "19630401"
  std::string date, description, accession_number;  // of the study
};

struct AnswerFacts {
  std::string verdict, class_name;
  std::optional<double> probability;  // of the class that is named, else of the likeliest
  base::Json class_probabilities = base::Json::object();
  double tumour_probability = 0;
  std::size_t lesions = 0, flags = 0;
};

class Facts {
 public:
  // Of an image. Nothing known when it cannot be read.
  PatientFacts OfImage(const std::filesystem::path& image);
  // Of a folder of results; absent when they cannot be read.
  std::optional<AnswerFacts> OfResults(const std::filesystem::path& results);

 private:
  std::mutex mutex_;
  std::map<std::string, PatientFacts> patients_;
  std::map<std::string, AnswerFacts> answers_;
};

}  // namespace parotis::page
