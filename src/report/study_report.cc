#include "report/study_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/build_info.h"
#include "base/files.h"
#include "diagnose/patient_rule.h"
#include "report/html.h"
#include "report/slice_picture.h"
#include "report/study_summary.h"

namespace parotis::report {
namespace {

using dataset::Diagnosis;
using dataset::Lesion;
using dataset::Verdict;

constexpr std::size_t kMostPicturedLesions = 6;
constexpr double kAdcUnitOfPage = 1000;  // µm²/s in one 10⁻³ mm²/s

std::string Flags(const Diagnosis& diagnosis) {
  if (diagnosis.flags.empty()) return {};
  std::string html = "<ul class=\"flags\">";
  for (const dataset::QualityFlag& flag : diagnosis.flags) {
    html += fmt::format("<li><b>{}.</b> {}</li>", Readable(flag.code), Escape(flag.message));
  }
  return html + "</ul>\n";
}

std::string ProbabilityBars(const Diagnosis& diagnosis) {
  if (diagnosis.class_probabilities.empty()) return {};
  std::string html = "<h2>Class probabilities</h2>\n<div class=\"bars\">";
  for (std::size_t c = 0; c < diagnosis.classes.size(); ++c) {
    const double probability = diagnosis.class_probabilities[c];
    html += fmt::format("<span>{}</span><span class=\"bar\"><i style=\"width:{:.1f}%\"></i></span><span>{}</span>",
                        Readable(diagnosis.classes[c]), 100 * probability, Number(probability, 2));
  }
  return html + "</div>\n<p class=\"soft\">Of the patient, given that there is a tumour of one of these classes.</p>\n";
}

std::string LesionRow(const Lesion& lesion) {
  std::string html =
      fmt::format(R"(<tr><td class="n">{}</td><td>{}</td><td class="n">{} × {}</td><td class="n">{}</td>)", lesion.id,
                  dataset::NameOf(lesion.side), Number(lesion.long_axis_mm, 1), Number(lesion.short_axis_mm, 1),
                  Number(lesion.volume_ml, 2));
  html += fmt::format(R"(<td class="n">{}</td><td class="n">{}</td>)", lesion.slice, AdcText(lesion, "not measured"));
  const std::size_t best = diagnose::LikeliestClass(lesion.class_probabilities);
  for (std::size_t c = 0; c < lesion.class_probabilities.size(); ++c) {
    html +=
        fmt::format(R"(<td class="n{}">{}</td>)", c == best ? " hit" : "", Number(lesion.class_probabilities[c], 2));
  }
  return html + "</tr>\n";
}

std::string LesionTable(const Diagnosis& diagnosis) {
  if (diagnosis.lesions.empty()) return {};
  std::string html = R"(<h2>Lesions</h2>
<div class="scroll"><table><tr><th class="n">No.</th><th>Side</th><th class="n">Size in slice, mm</th><th class="n">Volume, ml</th>
<th class="n">Slice</th><th class="n">ADC, 10<sup>−3</sup> mm²/s</th>)";
  for (const std::string& name : diagnosis.classes) html += fmt::format(R"(<th class="n">{}</th>)", Readable(name));
  html += "</tr>\n";
  for (const Lesion& lesion : diagnosis.lesions) html += LesionRow(lesion);
  return html + R"(</table></div>
<p class="soft">Side is the patient's own. Size: longest diameter in the slice where the lesion is largest, and the longest at a right
angle to it. ADC: mean ± standard deviation of the lesion's voxels. Slices count from 0.</p>
)";
}

std::string WindowText(const std::string& channel_name, const Brightness& brightness) {
  if (channel_name != dataset::kAdc) {
    const int decimals = brightness.high < 10 ? 2 : 0;  // fractions and kurtosis
    return fmt::format("{} to {}", Number(brightness.low, decimals), Number(brightness.high, decimals));
  }
  return fmt::format("{} to {} × 10<sup>−3</sup> mm²/s", Number(brightness.low / kAdcUnitOfPage, 2),
                     Number(brightness.high / kAdcUnitOfPage, 2));
}

std::string Figure(const image::Volume& channel, const std::string& channel_name, std::int64_t slice,
                   const image::LabelVolume& lesions, const PictureOptions& options, const std::string& what) {
  const std::string alternative = fmt::format("{}, slice {}, {}", channel_name, slice, what);
  return fmt::format("<figure>{}<figcaption>{}, {}, slice {}; window {}</figcaption></figure>",
                     SliceSvg(channel, slice, lesions, options, alternative), Escape(channel_name), Escape(what), slice,
                     WindowText(channel_name, BrightnessOf(channel, slice)));
}

std::string LesionPictures(const dataset::Case& examination, const Lesion& lesion, const image::LabelVolume& lesions) {
  std::string html = fmt::format(
      "<h3><span style=\"color:{};background:#222;padding:0 .3em\" aria-hidden=\"true\">■</span> Lesion {} "
      "({})</h3>\n<div class=\"row\">",
      ColourOfLesion(lesion.id), lesion.id, dataset::NameOf(lesion.side));
  PictureOptions whole;
  whole.scale_bar_mm = 50;
  html += Figure(examination.channels[0], examination.channel_names[0], lesion.slice, lesions, whole, "whole slice");
  PictureOptions close;
  close.centre_world = lesion.centre_world;
  for (std::size_t c = 0; c < examination.channels.size(); ++c) {
    html += Figure(examination.channels[c], examination.channel_names[c], lesion.slice, lesions, close,
                   "around the lesion");
  }
  return html + "</div>\n";
}

std::string Overview(const dataset::Case& examination, const image::LabelVolume& lesions) {
  const std::int64_t slices = examination.grid.size[image::SliceAxis(examination.grid.spacing_mm)];
  PictureOptions whole;
  whole.scale_bar_mm = 50;
  std::string html = "<div class=\"row\">";
  for (std::size_t c = 0; c < examination.channels.size(); ++c) {
    html += Figure(examination.channels[c], examination.channel_names[c], slices / 2, lesions, whole, "middle slice");
  }
  return html + "</div>\n";
}

std::string Pictures(const StudyReportInput& input) {
  if (input.examination == nullptr) return {};
  const auto& lesions = input.result.diagnosis.lesions;
  const image::LabelVolume& map = input.result.lesion_map;
  std::string html =
      "<h2>Pictures</h2>\n<p class=\"soft\">R, L, A, P, S, I: the patient's right, left, front, back, head and feet. "
      "Outlines are the "
      "program's, drawn along voxel edges.</p>\n";
  if (lesions.empty()) {
    const bool has_map = !map.voxels.empty();
    return html + Overview(*input.examination, has_map ? map : image::LabelVolume(input.examination->grid));
  }
  for (std::size_t l = 0; l < std::min(lesions.size(), kMostPicturedLesions); ++l) {
    html += LesionPictures(*input.examination, lesions[l], map);
  }
  if (lesions.size() > kMostPicturedLesions) {
    html +=
        fmt::format("<p>{} smaller lesions are listed in the table only.</p>\n", lesions.size() - kMostPicturedLesions);
  }
  return html;
}

std::string ValueText(const base::Json& value) {
  if (value.is_string()) return Escape(value.get<std::string>());
  if (value.is_null()) return "n/a";
  if (value.is_array()) {
    std::string html;
    for (const base::Json& member : value) html += (html.empty() ? "" : ", ") + ValueText(member);
    return html;
  }
  return Escape(value.dump(-1, ' ', false, base::Json::error_handler_t::replace));
}

// "coverage", "b values, s/mm²": units that end a key, for people.
std::string KeyText(std::string_view key) {
  constexpr std::string_view kPerSquareMillimetre = "_s_mm2";
  if (!key.ends_with(kPerSquareMillimetre)) return Readable(key);
  return Readable(key.substr(0, key.size() - kPerSquareMillimetre.size())) + ", s/mm²";
}

// Answers "no" or "none" are not worth a line.
bool SaysNothing(const base::Json& value) {
  return value.is_null() || (value.is_array() && value.empty()) || (value.is_boolean() && !value.get<bool>());
}

// What is not in a column of its own, as "key: value".
std::string OtherMembers(const base::Json& entry, const std::set<std::string>& shown) {
  std::string html;
  for (const auto& [key, value] : entry.items()) {
    if (shown.contains(key) || SaysNothing(value)) continue;
    html += fmt::format("{}{}: {}", html.empty() ? "" : "<br>", KeyText(key), ValueText(value));
  }
  return html;
}

std::string MemberText(const base::Json& entry, const char* key) {
  return entry.contains(key) ? ValueText(entry[key]) : std::string();
}

std::string ChannelTable(const base::Json& channels) {
  std::string html =
      "<div class=\"scroll\"><table><tr><th>Channel</th><th class=\"n\">Series</th><th>Description</th><th>What was "
      "done</th></tr>";
  for (const auto& [name, entry] : channels.items()) {
    html += fmt::format("<tr><td>{}</td>", Escape(name));
    if (entry.is_object()) {
      html += fmt::format("<td class=\"n\">{}</td><td>{}</td><td>{}</td></tr>", MemberText(entry, "series_number"),
                          MemberText(entry, "description"),
                          OtherMembers(entry, {"series_number", "description", "series_uid"}));
    } else {
      html += fmt::format("<td></td><td></td><td>{}</td></tr>", ValueText(entry));
    }
  }
  return html + "</table></div>\n";
}

std::string SeriesUids(const base::Json& channels) {
  std::string html;
  for (const auto& [name, entry] : channels.items()) {
    if (entry.is_object() && entry.contains("series_uid")) {
      html += fmt::format("<dt>Series of {}</dt><dd>{}</dd>", Escape(name), ValueText(entry["series_uid"]));
    }
  }
  return html;
}

std::string Sources(const StudyReportInput& input) {
  std::string html =
      fmt::format("<h2>What was read from where</h2>\n<dl><dt>Study</dt><dd>{}</dd></dl>\n", Escape(input.study));
  if (input.examination == nullptr || !input.examination->provenance.is_object()) return html;
  const base::Json& provenance = input.examination->provenance;
  const auto channels = provenance.find("channels");
  const bool has_channels = channels != provenance.end() && channels->is_object();
  std::string rest;
  if (has_channels) {
    html += ChannelTable(*channels);
    rest = SeriesUids(*channels);
  }
  for (const auto& [key, value] : provenance.items()) {
    if (has_channels && key == "channels") continue;
    rest += fmt::format("<dt>{}</dt><dd>{}</dd>", Readable(key),
                        value.is_object() ? OtherMembers(value, {}) : ValueText(value));
  }
  return rest.empty() ? html
                      : html + "<details><summary>Everything on record about the input</summary><dl>" + rest +
                            "</dl></details>\n";
}

std::string Rule(const StudyReportInput& input) {
  const plan::DiagnosisPlan& rule = input.model.plan.diagnosis;
  std::string decisive;
  for (const auto& [name, threshold] : rule.decisive_classes) {
    decisive += fmt::format("{}{} from {}{}", decisive.empty() ? "" : ", ", Readable(name), Number(threshold, 2),
                            diagnose::HasOperatingPoint(name, rule) ? ", and never below" : "");
  }
  return fmt::format(R"(<h2>How the answer was reached</h2>
<p class="reason">{}</p>
<dl><dt>Lesions</dt><dd>connected regions where the probability of tumour is at least {}, of {} ml or more, with a peak of at least {}</dd>
<dt>Several lesions</dt><dd>mean of their class probabilities, weighted by volume</dd>
<dt>Deciding classes</dt><dd>{}</dd><dt>Class left open</dt><dd>{}</dd><dt>Temperature</dt><dd>{}</dd></dl>
)",
                     Escape(input.result.diagnosis.reason), Number(rule.voxel_threshold, 2),
                     Number(rule.min_volume_ml, 2), Number(rule.min_peak_probability, 2),
                     decisive.empty() ? "none" : decisive,
                     rule.min_class_probability > 0 ? "below " + Number(rule.min_class_probability, 2) : "never",
                     Number(rule.temperature, 2));
}

std::string Model(const StudyReportInput& input) {
  return fmt::format(R"(<h2>Model and program</h2>
<dl><dt>Model</dt><dd>{}</dd><dt>SHA-256</dt><dd>{}</dd><dt>Input channels</dt><dd>{}</dd><dt>Intended use</dt><dd>{}</dd>
<dt>Program</dt><dd>parotis {}</dd><dt>Made</dt><dd>{}</dd></dl>
)",
                     Escape(input.model.name), Escape(input.model.file_hash),
                     Escape(fmt::format("{}", fmt::join(input.model.channels, ", "))), Escape(input.model.intended_use),
                     Escape(base::BuildId()), Escape(input.date));
}

}  // namespace

std::string StudyReportHtml(const StudyReportInput& input) {
  const Diagnosis& diagnosis = input.result.diagnosis;
  const std::string body =
      fmt::format("<h1>{}</h1>\n<p class=\"reason\">{}</p>\n<p class=\"soft\">Case {}</p>\n",
                  Escape(Headline(diagnosis)), Escape(diagnosis.reason), Escape(diagnosis.case_id)) +
      Flags(diagnosis) + ProbabilityBars(diagnosis) + LesionTable(diagnosis) + Pictures(input) + Sources(input) +
      (diagnosis.verdict == Verdict::kRefused ? std::string() : Rule(input)) + Model(input);
  return Page("parotis: " + diagnosis.case_id, body);
}

void WriteStudyReport(const std::filesystem::path& path, const StudyReportInput& input) {
  base::WriteFile(path, StudyReportHtml(input));
}

}  // namespace parotis::report
