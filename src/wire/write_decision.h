// Explanation -> JSON, as scripts and other languages read it.
#pragma once

#include <string>

#include "writ/decision.h"
#include "writ/result.h"

namespace writ::wire {

// The full answer, for the log and the trusted caller, in one line without line end. With its trace, each statement
// that speaks of the request: {"id","kind","statement","outcome","facts":[...],"change":[...]}.
std::string write_decision(const Explanation& told, bool with_trace = false);
// What may be shown to a client: reasons only where the request was otherwise allowed, and never what was missing.
std::string write_public_decision(const Explanation& told);
// {"error":{"code":"...","detail":"...","line":7}}
std::string write_error(const Error& error);

}  // namespace writ::wire
