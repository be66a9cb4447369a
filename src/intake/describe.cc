#include "intake/describe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "base/utf8.h"
#include "intake/choice_reasons.h"

namespace parotis::intake {
namespace {

using base::Json;
using dicom::Series;

constexpr std::size_t kLongestDescription = 32;

template <class T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json BValues(const Series& series) {
  Json values = Json::array();
  for (std::size_t v = 0; v < series.volumes.size(); ++v) values.push_back(OrNull(MeasuredBValue(series, v)));
  return values;
}

Json Findings(const std::vector<base::Finding>& findings) {
  Json list = Json::array();
  for (const base::Finding& each : findings) {
    list.push_back({{"code", each.code},
                    {"policy", base::NameOf(base::ConditionNamed(each.code).policy)},
                    {"message", each.message}});
  }
  return list;
}

// {"axis": "row", "positive": true, "source": "CSA header"}; null when the header does not say.
Json PhaseEncodingOf(const Series& series) {
  if (series.volumes.empty() || !series.volumes.front().phase_encoding) return nullptr;
  const dicom::PhaseEncoding& encoding = *series.volumes.front().phase_encoding;
  Json json = {{"axis", encoding.axis == 0 ? "row" : "column"}, {"positive", OrNull(encoding.positive)}};
  if (encoding.positive) json["source"] = encoding.polarity_source;
  return json;
}

Json OneSeries(const dicom::Study& study, const Series& series, const SeriesRole& role) {
  Json json = {{"uid", series.uid},
               {"number", OrNull(series.number)},
               {"description", series.description},
               {"role", NameOf(role.role)},
               {"b_values_s_mm2", BValues(series)},
               {"channels", role.channels},
               {"reason", role.reason},
               {"study_uid", study.uid},
               {"modality", series.modality},
               {"body_part", series.body_part},
               {"manufacturer", series.manufacturer},
               {"plane", dicom::NameOf(series.plane)},
               {"echo_time_ms", OrNull(series.echo_time_ms)},
               {"repetition_time_ms", OrNull(series.repetition_time_ms)},
               {"inversion_time_ms", OrNull(series.inversion_time_ms)},
               {"flip_angle_deg", OrNull(series.flip_angle_deg)},
               {"acquisition_time", series.acquisition_time},
               {"contrast_agent", series.contrast_agent},
               {"contrast_start_time", series.contrast_start_time},
               {"frame_of_reference_uid", series.frame_of_reference_uid},
               {"phase_encoding", PhaseEncodingOf(series)},
               {"files", series.files.size()},
               {"volumes", series.volumes.size()},
               {"findings", Findings(series.findings)}};
  if (!series.volumes.empty() && series.volumes.front().problem.empty()) {
    json["size"] = series.volumes.front().geometry.size;
    json["spacing_mm"] = series.volumes.front().geometry.spacing_mm;
  }
  return json;
}

// Of the frames that this series has in the dynamic acquisition; null when it has none.
Json FrameTimesOf(std::size_t series, const DynamicSet& dynamic) {
  Json times;
  for (std::size_t n = 0; n < dynamic.frames.size(); ++n) {
    if (dynamic.frames[n].series == series) times.push_back(dynamic.times_s[n]);
  }
  return times;
}

std::string WhoServes(const dicom::Study& study, const RoleChoice& choice) {
  if (!choice.series.empty()) return NamesOf(study, choice.series);
  return choice.role == Role::kAdc ? "computed from the diffusion images" : "nobody";
}

Json TermsToJson(const std::vector<Term>& terms) {
  Json list = Json::array();
  for (const Term& term : terms) list.push_back({{"about", term.about}, {"fact", term.fact}, {"points", term.points}});
  return list;
}

Json UidsOf(const dicom::Study& study, const std::vector<std::size_t>& series) {
  Json list = Json::array();
  for (const std::size_t s : series) list.push_back(study.series[s].uid);
  return list;
}

// "0, 12 × 1000": distinct b-values in ascending order with how many volumes have them.
std::string BValueCell(const Series& series) {
  std::map<long, int> counts;
  for (std::size_t v = 0; v < series.volumes.size(); ++v) {
    if (const auto b = MeasuredBValue(series, v)) ++counts[std::lround(*b)];
  }
  std::vector<std::string> texts;
  texts.reserve(counts.size());
  for (const auto& [b, count] : counts)
    texts.push_back(count == 1 ? std::to_string(b) : fmt::format("{} × {}", count, b));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string Shortened(const std::string& text) {
  if (base::ColumnsOf(text) <= kLongestDescription) return text;
  return std::string(base::FirstColumns(text, kLongestDescription - 1)) + "…";
}

std::vector<std::string> Row(const Series& series, const SeriesRole& role) {
  std::string slices = "-";
  std::string spacing = "-";
  if (!series.volumes.empty() && series.volumes.front().problem.empty()) {
    const auto& geometry = series.volumes.front().geometry;
    slices = std::to_string(geometry.size[2]);
    spacing =
        fmt::format("{:.2f} × {:.2f} × {:.1f}", geometry.spacing_mm[0], geometry.spacing_mm[1], geometry.spacing_mm[2]);
  }
  return {series.number ? std::to_string(*series.number) : "-",
          Shortened(series.description),
          NameOf(role.role),
          dicom::NameOf(series.plane),
          slices,
          spacing,
          BValueCell(series),
          role.channels.empty() ? "-" : fmt::format("{}", fmt::join(role.channels, ",")),
          role.reason};
}

}  // namespace

Json SeriesToJson(const dicom::Study& study, const StudyRoles& roles) {
  Json list = Json::array();
  for (std::size_t s = 0; s < study.series.size(); ++s) {
    list.push_back(OneSeries(study, study.series[s], roles.series[s]));
    list.back()["frame_times_s"] = FrameTimesOf(s, roles.dynamic);
  }
  return list;
}

Json ChoicesToJson(const dicom::Study& study, const StudyRoles& roles) {
  Json list = Json::array();
  for (const RoleChoice& choice : roles.choices) {
    Json json = {{"role", NameOf(choice.role)},
                 {"series", UidsOf(study, choice.series)},
                 {"points", SumOf(choice.terms)},
                 {"margin", choice.rivals.empty() ? Json(nullptr) : Json(choice.rivals.front().behind)},
                 {"tied", choice.tied},
                 {"decided_by", choice.decided_by},
                 {"terms", TermsToJson(choice.terms)},
                 {"rivals", Json::array()}};
    for (const Rival& rival : choice.rivals) {
      json["rivals"].push_back({{"series", UidsOf(study, rival.series)},
                                {"points", SumOf(rival.terms)},
                                {"behind", rival.behind},
                                {"repetition", rival.repeated},
                                {"terms", TermsToJson(rival.terms)}});
    }
    list.push_back(std::move(json));
  }
  return list;
}

std::string ChoicesAsText(const dicom::Study& study, const StudyRoles& roles) {
  std::string text;
  for (const RoleChoice& choice : roles.choices) {
    text += fmt::format("{}: {}, {:.1f} points{}{} [{}]\n", NameOf(choice.role), WhoServes(study, choice),
                        SumOf(choice.terms), choice.decided_by == "the score" ? "" : ", by " + choice.decided_by,
                        choice.tied ? ", tied" : "", Written(choice.terms));
    for (const Rival& rival : choice.rivals)
      text +=
          fmt::format("  {:.1f} behind: {} [{}]\n", rival.behind, NamesOf(study, rival.series), Written(rival.terms));
  }
  return text;
}

std::string TableOf(const dicom::Study& study, const StudyRoles& roles) {
  std::vector<std::vector<std::string>> rows = {
      {"series", "description", "role", "plane", "slices", "spacing mm", "b s/mm²", "channels", "why"}};
  for (std::size_t s = 0; s < study.series.size(); ++s) rows.push_back(Row(study.series[s], roles.series[s]));
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], base::ColumnsOf(row[c]));
  }
  std::string table;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      line += row[c];
      if (c + 1 < row.size()) line.append(widths[c] - base::ColumnsOf(row[c]) + 2, ' ');
    }
    table += line + '\n';
  }
  return table;
}

}  // namespace parotis::intake
