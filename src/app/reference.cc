// `parotis reference`: what --help says, as pages, manual pages and completions. For whoever builds the program: hidden
// from the table of commands.
#include <filesystem>
#include <memory>

#include "app/command.h"
#include "app/commands.h"
#include "app/reference_pages.h"
#include "app/reference_tree.h"
#include "base/error.h"
#include "base/files.h"

namespace parotis::app {
namespace {

namespace fs = std::filesystem;

struct ReferenceFlags {
  fs::path markdown, man, completion;
};

void WriteAll(const fs::path& folder, const NamedFiles& files) {
  for (const auto& [name, content] : files) base::WriteFile(folder / name, content);
}

int Run(const ReferenceFlags& flags, const CLI::App& root) {
  if (flags.markdown.empty() && flags.man.empty() && flags.completion.empty()) {
    base::Throw(base::ErrorKind::kUsage, "nothing was asked for; name a folder with --markdown, --man or --completion");
  }
  const ProgramText program = DescribeProgram(root);
  if (!flags.markdown.empty()) WriteAll(flags.markdown, ReferenceMarkdown(program));
  if (!flags.man.empty()) WriteAll(flags.man, ReferenceMan(program));
  if (!flags.completion.empty()) WriteAll(flags.completion, ReferenceCompletion(program));
  return kDone;
}

}  // namespace

std::function<int()> DefineReference(CLI::App& app) {
  const auto flags = std::make_shared<ReferenceFlags>();
  app.add_option("--markdown", flags->markdown, "folder for one page a command (docs/reference)");
  app.add_option("--man", flags->man, "folder for the manual pages");
  app.add_option("--completion", flags->completion, "folder for completions of bash, zsh and fish");
  return [flags, &app] { return Run(*flags, *app.get_parent()); };
}

}  // namespace parotis::app
