// The words that name nothing of the author's own.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace writ::policy {

// entity, actions, context, define, alias, allow, trust, deny, require, limit, test.
std::span<const std::string_view> statement_words();
bool is_statement_word(std::string_view word);

// The statement word that this one was probably meant to be: written otherwise, misspelt, or that of another language.
// Empty if there is none.
std::string meant_statement_word(std::string_view word);

// Whether the word cannot name a type, a context key, a define, a parameter or a variable. Attributes and fields may
// have any name, actions any but a statement word.
bool is_reserved(std::string_view word);
// Two words more that cannot name a type: `at` begins a line of a test, `type` follows the `for` of actions.
bool is_reserved_type(std::string_view word);

}  // namespace writ::policy
