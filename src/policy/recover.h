// What surrounds the grammar: whether a text is one at all, and where to take up again after an error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "src/diagnostics/report.h"
#include "src/policy/builder.h"

namespace writ::policy {

// Reports what in this part of the source can be no policy text: too many bytes, not UTF-8, control characters. False
// if there was any.
bool check_text(const Ast& ast, Span part, Report& report);

// After an error at `offset` in what began at `begin`: gives up what the builder had begun and returns where the next
// statement begins, or within a test the next line of it, or the end of the text. Always past `begin`. With `misspelt`,
// after something that begins no statement, what seems meant to begin one will do, so that it is reported, too.
std::size_t resume(Builder& builder, std::string_view text, std::size_t begin, std::uint32_t offset,
                   bool misspelt = false);

// Whether a line begins at `offset` (white space before it) with the first word of a statement or its `@id`.
bool begins_statement(std::string_view text, std::size_t offset);
// The same of a line of a test that begins with `allow`, `deny`, `step_up` or `at`.
bool begins_expectation(std::string_view text, std::size_t offset);

}  // namespace writ::policy
