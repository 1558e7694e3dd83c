#include "src/cli/tell.h"

#include <algorithm>

#include "src/base/civil_time.h"
#include "src/cli/terminal.h"

namespace writ::cli {
namespace {

using Step = Explanation::Step;

constexpr std::size_t kMostNear = 5;
constexpr std::size_t kMostRest = 20;
constexpr std::size_t kLabel = 12;  // columns of "because", "decided by", ...

bool is_authority(const Step& step) {
  return step.kind == "allow" || step.kind == "trust";
}

// Restrictions count when nobody knows whether they apply; what gives authority does not.
bool counts(const Step& step) {
  return step.outcome == "applies" || (step.outcome == "unknown" && !is_authority(step));
}

class Teller {
 public:
  Teller(const Explanation& told, bool colours, std::size_t width)
      : told_(told), decision_(told.decision), colours_(colours), width_(width) {}

  std::string run() {
    verdict();
    list("because", told_.because);
    list("ask for", told_.ask);
    list("refused by", told_.decision.allowed() || told_.link.empty() ? std::vector<std::string>() : refuser());
    list("decided by", told_.rules);
    list("missing", told_.missing);
    list("audience", told_.audience);
    list("notify", told_.notify);
    if (told_.steps.empty()) {
      out_ += "\nNo statement of the policy speaks of this.\n";
      return std::move(out_);
    }
    applied();
    near();
    rest();
    return std::move(out_);
  }

 private:
  std::string paint(Style style, const std::string& text) const { return cli::paint(colours_, style, text); }

  // Breaks at blanks; lines after the first begin at `indent`. `used` columns of the first are taken.
  void wrapped(std::string_view text, std::size_t used, std::size_t indent) {
    bool begins = true;
    while (!text.empty()) {
      const std::size_t blank = text.find_first_of(" \t\r\n");
      const std::string_view word = text.substr(0, blank);
      text.remove_prefix(std::min(text.size(), blank == std::string_view::npos ? text.size() : blank + 1));
      if (word.empty()) continue;
      const std::size_t columns = columns_of(word);
      if (!begins && used + 1 + columns > width_) {
        out_ += '\n' + std::string(indent, ' ');
        used = indent;
      } else if (!begins) {
        out_ += ' ';
        ++used;
      }
      out_ += word;
      used += columns;
      begins = false;
    }
    out_ += '\n';
  }

  static std::size_t columns_of(std::string_view word) {
    return static_cast<std::size_t>(std::count_if(
        word.begin(), word.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
  }

  void line(const std::string& name, const std::string& text) {
    out_ += "  " + name + std::string(kLabel - std::min(kLabel - 1, name.size()), ' ');
    wrapped(text, 2 + kLabel, 2 + kLabel);
  }

  void list(const std::string& name, const std::vector<std::string>& items) {
    for (const std::string& item : items)
      line(&item == &items.front() ? name : "", item);
  }

  void verdict() {
    switch (decision_.verdict) {
      case Verdict::kAllow:
        out_ += paint(Style::kGreen, "allow");
        break;
      case Verdict::kDeny:
        out_ += paint(Style::kRed, "deny");
        break;
      case Verdict::kStepUp:
        out_ += paint(Style::kYellow, "step up");
        break;
    }
    if (!told_.scope.empty()) out_ += "  " + paint(Style::kBold, told_.scope);
    out_ += "\n";
    if (!decision_.allowed()) return;
    std::string life = format_duration(decision_.lifetime * 1'000'000);
    if (decision_.once) life += ", once";
    if (decision_.proof_dpop) life += ", bound to a key (dpop)";
    if (decision_.valid_until) life += ", not past " + format_rfc3339(decision_.valid_until->microseconds);
    line("for", life);
  }

  std::vector<std::string> refuser() const {
    switch (decision_.refusal) {
      case Refusal::kNotAllowed:
        return {"no `allow` applies to the user"};
      case Refusal::kNotTrusted:
        return {"no `trust` applies to " + told_.link};
      default:
        return {"the policy"};
    }
  }

  void title(const std::string& text) { out_ += "\n" + paint(Style::kBold, text) + "\n"; }

  void statement(const Step& step) {
    const std::string head = "  " + step.id + "  ";
    out_ += "  " + paint(Style::kDim, step.id) + "  ";
    wrapped(step.text.empty() ? step.kind : step.text, head.size(), std::min(head.size(), width_ / 3));
  }

  void detail(const std::string& text) {
    out_ += "    ";
    wrapped(text, 4, 6);
  }

  static std::string joined(const std::vector<std::string>& items) {
    std::string out;
    for (const std::string& item : items)
      out += (out.empty() ? "" : ", and ") + item;
    return out;
  }

  void applied() {
    bool first = true;
    for (const Step& step : told_.steps) {
      if (!counts(step)) continue;
      if (first) title("Applied");
      first = false;
      statement(step);
      if (step.outcome == "unknown") detail("nobody knows whether it applies, so it counts:");
      if (step.outcome == "unknown") facts(step, " is unknown");
      const bool stands_in_the_way = step.kind == (decision_.verdict == Verdict::kStepUp ? "require" : "deny");
      if (decision_.allowed() || !stands_in_the_way || step.change.empty()) continue;
      detail((step.kind == "require" ? "it would be met if " : "it would not apply if ") + joined(step.change));
    }
  }

  void facts(const Step& step, std::string_view which) {
    for (const std::string& fact : step.facts) {
      if (fact.find(which) != std::string::npos) detail("  " + fact);
    }
  }

  // What would have given the authority that is not there: of all statements those that lack least.
  bool is_near(const Step& step) const {
    if (decision_.allowed() || step.change.empty() || !is_authority(step)) return false;
    if (step.kind == "trust" && decision_.refusal == Refusal::kNotTrusted) return true;
    if (step.outcome == "applies") return false;
    return std::none_of(told_.steps.begin(), told_.steps.end(),
                        [&step](const Step& other) { return other.kind == step.kind && other.outcome == "applies"; });
  }

  void near() {
    std::vector<const Step*> steps;
    for (const Step& step : told_.steps) {
      if (is_near(step)) steps.push_back(&step);
    }
    if (steps.empty()) return;
    std::stable_sort(steps.begin(), steps.end(),
                     [](const Step* a, const Step* b) { return a->change.size() < b->change.size(); });
    title("Came near");
    for (std::size_t i = 0; i < steps.size() && i < kMostNear; ++i) {
      statement(*steps[i]);
      detail("it would apply if " + joined(steps[i]->change));
    }
    if (steps.size() > kMostNear) out_ += "  and " + std::to_string(steps.size() - kMostNear) + " more\n";
  }

  void rest() {
    std::size_t count = 0;
    for (const Step& step : told_.steps) {
      if (counts(step) || is_near(step)) continue;
      if (count == 0) title("Did not apply");
      if (++count > kMostRest) continue;
      statement(step);
      for (const std::string& fact : step.facts)
        detail(fact);
    }
    if (count > kMostRest) out_ += "  and " + std::to_string(count - kMostRest) + " more (--json has all of them)\n";
  }

  const Explanation& told_;
  const Decision& decision_;
  bool colours_;
  std::size_t width_;
  std::string out_;
};

}  // namespace

std::string tell(const Explanation& told, bool colours, std::size_t width) {
  return Teller(told, colours, width).run();
}

}  // namespace writ::cli
