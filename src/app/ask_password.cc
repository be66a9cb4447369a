#include "app/ask_password.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "base/error.h"

namespace parotis::app {
namespace {

constexpr char kControlC = '\x03';

// No echo, and Ctrl+C ends the line instead of the program, which would leave the terminal so.
class SilentTerminal {
 public:
  SilentTerminal() : descriptor_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
    if (descriptor_ < 0 || ::tcgetattr(descriptor_, &before_) != 0) {
      if (descriptor_ >= 0) ::close(descriptor_);
      base::Throw(base::ErrorKind::kUsage,
                  "there is no terminal to ask for the password on: give --password-file FILE (- for standard input) "
                  "or --generate");
    }
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
    silent.c_cc[VEOL] = kControlC;
    ::tcsetattr(descriptor_, TCSAFLUSH, &silent);
  }
  ~SilentTerminal() {
    ::tcsetattr(descriptor_, TCSAFLUSH, &before_);
    ::close(descriptor_);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

  void Say(const std::string& text) const {
    if (::write(descriptor_, text.data(), text.size()) < 0)
      base::Throw(base::ErrorKind::kIo, "the terminal cannot be written to");
  }
  // What ends it is its last character; none when the terminal is gone.
  std::string Line() const {
    std::string line;
    char next = 0;
    while (::read(descriptor_, &next, 1) == 1) {
      line += next;
      if (next == '\n' || next == kControlC) break;
    }
    return line;
  }

 private:
  int descriptor_;
  termios before_{};
};

}  // namespace

std::string AskPassword(const std::string& prompt) {
  const SilentTerminal terminal;
  terminal.Say(prompt);
  std::string line = terminal.Line();
  terminal.Say("\n");
  if (!line.ends_with('\n')) base::Throw(base::ErrorKind::kUsage, "no password was given: nothing was changed");
  line.pop_back();
  return line;
}

}  // namespace parotis::app
