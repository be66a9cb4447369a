#include "report/published_figures.h"

#include "base/error.h"
#include "base/json.h"

namespace parotis::report {
namespace {

double ReadShare(base::JsonObject& object, const std::string& key) {
  const auto value = object.Get<double>(key);
  if (value < 0 || value > 1) base::Throw(base::ErrorKind::kInput, object.PathOf(key) + " must lie between 0 and 1");
  return value;
}

}  // namespace

PublishedFigures ReadPublishedFigures(const std::filesystem::path& path) {
  const base::Json json = base::ReadJson(path);
  base::JsonObject object(json, path.string());
  PublishedFigures figures;
  object.ReadRequired("citation", figures.citation);
  object.ReadRequired("patients", figures.patients);
  object.Read("strict_accuracy_range", figures.strict_accuracy_range);
  base::JsonObject classes = object.Object("one_vs_rest");
  for (const auto& [name, member] : json["one_vs_rest"].items()) {
    base::JsonObject entry = classes.Object(name);
    figures.one_vs_rest[name] = {ReadShare(entry, "accuracy"), ReadShare(entry, "sensitivity"),
                                 ReadShare(entry, "specificity")};
    entry.Finish();
  }
  object.Finish();
  return figures;
}

}  // namespace parotis::report
