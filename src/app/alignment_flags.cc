#include "app/alignment_flags.h"

#include <string>

namespace parotis::app {

void AddAlignmentFlags(CLI::App& app, intake::AlignmentOptions& options) {
  app.add_option_function<std::string>(
         "--align", [&options](const std::string& text) { options.motion = intake::ParseMotion(text); },
         "none, rigid or affine: bring every series onto the reference by mutual information, where that can be shown "
         "to be better than the headers' geometry (default: none)")
      ->check(CLI::IsMember({"none", "rigid", "affine"}));
  app.add_flag(
      "--correct-distortion", options.correct_distortion,
      "undo the diffusion images' distortion along their phase-encode axis by comparison with T2, where that can "
      "be shown to help");
}

}  // namespace parotis::app
