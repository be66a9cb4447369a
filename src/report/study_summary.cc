#include "report/study_summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "base/build_info.h"
#include "report/case_pictures.h"
#include "report/document_pdf.h"
#include "report/html.h"
#include "report/slice_picture.h"

namespace parotis::report {
namespace {

using dataset::Diagnosis;
using dataset::Lesion;
using dataset::Verdict;

// How much is said, at most; the first that fits on the page is taken.
struct Detail {
  std::size_t lesions, flags, classes;
  std::size_t text;       // bytes of a flag or a reason
  int picture_share = 1;  // of the page's width: 1 whole, 2 half
};
constexpr std::array kDetails = {Detail{8, 5, 8, 300, 1}, Detail{5, 4, 4, 200, 1}, Detail{4, 3, 3, 120, 2},
                                 Detail{1, 1, 2, 80, 2}};
constexpr std::size_t kLongestName = 24;  // of a class
constexpr double kAdcUnit = 1000;         // µm²/s in one 10⁻³ mm²/s

constexpr double kKeyWidth_pt = 512;
constexpr double kWhole_pt = 300;  // width of the whole slice
constexpr double kGap_pt = 8;
constexpr double kTitle_pt = 44;  // height of what is written above …
constexpr double kFoot_pt = 34;   // … and below

std::string AtMost(const std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;  // not within a character
  return text.substr(0, end) + "…";
}

// The likeliest first, where not all can be named.
std::string ProbabilityText(const std::vector<std::string>& classes, const std::vector<double>& probabilities,
                            std::size_t most) {
  std::vector<std::size_t> order(std::min(classes.size(), probabilities.size()));
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (order.size() > most)
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return probabilities[a] > probabilities[b]; });
  std::vector<std::string> parts;
  for (std::size_t n = 0; n < std::min(order.size(), most); ++n)
    parts.push_back(
        fmt::format("{} {}", AtMost(Spaced(classes[order[n]]), kLongestName), Number(probabilities[order[n]], 2)));
  if (order.size() > most) parts.push_back(fmt::format("{} more", order.size() - most));
  return fmt::format("{}", fmt::join(parts, ", "));
}

void AddProbabilities(const Diagnosis& diagnosis, const Detail& detail, Document& document) {
  if (diagnosis.class_probabilities.empty()) return;
  document.Say(Text("Class probabilities of the patient, given that there is a tumour of one of these classes: ")
                   .Bold(ProbabilityText(diagnosis.classes, diagnosis.class_probabilities, detail.classes))
                   .Add("."));
}

void AddLesions(const Diagnosis& diagnosis, const Detail& detail, Document& document) {
  if (diagnosis.lesions.empty()) return;
  Table table{"Lesions",
              {{"No."},
               {"Side", Align::kLeft},
               {"Size in slice, mm"},
               {"Volume, ml"},
               {"ADC, 10⁻³ mm²/s"},
               {"Class probabilities", Align::kLeft}}};
  for (std::size_t l = 0; l < std::min(diagnosis.lesions.size(), detail.lesions); ++l) {
    const Lesion& lesion = diagnosis.lesions[l];
    table.Add({std::to_string(lesion.id), dataset::NameOf(lesion.side),
               fmt::format("{} × {}", Number(lesion.long_axis_mm, 1), Number(lesion.short_axis_mm, 1)),
               Number(lesion.volume_ml, 2), AdcText(lesion, "n/a"),
               ProbabilityText(diagnosis.classes, lesion.class_probabilities, detail.classes)});
  }
  if (diagnosis.lesions.size() > detail.lesions)
    table.notes.emplace_back(fmt::format("{} smaller lesions are in the structured report and the segmentation alone.",
                                         diagnosis.lesions.size() - detail.lesions));
  document.Add(std::move(table));
}

void AddFlags(const Diagnosis& diagnosis, const Detail& detail, Document& document) {
  for (std::size_t f = 0; f < std::min(diagnosis.flags.size(), detail.flags); ++f)
    document.Warn(AtMost(diagnosis.flags[f].message, detail.text));
  if (diagnosis.flags.size() > detail.flags)
    document.Warn(fmt::format("{} more remarks are in the structured report.", diagnosis.flags.size() - detail.flags));
}

// Everything of `part` at (x, y) of `whole`.
class Inserter {
 public:
  Inserter(Drawing& whole, double x, double y) : whole_(whole), x_(x), y_(y) {}
  void operator()(PolylineMark mark) const {
    for (Point& point : mark.points) Move(point);
    whole_.marks.emplace_back(std::move(mark));
  }
  void operator()(CircleMark mark) const {
    Move(mark.centre);
    whole_.marks.emplace_back(std::move(mark));
  }
  void operator()(TextMark mark) const {
    Move(mark.place);
    whole_.marks.emplace_back(std::move(mark));
  }
  template <class Box>
  void operator()(Box mark) const {
    mark.x += x_;
    mark.y += y_;
    whole_.marks.emplace_back(std::move(mark));
  }

 private:
  void Move(Point& point) const {
    point[0] += x_;
    point[1] += y_;
  }
  Drawing& whole_;
  double x_, y_;
};

void Insert(const Drawing& part, double x, double y, Drawing& whole) {
  for (const Mark& mark : part.marks) std::visit(Inserter(whole, x, y), mark);
}

const Lesion* LargestOf(const Diagnosis& diagnosis) {
  return diagnosis.lesions.empty() ? nullptr : &diagnosis.lesions.front();
}

Drawing Slice(const StudySummaryInput& input, std::size_t channel, const Lesion* around, double width_pt) {
  PictureOptions options;
  if (around != nullptr) options.centre_world = around->centre_world;
  options.scale_bar_mm = around != nullptr ? 20 : 50;
  std::vector<Outline> outlines;
  if (!input.result.lesion_map.voxels.empty()) outlines.push_back({&input.result.lesion_map, Role::kPrediction});
  Drawing drawing =
      SliceDrawing(input.examination.channels[channel], KeySlice(input), outlines, options, width_pt,
                   fmt::format("{}, slice {}", input.examination.channel_names[channel], KeySlice(input)));
  drawing.Text({6, 12}, input.examination.channel_names[channel], Anchor::kStart, {Role::kOnImage}, 9);
  return drawing;
}

// The first, and the channel with a unit that tells most: ADC where it is, else the next.
std::vector<std::size_t> CloseChannels(const dataset::Case& examination) {
  std::vector<std::size_t> channels = {0};
  const auto adc = std::find(examination.channel_names.begin(), examination.channel_names.end(), dataset::kAdc);
  const auto place = static_cast<std::size_t>(adc - examination.channel_names.begin());
  if (place < examination.channels.size() && place > 0)
    channels.push_back(place);
  else if (examination.channels.size() > 1)
    channels.push_back(1);
  return channels;
}

std::string SizeText(const Lesion& lesion) {
  return fmt::format("Lesion {}: {}, {} × {} mm, {} ml, ADC {}", lesion.id, dataset::NameOf(lesion.side),
                     Number(lesion.long_axis_mm, 1), Number(lesion.short_axis_mm, 1), Number(lesion.volume_ml, 2),
                     AdcText(lesion, "not measured") + (lesion.adc_mean_um2_s ? " · 10⁻³ mm²/s" : ""));
}

void Write(double y, const std::string& text, double size_pt, bool bold, Drawing& drawing) {
  drawing.marks.emplace_back(TextMark{{kGap_pt, y},
                                      Shortened(text, size_pt, kKeyWidth_pt - 2 * kGap_pt),
                                      size_pt,
                                      Anchor::kStart,
                                      {Role::kOnImage},
                                      bold});
}

Document SummaryIn(const StudySummaryInput& input, const Detail& detail, const Drawing& pictures) {
  const Diagnosis& diagnosis = input.result.diagnosis;
  Document document;
  document.title = Headline(diagnosis);
  document.running_title = "parotis";
  std::vector<std::string> identity;
  identity.reserve(input.identity.size());
  for (const auto& [what, value] : input.identity) identity.push_back(what + ": " + (value.empty() ? "n/a" : value));
  document.subtitle = fmt::format("{}", fmt::join(identity, " · "));
  document.Warn(base::kResearchUseOnly);
  document.Say(AtMost(diagnosis.reason, detail.text));
  AddProbabilities(diagnosis, detail, document);
  AddLesions(diagnosis, detail, document);
  AddFlags(diagnosis, detail, document);
  document.Add(
      Figure{fmt::format("Slice {} with the program's outlines", KeySlice(input)), {{pictures}}, detail.picture_share});
  document.Say(Text(fmt::format("Model {} (SHA-256 {}), channels {}. Program parotis {}. {}.", input.model.name,
                                input.model.file_hash.substr(0, 16), fmt::join(input.model.channels, ", "),
                                base::Version(), input.date),
                    Style::kSoft));
  return document;
}

}  // namespace

std::string Headline(const Diagnosis& diagnosis) {
  switch (diagnosis.verdict) {
    case Verdict::kClass:
      return fmt::format("A tumour was found; its class is most likely {}", Spaced(diagnosis.class_name));
    case Verdict::kIndeterminate: return "A tumour was found; its class is left open";
    case Verdict::kNoTumour: return "No tumour was found";
    case Verdict::kRefused: return "This study was not analysed";
  }
  return {};
}

std::string AdcText(const Lesion& lesion, const std::string& absent) {
  if (!lesion.adc_mean_um2_s) return absent;
  std::string text = Number(*lesion.adc_mean_um2_s / kAdcUnit, 2);
  if (lesion.adc_sd_um2_s) text += " ± " + Number(*lesion.adc_sd_um2_s / kAdcUnit, 2);
  return text;
}

std::int64_t KeySlice(const StudySummaryInput& input) {
  const Lesion* largest = LargestOf(input.result.diagnosis);
  if (largest != nullptr) return largest->slice;
  const image::Geometry& grid = input.examination.grid;
  return grid.size[image::SliceAxis(grid.spacing_mm)] / 2;
}

std::string StudySummaryPdf(const StudySummaryInput& input) {
  const Drawing pictures = KeyDrawing(input);
  PdfFile pdf;
  for (const Detail& detail : kDetails) {
    pdf = PdfFileOf(SummaryIn(input, detail, pictures));
    if (pdf.pages == 1) break;
  }
  return pdf.bytes;
}

Drawing KeyDrawing(const StudySummaryInput& input) {
  const Diagnosis& diagnosis = input.result.diagnosis;
  const Lesion* largest = LargestOf(diagnosis);
  const Drawing whole = Slice(input, 0, nullptr, largest != nullptr ? kWhole_pt : kKeyWidth_pt);
  Drawing key{kKeyWidth_pt, 0, Headline(diagnosis)};
  double bottom = kTitle_pt + whole.height_pt;
  std::vector<std::pair<Drawing, Point>> parts = {{whole, {0, kTitle_pt}}};
  if (largest != nullptr) {
    double y = kTitle_pt;
    for (const std::size_t channel : CloseChannels(input.examination)) {
      Drawing close = Slice(input, channel, largest, kKeyWidth_pt - kWhole_pt - kGap_pt);
      const double height = close.height_pt;
      parts.emplace_back(std::move(close), Point{kWhole_pt + kGap_pt, y});
      y += height + kGap_pt;
    }
    bottom = std::max(bottom, y - kGap_pt);
  }
  key.height_pt = bottom + kFoot_pt;
  key.Rectangle(0, 0, key.width_pt, key.height_pt, {Role::kBlack});
  for (const auto& [part, place] : parts) Insert(part, place[0], place[1], key);
  Write(18, Headline(diagnosis), 13, true, key);
  Write(34, ProbabilityText(diagnosis.classes, diagnosis.class_probabilities, kDetails.front().classes), 10, false,
        key);
  Write(bottom + 14, largest != nullptr ? SizeText(*largest) : diagnosis.reason, 9, false, key);
  Write(bottom + 27, fmt::format("{} · {} · parotis {}", base::kResearchUseOnly, input.model.name, base::Version()), 8,
        false, key);
  return key;
}

}  // namespace parotis::report
