#include "base/conditions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"

namespace parotis::base {
namespace {

constexpr Policy kRefuse = Policy::kRefuse;
constexpr Policy kFlag = Policy::kFlag;

constexpr auto kConditions = std::to_array<Condition>({
    // Files
    {"not_dicom", kFlag, "file", "a file that is no DICOM object, or a DICOMDIR", "none is needed; it is passed over"},
    {"file_unreadable", kFlag, "file", "a DICOM file that is damaged, truncated or may not be opened; it is left out",
     "export the study again"},
    {"file_unsafe", kRefuse, "file",
     "a DICOM file that was made to exhaust its reader: it unpacks to far more than it is, its sequences lie a hundred "
     "deep in each other, or one of its items has thousands of elements",
     "export the study again; ask where the file comes from"},
    {"identity_missing", kFlag, "file", "a DICOM file that names no study or no series; it is left out",
     "export the study again from the archive"},
    {"duplicate_file", kFlag, "file", "a copy of an image that is there already, by identity and position; one is used",
     "none is needed"},
    {"not_an_image", kFlag, "file", "an object without images (report, document, presentation); it is not let out",
     "none is needed; reports cannot be de-identified by rules"},
    {"identity_left", kRefuse, "file", "a de-identified file in which something of the identity was still found",
     "look at the attribute that is named; leave the file out"},
    {"burned_in_text", kRefuse, "series", "pictures that may have text within their pixels: said so, or screenshots",
     "look at them; --allow-burned-in lets them out, which is recorded"},
    {"text_in_pixels", kFlag, "series",
     "text-like marks within the pixels; deidentify does not let such pictures out unless --allow-burned-in",
     "look at the pictures where the message says; leave the series out if they name somebody"},
    {"pixels_missing", kRefuse, "series", "an image without pixel data, or with less than its header says",
     "export the series again"},
    {"pixels_undecodable", kRefuse, "series", "pixel data that no decoder here understands, or that is damaged",
     "export the series again without compression"},
    {"picture_in_colour", kRefuse, "series", "a colour or palette picture where a map of signal is expected",
     "leave the series out"},
    {"archive_unsafe", kRefuse, "study",
     "a zip archive with links, names that lead out of it or are there twice, or that unpacks to far more than it is",
     "unpack it elsewhere, look at it and name the folder"},
    {"archive_damaged", kRefuse, "study", "a zip archive that is damaged, truncated or packed in an unknown way",
     "make the archive again"},
    {"archive_encrypted", kRefuse, "study", "a zip archive with a password", "unpack it and name the folder"},
    {"weights_unsafe", kRefuse, "file",
     "a file of weights that asks for more than weights (a function of Python, a class), or that was made to exhaust "
     "its "
     "reader; nothing in it was executed",
     "ask its author for safetensors, or for the state_dict alone"},
    {"weights_damaged", kRefuse, "file",
     "a file of weights that is damaged, truncated, contradictory or of a kind that is not read",
     "fetch it again, or ask its author for safetensors"},
    // Series
    {"position_missing", kRefuse, "series", "images without position, orientation, pixel spacing or size",
     "export the original images, not screenshots"},
    {"orientation_invalid", kRefuse, "series", "an orientation that is not two unit vectors at right angles",
     "export the series again from the scanner"},
    {"orientation_contradictory", kRefuse, "series", "attributes that place the patient in two different ways",
     "export the series again from the scanner"},
    {"laterality_unknown", kRefuse, "series", "images that do not say which side of the patient is left",
     "use images with an orientation"},
    {"slices_missing", kRefuse, "series", "a gap of one or more slices in an otherwise regular stack",
     "send the missing images"},
    {"slices_irregular", kRefuse, "series", "slices that are not equally spaced", "use another series"},
    {"slices_duplicated", kFlag, "series",
     "a second image at some positions of a stack; it shows the same as the first", "none is needed"},
    {"slices_contradictory", kRefuse, "series",
     "two different images at one position of a stack, and not at the others", "remove the wrong one"},
    {"spacing_contradictory", kFlag, "series", "slices whose distance is a multiple of the one written in the header",
     "make sure that no images are missing"},
    {"slices_shifted", kRefuse, "series", "slices that are shifted sideways against each other", "use another series"},
    {"gantry_tilt", kRefuse, "series", "slices stacked along a line that is not their normal",
     "reformat the series to straight slices"},
    {"repetition_incomplete", kRefuse, "series", "a repetition, direction or b-value with fewer slices than the others",
     "send the missing images, or use the complete volumes"},
    {"tiles_unplaced", kRefuse, "series", "a mosaic or grid of slices whose places are not recorded",
     "export the series from the scanner with its private attributes"},
    {"frame_of_reference_mixed", kRefuse, "series", "images of one series in different frames of reference",
     "export the series again"},
    {"b_value_contradictory", kRefuse, "series", "attributes of one image that give it different b-values",
     "export the series again from the scanner, or leave it out"},
    {"b_value_missing", kFlag, "series", "a diffusion image without a b-value; it is not used as one",
     "export the series from the scanner with its private attributes"},
    {"gradient_direction_invalid", kFlag, "series",
     "a gradient direction that is no unit vector, or two that differ; it is not written out",
     "do not use the directions (averages over directions are not affected)"},
    {"dce_times_unknown", kRefuse, "series", "a dynamic series whose frames have no times of their own",
     "export the series from the scanner with all its attributes"},
    // Studies
    {"several_studies", kRefuse, "study", "a folder with more than one study",
     "name the folder of one, or --study-uid"},
    {"several_patients", kRefuse, "study", "a folder or a study with images of more than one patient",
     "separate the patients"},
    {"patient_contradictory", kRefuse, "study", "one patient number with different names, birth dates or sexes",
     "find out whose images they are"},
    {"patient_name_differs", kFlag, "study", "one patient number with different names in different studies",
     "make sure that it is one person"},
    {"patient_number_missing", kFlag, "study", "a study without a patient number; it stands for a patient of its own",
     "make sure that no other study is of the same patient"},
    {"face_recognisable", kFlag, "study", "so much of the face's surface that it can be rendered and recognised",
     "--deface removes it; else give the images only to who may see the face"},
    {"deface_failed", kRefuse, "study", "a study whose face was to be removed and cannot be, from all of its images",
     "leave out the series that is named, or look at the images and do without --deface"},
    {"face_kept", kFlag, "study", "parts of the face's surface that stay because outlines lie within 5 mm of them",
     "look at the images before you give them away"},
    {"no_channel", kRefuse, "study", "a study of which no series serves any channel",
     "none is needed if it is no MRI of the head and neck; else look at `parotis inspect`, and pin a series"},
    {"channel_missing", kRefuse, "study", "a study without a series for a channel that was asked for",
     "leave the channel out, or pin a series"},
    {"body_part_elsewhere", kRefuse, "study", "a study of another part of the body (only for diagnose)",
     "check the study; --force is recorded"},
    {"body_part_silent", kFlag, "study", "a study that does not say that it is of the head and neck",
     "make sure that it is"},
    {"forced", kFlag, "study", "a study that was refused and diagnosed all the same, by --force",
     "judge the result with that in mind"},
    // Channels
    {"role_contradictory", kRefuse, "channel",
     "the only series for it say of themselves what cannot all be true (a description of T2 with the timing of T1, an "
     "image after contrast agent acquired before it)",
     "look at the images, then --pin the series or leave the channel out"},
    {"role_tied", kFlag, "channel", "two series that serve equally well for it; the later acquired is used",
     "--pin the other if it is the better"},
    {"frame_of_reference_missing", kFlag, "channel", "a series without frame of reference, placed by its coordinates",
     "compare the images by eye"},
    {"other_frame_of_reference", kRefuse, "channel", "series of different frames of reference in one case",
     "pin a series of the same frame, or --accept-other-frames, which is recorded"},
    {"partial_coverage", kFlag, "channel", "a series that covers only a part of the reference grid",
     "judge only what is covered"},
    {"adc_contradicts", kRefuse, "channel", "a vendor's ADC map that contradicts the diffusion images or its own unit",
     "--pin adc=none to compute the ADC, or pin another map"},
    {"adc_disagrees", kFlag, "channel", "a vendor's ADC map that agrees poorly with the diffusion images",
     "look at both"},
    {"b_values_insufficient", kRefuse, "channel", "too few b-values for a map of perfusion or kurtosis",
     "acquire the b-values that the message names, or leave the channel out"},
    {"dce_incomplete", kRefuse, "channel",
     "a dynamic series without contrast agent, without a frame before it, or that ends too soon after it",
     "use the whole dynamic series, or leave the channel out"},
    {"map_fits_poorly", kFlag, "channel",
     "a fitted map that misses the measured signal by more than a tenth in half of the voxels",
     "look whether the patient moved between the images"},
    {"diffusion_unusable", kFlag, "channel",
     "diffusion images with lost signal, ghosts, distortion, noise or motion beyond what can be judged by",
     "use a model that reads no diffusion, or repeat the scan"},
    {"diffusion_doubtful", kFlag, "channel", "diffusion images that are worse than usual", "look at them"},
    {"diffusion_at_noise_floor", kFlag, "channel", "tissue without signal above noise at the highest b-value",
     "its ADC is too low; judge by the structural images"},
    {"alignment_rejected", kFlag, "channel",
     "an alignment that would not have made the edges of the images agree better; the header's geometry stays",
     "compare the images by eye"},
    {"alignment_beyond_limits", kFlag, "channel",
     "an alignment further than a patient moves between two series; the header's geometry stays",
     "compare the images by eye"},
    {"distortion_correction_rejected", kFlag, "channel",
     "diffusion images whose distortion could not be corrected with evidence that it helps; they stay as they are",
     "compare the images by eye"},
    // Truth
    {"truth_unreadable", kRefuse, "truth", "a file of outlines that is damaged, or of a kind that is not read",
     "export it as NIfTI, NRRD, DICOM SEG or RT structure set"},
    {"truth_unmatched", kFlag, "truth", "a file of outlines that belongs to no study of the import",
     "name it after the case, the patient number or the study UID"},
    {"truth_ambiguous", kRefuse, "truth",
     "outlines that fit several studies, or two that show one structure differently", "keep the right one"},
    {"truth_label_unknown", kRefuse, "truth", "a structure that is none of the dataset's labels",
     "say with --labels which label it is, or null to leave it out"},
    {"truth_label_contradictory", kRefuse, "truth", "a structure whose codes stand for different labels",
     "give its name a label with --labels"},
    {"truth_other_frame", kRefuse, "truth", "outlines in another frame of reference than the case",
     "draw them on the series that the case lies on"},
    {"truth_frame_missing", kFlag, "truth", "outlines placed by their coordinates, without a frame of reference",
     "compare them with the images by eye"},
    {"truth_outside", kRefuse, "truth", "outlines that cover nothing of the case", "check whose outlines they are"},
    {"truth_cut", kFlag, "truth", "outlines that lie partly outside the case", "compare them with the images by eye"},
    {"truth_lost", kRefuse, "truth", "outlines so small that no voxel of the case has its centre in them",
     "leave the structure out, or draw it on the case's images"},
    {"truth_empty", kFlag, "truth", "a structure in which nothing was outlined", "make sure that nothing is meant"},
    {"truth_overlap", kRefuse, "truth", "voxels that belong to two labels",
     "correct the outlines, or say with \"overlap\" in --labels which label lies on top"},
    {"contour_not_planar", kRefuse, "truth", "contours that do not lie in parallel planes",
     "export the structure as a segmentation"},
    {"contour_not_closed", kFlag, "truth", "points and open lines among contours; they are left out",
     "close the contours if they are to count"},
    // Histology
    {"histology_code_unknown", kRefuse, "patient", "histology that is no code or phrase of the file of codes",
     "add the code to the file, or correct the table"},
    {"histology_contradictory", kRefuse, "patient",
     "rows, codes or an earlier diagnosis of one case that name different classes", "find out which is right"},
    {"histology_without_class", kFlag, "patient", "a known histology that belongs to no class of the dataset",
     "leave the case out of what needs a class"},
    {"histology_patient_unknown", kFlag, "patient", "a row about a patient or case that the dataset does not hold",
     "give --map if the table has the original numbers"},
    {"histology_missing", kFlag, "patient", "a case without a row, or a row without histology",
     "complete the table, or leave the case out of what needs a class"},
    // Training
    {"pretraining_overlap", kRefuse, "patient",
     "a patient of validation or test who was in the training of the weights that a training starts from, or of those "
     "that these came from",
     "start from weights that have not seen the patient, or leave the patient out of validation and test"},
    {"pretraining_unknown", kFlag, "patient",
     "weights to start from that do not say on whom they were trained: whether they have seen these patients is "
     "unknown",
     "ask whoever made the weights; until then, results on these patients may be too good"},
});

}  // namespace

std::string_view NameOf(Policy policy) { return policy == Policy::kRefuse ? "refuse" : "flag"; }

std::span<const Condition> Conditions() { return kConditions; }

const Condition& ConditionNamed(std::string_view code) {
  const auto* const found = std::find_if(kConditions.begin(), kConditions.end(),
                                         [&](const Condition& condition) { return condition.code == code; });
  if (found == kConditions.end())
    Throw(ErrorKind::kInternal, fmt::format("\"{}\" is not in the table of conditions", code));
  return *found;
}

std::string ConditionsAsMarkdown() {
  std::string table = "| name | policy | about | what was noticed | what to do |\n|---|---|---|---|---|\n";
  for (const Condition& each : kConditions) {
    table += fmt::format("| `{}` | {} | {} | {} | {} |\n", each.code, NameOf(each.policy), each.about, each.meaning,
                         each.remedy);
  }
  return table;
}

void Refuse(const Finding& finding) {
  Throw(ErrorKind::kRefused, fmt::format("{}; {}", finding.message, ConditionNamed(finding.code).remedy), finding.code);
}

Finding Found(std::string_view code, std::string message) {
  return {std::string(ConditionNamed(code).code), std::move(message)};
}

}  // namespace parotis::base
