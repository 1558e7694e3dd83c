// The members and their order are a contract: tests/unit/wire/write_decision_test.cc.
#include "src/wire/write_decision.h"

#include "src/base/civil_time.h"
#include "src/json/writer.h"

namespace writ::wire {
namespace {

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAllow:
      return "allow";
    case Verdict::kDeny:
      return "deny";
    case Verdict::kStepUp:
      return "step_up";
  }
  return "deny";
}

void list(json::Writer& out, std::string_view name, const std::vector<std::string>& items) {
  out.key(name).begin_array();
  for (const std::string& item : items)
    out.string(item);
  out.end_array();
}

void begin(json::Writer& out, const Explanation& told, Verdict verdict) {
  out.begin_object().member("decision", verdict_name(verdict));
  if (!told.scope.empty()) out.member("scope", std::string_view(told.scope));
}

void demands(json::Writer& out, const Explanation& told) {
  const Decision& decision = told.decision;
  out.member("lifetime", decision.lifetime).member("once", decision.once);
  if (decision.valid_until)
    out.member("valid_until", std::string_view(format_rfc3339(decision.valid_until->microseconds)));
  if (!told.audience.empty()) list(out, "audience", told.audience);
  if (decision.proof_dpop) out.member("proof", "dpop");
}

void trace(json::Writer& out, const Explanation& told) {
  out.key("trace").begin_array();
  for (const Explanation::Step& step : told.steps) {
    out.begin_object().member("id", std::string_view(step.id)).member("kind", std::string_view(step.kind));
    if (!step.text.empty()) out.member("statement", std::string_view(step.text));
    out.member("outcome", std::string_view(step.outcome));
    list(out, "facts", step.facts);
    list(out, "change", step.change);
    out.end_object();
  }
  out.end_array();
}

}  // namespace

std::string write_decision(const Explanation& told, bool with_trace) {
  std::string line;
  json::Writer out(line);
  begin(out, told, told.decision.verdict);
  switch (told.decision.verdict) {
    case Verdict::kAllow:
      demands(out, told);
      if (!told.notify.empty()) list(out, "notify", told.notify);
      list(out, "rules", told.rules);
      break;
    case Verdict::kDeny:
      list(out, "rules", told.rules);
      list(out, "because", told.because);
      if (!told.missing.empty()) list(out, "missing", told.missing);
      out.member("link", std::string_view(told.link));
      break;
    case Verdict::kStepUp:
      list(out, "ask", told.ask);
      list(out, "rules", told.rules);
      if (!told.missing.empty()) list(out, "missing", told.missing);
      break;
  }
  if (with_trace) trace(out, told);
  out.end_object();
  return line;
}

std::string write_public_decision(const Explanation& told) {
  std::string line;
  json::Writer out(line);
  begin(out, told, told.decision.verdict);
  switch (told.decision.verdict) {
    case Verdict::kAllow:
      demands(out, told);
      break;
    case Verdict::kDeny:
      // The same for a forbidden resource and for one that does not exist.
      if (told.decision.public_reason) {
        list(out, "because", told.because);
      } else {
        out.member("error", "not_allowed");
      }
      break;
    case Verdict::kStepUp:
      list(out, "ask", told.ask);
      break;
  }
  out.end_object();
  return line;
}

std::string write_error(const Error& error) {
  std::string line;
  json::Writer out(line);
  out.begin_object().key("error").begin_object();
  out.member("code", code_name(error.code)).member("detail", error.detail());
  if (error.line != 0) out.member("line", static_cast<std::int64_t>(error.line));
  out.end_object().end_object();
  return line;
}

}  // namespace writ::wire
