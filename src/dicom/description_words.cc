#include "dicom/description_words.h"

#include <algorithm>
#include <set>
#include <vector>

namespace parotis::dicom {
namespace {

constexpr std::size_t kMostDigits = 4;  // longer numbers are dates, telephones and patients

// English, German, French, Dutch, Spanish and Italian, lower case, without accents.
const std::set<std::string_view>& Words() {
  static const std::set<std::string_view> words = {
      // contrasts and sequences
      "adc", "aqc", "arms", "asl", "asset", "blade", "black", "blood", "bold", "bravo", "bval", "calc", "calcbval",
      "cine", "ciss", "cor", "coro", "coronal", "cube", "dce", "delayed", "diff", "diffusion", "diffusie", "dir",
      "dixon", "drb", "dti", "dual", "dwi", "dwibs", "dyn", "dynamic", "dyndist", "dyndistcalc", "early", "eadc",
      "echo", "ep", "epi", "epse", "epfid", "exp", "fat", "fatsat", "fast", "fa", "fb", "fd", "ffe", "fgre", "fiesta",
      "field", "fieldmap", "fl", "flair", "flash", "flex", "flow", "fov", "fq", "free", "fs", "fse", "fspgr", "fw",
      "gad", "gado", "gd", "ge", "grappa", "gre", "haste", "heavily", "high", "hr", "ideal", "idea", "image", "images",
      "in", "inphase", "ip", "ir", "isotropic", "iso", "ivim", "kurtosis", "late", "lava", "liver", "loc", "localizer",
      "localiser", "low", "map", "mag", "magn", "magnitude", "mb", "mddw", "mde", "measure", "medic", "mip", "mm",
      "mosaic", "mpr", "mprage", "mra", "ms", "mr", "mri", "mrt", "irm", "rm", "mrcp", "multi", "multishot", "mv",
      "nav", "nex", "noise", "norm", "np", "nofs", "opp", "opposed", "op", "out", "outphase", "pa", "ap", "pat", "pc",
      "pca", "pd", "pdw", "perf", "perfusion", "perm", "phase", "plane", "plus", "post", "pre", "pro", "propeller",
      "proset", "ps", "pw", "pwi", "qsm", "quick", "rapid", "ras", "raw", "reg", "ref", "rel", "rep", "resolve", "rest",
      "restore", "ri", "rl", "lr", "rs", "sag", "sagittal", "sat", "scout", "se", "sel", "sense", "ser", "series",
      "seg", "sh", "shim", "shot", "single", "slab", "slice", "slices", "sms", "smash", "snr", "space", "spair", "spc",
      "spec", "spect", "spgr", "spin", "spir", "spiral", "spl", "ss", "ssfp", "ssh", "st", "star", "std", "stir", "sub",
      "subtraction", "sum", "sup", "survey", "sw", "swan", "swi", "tensor", "test", "te", "tf", "tfe", "tfi", "tfl",
      "thick", "thin", "thrive", "ti", "time", "tir", "tirm", "tof", "tr", "tra", "trace", "tracew", "transverse",
      "transversal", "trans", "trufi", "ts", "tse", "turbo", "twist", "ultra", "unenhanced", "us", "vibe", "view",
      "vista", "vol", "vs", "water", "wat", "we", "wfs", "wip", "work", "zoom", "zoomit", "ax", "axi", "axial", "obl",
      "oblique", "d", "dim", "dimensional",
      // contrast agent
      "agent", "after", "apres", "bolus", "ce", "clariscan", "con", "contrast", "contrasto", "contraste", "cm",
      "dotarem", "elucirem", "enhanced", "gadobutrol", "gadolinium", "gadoterate", "gadoteric", "gadoteridol",
      "gadopentetate", "gadovist", "gadavist", "gadopiclenol", "inj", "iv", "kg", "km", "kontrast", "kontrastmittel",
      "magnevist", "mc", "mdc", "ml", "mmol", "multihance", "nach", "nativ", "native", "no", "none", "ohne", "omniscan",
      "pdc", "post", "prohance", "sans", "senza", "sin", "sine", "vor", "vueway", "with", "without", "wo", "yes", "ja",
      "nein",
      // body
      "abdomen", "auditory", "base", "bilateral", "bil", "body", "brain", "breast", "canal", "cervical", "cou", "collo",
      "cranium", "crane", "cuello", "dental", "ear", "encephalon", "ent", "enc", "epipharynx", "face", "facial",
      "gland", "glands", "gesicht", "hals", "head", "headneck", "heart", "hno", "hypopharynx", "hypophysis", "iac",
      "jaw", "kiefer", "knee", "kno", "kopf", "larynx", "left", "links", "gauche", "lymph", "lymphknoten", "mandible",
      "massif", "mastoid", "mouth", "mundboden", "nasopharynx", "neck", "neurocranium", "node", "nodes", "oral",
      "orbit", "orbita", "orbits", "orl", "oropharynx", "otorhino", "parotid", "parotide", "parotids", "parotis",
      "parotideo", "pelvis", "pharynx", "pituitary", "prostaat", "prostata", "prostate", "rachis", "rechts", "right",
      "droite", "salivary", "schaedel", "schadel", "sella", "sinus", "skull", "skullbase", "speicheldruse",
      "speicheldruesen", "spine", "stim", "sublingual", "submandibular", "temporal", "thorax", "thyroid", "tmj",
      "tongue", "tumor", "tumour", "whole", "zunge", "detectie",
      // how and where processed
      "advanced", "average", "averaged", "bh", "coil", "composed", "corr", "corrected", "default", "derived", "dist",
      "distortion", "dis", "dl", "deep", "resolution", "res", "routine", "protocol", "study", "exam", "examcard",
      "filter", "filtered", "gibbs", "manual", "motion", "original", "prep", "presentation", "primary", "processed",
      "protokoll", "recon", "reformat", "registered", "savebyslc", "sequence", "sequences", "standard", "state",
      "synthetic", "syn", "und", "and", "et", "for", "of", "the", "to", "by", "on", "rcbv", "ns", "pf", "ui", "up"};
  return words;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}
bool IsSeparator(char c) { return std::string_view(" _-+/.,*#=():;&<>").find(c) != std::string_view::npos; }

// "ep2d" is "ep", 2, "d": every run of letters is a word, every number is short.
bool IsHarmless(std::string_view token) {
  for (std::size_t at = 0; at < token.size();) {
    const bool digits = IsDigit(token[at]);
    std::size_t end = at;
    while (end < token.size() && IsDigit(token[end]) == digits) ++end;
    std::string run(token.substr(at, end - at));
    std::transform(run.begin(), run.end(), run.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (digits ? run.size() > kMostDigits : run.size() > 1 && !Words().contains(run)) return false;
    at = end;
  }
  return true;
}

std::string TrimSeparators(const std::string& text) {
  const auto first = text.find_first_not_of(" _-+/.,;:&=)");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" _-+/.,;:&=(") - first + 1);
}

}  // namespace

std::string CleanDescription(std::string_view text) {
  std::string clean;
  bool removed = false;  // the last word was; numbers that hang on to it (dates, ages) go with it
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && (IsDigit(text[end]) || IsLetter(text[end]))) ++end;
    if (end == at) {
      const char c = IsSeparator(text[at]) ? text[at] : ' ';
      if (!removed || (clean.empty() ? c != ' ' : clean.back() != c)) clean += c;
      ++at;
      continue;
    }
    const std::string_view token = text.substr(at, end - at);
    const bool number = std::all_of(token.begin(), token.end(), IsDigit);
    const bool keep = IsHarmless(token) && !(number && removed);
    if (keep) clean += token;
    removed = !keep;
    at = end;
  }
  return TrimSeparators(clean);
}

std::string CleanImageComment(std::string_view text) {
  if (!text.starts_with("b=")) return {};
  const std::size_t end = text.find_first_not_of("0123456789.,()+-", 2);
  const std::string_view kept = text.substr(0, end);
  return kept.size() > 2 && kept.size() <= 64 ? std::string(kept) : std::string();
}

}  // namespace parotis::dicom
