#include "report/inspection_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/files.h"
#include "report/charts.h"
#include "report/html.h"
#include "report/slice_picture.h"

namespace parotis::report {
namespace {

constexpr double kTile_mm = 20;

std::string Facts(const std::vector<std::pair<std::string, std::string>>& facts) {
  std::string html;
  for (const auto& [name, value] : facts) {
    if (!value.empty()) html += fmt::format("<dt>{}</dt><dd>{}</dd>", Readable(name), Escape(value));
  }
  return html.empty() ? html : "<dl>" + html + "</dl>";
}

std::string Findings(const std::vector<InspectedFinding>& findings) {
  if (findings.empty()) return {};
  std::string html = "<ul class=\"flags\">";
  for (const InspectedFinding& each : findings) {
    html += fmt::format("<li><b>{}</b>: {} <span class=\"nowrap\">({})</span></li>",
                        each.policy == "refuse" ? "refused" : "take care", Escape(each.message), Escape(each.code));
  }
  return html + "</ul>";
}

// A volume that holds one slice only.
image::Volume OneSlice(const image::Volume& volume, std::int64_t slice) {
  const int axis = ScreenAxesOf(volume.geometry).slice;
  image::Geometry grid = volume.geometry;
  std::array<std::int64_t, 3> first{};
  std::array<std::int64_t, 3> size = grid.size;
  first[axis] = slice;
  size[axis] = 1;
  image::Volume result(image::CroppedGrid(grid, first, size));
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i)
        result.At(i, j, k) = volume.At(i + first[0], j + first[1], k + first[2]);
    }
  }
  return result;
}

std::string Figure(const image::Volume& volume, std::int64_t slice, const std::string& alternative,
                   const std::string& caption) {
  return fmt::format("<figure>{}<figcaption>{}</figcaption></figure>\n",
                     SliceSvg(volume, slice, image::LabelVolume(volume.geometry), {}, alternative), caption);
}

std::string SeriesPanel(const InspectedSeries& series) {
  const std::string name = fmt::format("{} {}", series.number, series.description);
  std::string used;
  for (const std::string& channel : series.channels) used += (used.empty() ? "" : ", ") + Escape(channel);
  std::string html =
      fmt::format("<div class=\"panel{}\"><h3>{}</h3>", series.channels.empty() ? "" : " used", Escape(name));
  html += series.slice ? Figure(*series.slice, 0, "Middle slice of series " + name, "middle slice")
                       : fmt::format("<p class=\"soft\">no picture: {}</p>", Escape(series.why_no_slice));
  html += fmt::format("<p><b>{}</b>{}</p><p class=\"reason\">{}</p>", Readable(series.role),
                      used.empty() ? ", not used" : " → " + used, Escape(series.reason));
  return html + Facts(series.facts) + Findings(series.findings) + "</div>\n";
}

std::string SeriesPanels(const InspectedStudy& study) {
  std::string html = "<h2>Series</h2>\n<div class=\"row\">";
  // What is used first; the rest in the scanner's order.
  for (const bool used : {true, false}) {
    for (const InspectedSeries& series : study.series) {
      if (series.channels.empty() != used) html += SeriesPanel(series);
    }
  }
  return html + "</div>\n";
}

std::string Decay(const InspectedStudy& study) {
  if (study.decay.empty()) return {};
  std::string html =
      "<h2>Signal against b-value</h2>\n<p>Mean signal of tissue, relative to the lowest b-value, on a logarithmic "
      "axis: "
      "measured (dots) and by the fit (line). Diffusion images fall on or near a straight line.</p>\n";
  for (const DecayCurve& curve : study.decay)
    html += fmt::format("<h3>{}</h3>\n{}", Escape(curve.name), DecayChart(curve));
  return html;
}

std::int64_t MiddleSlice(const image::Geometry& grid) { return grid.size[ScreenAxesOf(grid).slice] / 2; }

std::string Overlay(const InspectedStudy& study, const InspectedOverlay& overlay) {
  const image::Volume& reference = *study.reference;
  const std::int64_t slice = MiddleSlice(reference.geometry);
  const std::string names = fmt::format("{} and {}", study.reference_name, overlay.name);
  std::string html = fmt::format("<h3>{}</h3><div class=\"row\">", Escape(names));
  html += Figure(OneSlice(overlay.channel, slice), 0, overlay.name + " on the reference grid", Escape(overlay.name));
  if (overlay.by_header) {
    html += Figure(Checkerboard(reference, *overlay.by_header, slice, kTile_mm), 0,
                   "Checkerboard of " + names + " by header geometry", "checkerboard before alignment");
  }
  html += Figure(Checkerboard(reference, overlay.channel, slice, kTile_mm), 0, "Checkerboard of " + names,
                 overlay.by_header ? "checkerboard after alignment" : "checkerboard");
  return html + "</div>" + Facts(overlay.facts) + "\n";
}

std::string Overlays(const InspectedStudy& study) {
  std::string html = "<h2>Channels on one grid</h2>\n";
  if (!study.reference) return html + fmt::format("<p>{}</p>\n", Escape(study.why_no_case));
  html += fmt::format(
      "<p>Everything is brought to the grid of {}. Where outlines run on across the squares of a "
      "checkerboard, the two images lie on each other.</p>\n<div class=\"row\">{}</div>\n",
      Escape(study.reference_name),
      Figure(OneSlice(*study.reference, MiddleSlice(study.reference->geometry)), 0,
             study.reference_name + ", the reference", "the reference: " + Escape(study.reference_name)));
  for (const InspectedOverlay& overlay : study.overlays) html += Overlay(study, overlay);
  return html;
}

std::string StudySection(const InspectedStudy& study) {
  std::string html = fmt::format("<h1>{}</h1>\n<p class=\"soft\">{}</p>\n<p class=\"reason\">{}</p>\n",
                                 Escape(study.title), Escape(study.uid), Escape(study.verdict));
  html += Findings(study.findings);
  for (const std::string& note : study.notes) html += fmt::format("<p class=\"reason\">{}</p>\n", Escape(note));
  return html + SeriesPanels(study) + Decay(study) + Overlays(study);
}

std::string Skipped(const Inspection& inspection) {
  if (inspection.skipped.empty()) return {};
  std::string rows;
  for (const auto& [path, reason] : inspection.skipped) rows += fmt::format("<li>{}</li>", Escape(reason));
  return fmt::format("<details><summary>{} files were passed over</summary><ul>{}</ul></details>\n",
                     inspection.skipped.size(), rows);
}

}  // namespace

std::string InspectionHtml(const Inspection& inspection) {
  std::string body;
  for (const InspectedStudy& study : inspection.studies) body += StudySection(study);
  if (inspection.studies.empty()) body += "<h1>No DICOM study</h1>\n";
  body += Skipped(inspection) +
          fmt::format("<p class=\"soft\">{} · {}</p>\n", Escape(inspection.folder), Escape(inspection.date));
  return Page("parotis inspect: " + inspection.folder, body);
}

void WriteInspectionReport(const std::filesystem::path& path, const Inspection& inspection) {
  base::WriteFile(path, InspectionHtml(inspection));
}

image::Volume Checkerboard(const image::Volume& a, const image::Volume& b, std::int64_t slice, double tile_mm) {
  if (!image::SameGrid(a.geometry, b.geometry))
    base::Throw(base::ErrorKind::kInternal, "a checkerboard needs two images on one grid");
  const Brightness bright_a = BrightnessOf(a, slice);
  const Brightness bright_b = BrightnessOf(b, slice);
  image::Volume board = OneSlice(a, slice);
  const image::Volume other = OneSlice(b, slice);
  const auto scaled = [](float value, const Brightness& brightness) {
    return std::clamp((value - brightness.low) / std::max(brightness.high - brightness.low, 1e-6F), 0.0F, 1.0F);
  };
  const ScreenAxes axes = ScreenAxesOf(board.geometry);
  const auto tile_of = [&](std::int64_t index, int axis) {
    return static_cast<std::int64_t>(
        std::floor(static_cast<double>(index) * board.geometry.spacing_mm[axis] / tile_mm));
  };
  const auto& size = board.geometry.size;
  std::size_t n = 0;
  for (std::int64_t k = 0; k < size[2]; ++k) {
    for (std::int64_t j = 0; j < size[1]; ++j) {
      for (std::int64_t i = 0; i < size[0]; ++i, ++n) {
        const std::array<std::int64_t, 3> index = {i, j, k};
        const std::int64_t tile = tile_of(index[axes.right], axes.right) + tile_of(index[axes.down], axes.down);
        board.voxels[n] = tile % 2 == 0 ? scaled(board.voxels[n], bright_a) : scaled(other.voxels[n], bright_b);
      }
    }
  }
  return board;
}

}  // namespace parotis::report
