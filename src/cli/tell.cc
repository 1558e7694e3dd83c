#include "src/cli/tell.h"

#include "src/base/civil_time.h"

namespace writ::cli {
namespace {

class Teller {
 public:
  Teller(const Explanation& told, bool colours) : told_(told), colours_(colours) {}

  std::string run() {
    verdict();
    list("because", told_.because);
    list("ask for", told_.ask);
    list("decided by", told_.rules);
    list("not known", told_.missing);
    if (!told_.decision.allowed() && !told_.link.empty()) line("refused by", told_.link);
    list("audience", told_.audience);
    list("notify", told_.notify);
    if (told_.steps.empty()) out_ += "\nNo statement of the policy speaks of this.\n";
    steps("These apply:", "applies");
    steps("These are not known to apply or not:", "unknown");
    steps("These do not apply:", "does not apply");
    return std::move(out_);
  }

 private:
  std::string paint(const char* code, const std::string& text) const {
    return colours_ ? "\x1b[" + std::string(code) + "m" + text + "\x1b[0m" : text;
  }

  void line(const std::string& name, const std::string& text) {
    out_ += "  " + name + ":" + std::string(name.size() < 12 ? 12 - name.size() : 1, ' ') + text + "\n";
  }

  void list(const std::string& name, const std::vector<std::string>& items) {
    for (const std::string& item : items) line(name, item);
  }

  void verdict() {
    const Decision& decision = told_.decision;
    switch (decision.verdict) {
      case Verdict::kAllow: out_ += paint("32", "allow"); break;
      case Verdict::kDeny: out_ += paint("31", "deny"); break;
      case Verdict::kStepUp: out_ += paint("33", "step up"); break;
    }
    if (!told_.scope.empty()) out_ += "  " + told_.scope;
    out_ += "\n";
    if (!decision.allowed()) return;
    std::string life = format_duration(decision.lifetime * 1'000'000);
    if (decision.once) life += ", once";
    if (decision.proof_dpop) life += ", bound to a key (dpop)";
    if (decision.valid_until) life += ", not past " + format_rfc3339(decision.valid_until->microseconds);
    line("for", life);
  }

  void steps(const std::string& title, const std::string& outcome) {
    bool first = true;
    for (const Explanation::Step& step : told_.steps) {
      if (step.outcome != outcome) continue;
      if (first) out_ += "\n" + paint("1", title) + "\n";
      first = false;
      out_ += "  " + step.id + "  " + (step.text.empty() ? step.kind : one_line(step.text)) + "\n";
      // What holds for a statement that applies is seen from the statement; what stands in the way is not.
      for (const std::string& fact : step.facts) out_ += "      " + fact + "\n";
    }
  }

  // A statement may be written over several lines.
  static std::string one_line(const std::string& text) {
    std::string out;
    for (const char c : text) {
      const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
      if (space && (out.empty() || out.back() == ' ')) continue;
      out += space ? ' ' : c;
    }
    return out;
  }

  const Explanation& told_;
  bool colours_;
  std::string out_;
};

}  // namespace

std::string tell(const Explanation& told, bool colours) { return Teller(told, colours).run(); }

}  // namespace writ::cli
