// source text -> Ast. The only file that knows PEGTL: it ties the rules of grammar/policy.hpp to the Builder and to the
// messages for what is missing, and takes up again after each error.
#include "src/policy/parse.h"

#include <algorithm>
#include <utility>

#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/limit_depth.hpp>

#include "grammar/policy.hpp"
#include "src/base/aside.h"
#include "src/policy/builder.h"
#include "src/policy/recover.h"
#include "src/policy/syntax_error.h"

namespace writ::policy {
namespace {

namespace g = writ::grammar;

// ---------------------------------------------------------------------------------------------- actions

// A rule's action is a member function of Builder, with the bytes of the rule or with nothing.
template <auto kMember>
struct does;

template <void (Builder::*kMember)(Span)>
struct does<kMember> {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    (builder.*kMember)(builder.span(in.begin(), in.end()));
  }
};

template <void (Builder::*kMember)()>
struct does<kMember> {
  static void apply0(Builder& builder) { (builder.*kMember)(); }
};

template <typename Rule>
struct action : tao::pegtl::nothing<Rule> {};

// What is outermost does not count, nor does an attempt at one level more.
using nesting = tao::pegtl::limit_depth<kMaxNesting + 2>;
using B = Builder;

// clang-format off
template <> struct action<g::gap> : does<&B::gap> {};
template <> struct action<g::comment> : does<&B::comment> {};
template <> struct action<g::text_begin> : does<&B::text_begin> {};
template <> struct action<g::text_body> : does<&B::text_body> {};

template <> struct action<g::brace_open> : does<&B::open> {};
template <> struct action<g::bracket_open> : does<&B::open> {};
template <> struct action<g::paren_open> : does<&B::open> {};
template <> struct action<g::call_open> : does<&B::open> {};
template <> struct action<g::group_open> : does<&B::open> {};
template <> struct action<g::context_open> : does<&B::open> {};
template <> struct action<g::parameters_open> : does<&B::open> {};
template <> struct action<g::negate_sign> : does<&B::open> {};
template <> struct action<g::not_open> : does<&B::open> {};
template <> struct action<g::any_open> : does<&B::quantifier_word<ExprKind::kAny>> {};
template <> struct action<g::all_open> : does<&B::quantifier_word<ExprKind::kAll>> {};
template <> struct action<g::and_open> : does<&B::open_chain> {};
template <> struct action<g::or_open> : does<&B::open_chain> {};

template <> struct action<g::expression> : nesting {};
template <> struct action<g::constant> : nesting {};
template <> struct action<g::type> : nesting {};
template <> struct action<g::not_rest> : nesting, does<&B::negation> {};
template <> struct action<g::negate> : nesting, does<&B::negate> {};

template <> struct action<g::minus_sign> : does<&B::minus_sign> {};
template <> struct action<g::time_literal> : does<&B::time_literal> {};
template <> struct action<g::clock_literal> : does<&B::clock_literal> {};
template <> struct action<g::duration_literal> : does<&B::duration_literal> {};
template <> struct action<g::decimal_literal> : does<&B::decimal_literal> {};
template <> struct action<g::int_literal> : does<&B::int_literal> {};
template <> struct action<g::text_value> : does<&B::text_value> {};
template <> struct action<g::operand_name> : does<&B::operand_name> {};
template <> struct action<g::context_name> : does<&B::word_name> {};
template <> struct action<g::plain_name> : does<&B::plain_name> {};
template <> struct action<g::entity_bare> : does<&B::entity_bare> {};
template <> struct action<g::entity_text> : does<&B::entity_text> {};
template <> struct action<g::entity_rest> : does<&B::entity> {};
template <> struct action<g::call_end> : does<&B::call> {};
template <> struct action<g::set_end> : does<&B::set> {};
template <> struct action<g::entry_name> : does<&B::entry_name> {};
template <> struct action<g::record_end> : does<&B::record> {};
template <> struct action<g::paren_end> : does<&B::parenthesised> {};
template <> struct action<g::field_name> : does<&B::field> {};
template <> struct action<g::has_name> : does<&B::has> {};
template <> struct action<g::glob> : does<&B::like> {};
template <> struct action<g::times_rest> : does<&B::binary<ExprKind::kMultiply>> {};
template <> struct action<g::plus_rest> : does<&B::binary<ExprKind::kAdd>> {};
template <> struct action<g::minus_rest> : does<&B::binary<ExprKind::kSubtract>> {};
template <> struct action<g::equal_rest> : does<&B::binary<ExprKind::kEqual>> {};
template <> struct action<g::not_equal_rest> : does<&B::binary<ExprKind::kNotEqual>> {};
template <> struct action<g::less_rest> : does<&B::binary<ExprKind::kLess>> {};
template <> struct action<g::less_equal_rest> : does<&B::binary<ExprKind::kLessEqual>> {};
template <> struct action<g::greater_rest> : does<&B::binary<ExprKind::kGreater>> {};
template <> struct action<g::greater_equal_rest> : does<&B::binary<ExprKind::kGreaterEqual>> {};
template <> struct action<g::range_rest> : does<&B::binary<ExprKind::kRange>> {};
template <> struct action<g::in_rest> : does<&B::binary<ExprKind::kIn>> {};
template <> struct action<g::contains_rest> : does<&B::binary<ExprKind::kContains>> {};
template <> struct action<g::covers_rest> : does<&B::binary<ExprKind::kCovers>> {};
template <> struct action<g::action_subject> : does<&B::word_name> {};
template <> struct action<g::action_operand> : does<&B::word_name> {};
template <> struct action<g::action_equal_rest> : does<&B::binary<ExprKind::kEqual>> {};
template <> struct action<g::action_not_equal_rest> : does<&B::binary<ExprKind::kNotEqual>> {};
template <> struct action<g::action_in_rest> : does<&B::binary<ExprKind::kIn>> {};
template <> struct action<g::variable> : does<&B::variable> {};
template <> struct action<g::above_type> : does<&B::above_type> {};
template <> struct action<g::above> : does<&B::above> {};
template <> struct action<g::quantifier> : does<&B::quantifier> {};
template <> struct action<g::and_rest> : does<&B::chain<ExprKind::kAnd>> {};
template <> struct action<g::or_rest> : does<&B::chain<ExprKind::kOr>> {};

template <> struct action<g::type_word> : does<&B::type_word> {};
template <> struct action<g::named_type> : does<&B::named_type> {};
template <> struct action<g::set_type> : does<&B::set_type> {};
template <> struct action<g::type_end> : does<&B::record_type> {};
template <> struct action<g::optional_mark> : does<&B::optional_mark> {};
template <> struct action<g::field_word> : does<&B::field_word> {};
template <> struct action<g::key_word> : does<&B::field_word> {};
template <> struct action<g::parameter_word> : does<&B::field_word> {};
template <> struct action<g::default_part> : does<&B::constant_part> {};
template <> struct action<g::absent_value> : does<&B::constant_part> {};
template <> struct action<g::absent_none> : does<&B::absent_none> {};
template <> struct action<g::field> : does<&B::field_end> {};
template <> struct action<g::attribute> : does<&B::field_end> {};
template <> struct action<g::key> : does<&B::field_end> {};
template <> struct action<g::parameter> : does<&B::field_end> {};

template <> struct action<g::word_entity> : does<&B::begin_entity> {};
template <> struct action<g::declared_type> : does<&B::declared_type> {};
template <> struct action<g::single_part> : does<&B::single> {};
template <> struct action<g::ids_open> : does<&B::ids_open> {};
template <> struct action<g::listed_bare> : does<&B::listed_bare> {};
template <> struct action<g::listed_text> : does<&B::listed_text> {};
template <> struct action<g::ids_part> : does<&B::ids> {};
template <> struct action<g::parents_open> : does<&B::parents_open> {};
template <> struct action<g::parent_type> : does<&B::parent_type> {};
template <> struct action<g::parents_part> : does<&B::parents> {};
template <> struct action<g::attributes_open> : does<&B::attributes_open> {};
template <> struct action<g::attributes_end> : does<&B::attributes> {};
template <> struct action<g::entity_decl> : does<&B::entity_decl> {};
template <> struct action<g::word_actions> : does<&B::begin_actions> {};
template <> struct action<g::group_name> : does<&B::group_name> {};
template <> struct action<g::listed_action> : does<&B::listed_action> {};
template <> struct action<g::group_end> : does<&B::group_end> {};
template <> struct action<g::actions_named> : does<&B::action_names> {};
template <> struct action<g::for_type> : does<&B::for_type> {};
template <> struct action<g::listed_type> : does<&B::listed_type> {};
template <> struct action<g::actions_decl> : does<&B::actions_decl> {};
template <> struct action<g::context_end> : does<&B::context_end> {};
template <> struct action<g::context_decl> : does<&B::context_decl> {};
template <> struct action<g::word_define> : does<&B::begin_define> {};
template <> struct action<g::defined_name> : does<&B::defined_name> {};
template <> struct action<g::parameters_end> : does<&B::parameters_end> {};
template <> struct action<g::define_decl> : does<&B::define_decl> {};
template <> struct action<g::word_alias> : does<&B::begin_alias> {};
template <> struct action<g::alias_name> : does<&B::alias_name> {};
template <> struct action<g::alias_ceiling> : does<&B::alias_ceiling> {};
template <> struct action<g::alias_decl> : does<&B::alias_decl> {};

template <> struct action<g::pattern_star> : does<&B::pattern_star> {};
template <> struct action<g::pattern_action> : does<&B::pattern_action> {};
template <> struct action<g::pattern_type> : does<&B::pattern_type> {};
template <> struct action<g::pattern_brace_open> : does<&B::braces_open> {};
template <> struct action<g::pattern_brace_name> : does<&B::brace_name> {};
template <> struct action<g::pattern_brace_end> : does<&B::pattern_braces_end> {};
template <> struct action<g::type_brace_open> : does<&B::braces_open> {};
template <> struct action<g::type_brace_name> : does<&B::brace_name> {};
template <> struct action<g::type_brace_end> : does<&B::type_braces_end> {};
template <> struct action<g::pattern_colon> : does<&B::pattern_colon> {};
template <> struct action<g::pattern_dot> : does<&B::pattern_dot> {};
template <> struct action<g::action_star> : does<&B::action_star> {};
template <> struct action<g::type_star> : does<&B::type_star> {};
template <> struct action<g::id_all> : does<&B::id_all> {};
template <> struct action<g::star_id> : does<&B::id_all> {};
template <> struct action<g::id_text> : does<&B::id_text> {};
template <> struct action<g::id_name> : does<&B::id_name> {};
template <> struct action<g::dotted_id> : does<&B::id_name> {};
template <> struct action<g::id_star> : does<&B::id_star> {};
template <> struct action<g::pattern_everything> : does<&B::pattern_everything> {};
template <> struct action<g::pattern_alias> : does<&B::pattern_alias> {};
template <> struct action<g::pattern> : does<&B::pattern> {};
template <> struct action<g::patterns> : does<&B::patterns> {};

template <> struct action<g::rule_name> : does<&B::rule_name> {};
template <> struct action<g::word_allow> : does<&B::begin_rule<RuleKind::kAllow>> {};
template <> struct action<g::word_trust> : does<&B::begin_rule<RuleKind::kTrust>> {};
template <> struct action<g::word_deny> : does<&B::begin_rule<RuleKind::kDeny>> {};
template <> struct action<g::word_require> : does<&B::begin_rule<RuleKind::kRequire>> {};
template <> struct action<g::word_limit> : does<&B::begin_rule<RuleKind::kLimit>> {};
template <> struct action<g::any_type> : does<&B::who_any> {};
template <> struct action<g::who_type> : does<&B::who_type> {};
template <> struct action<g::who_bare> : does<&B::who_bare> {};
template <> struct action<g::who_text> : does<&B::who_text> {};
template <> struct action<g::who_any> : does<&B::who> {};
template <> struct action<g::who_one> : does<&B::who> {};
template <> struct action<g::via_last> : does<&B::via_last> {};
template <> struct action<g::to_open> : does<&B::whos_open> {};
template <> struct action<g::to_part> : does<&B::to_part> {};
template <> struct action<g::via_open> : does<&B::via_open> {};
template <> struct action<g::via_part> : does<&B::via_part> {};
template <> struct action<g::if_part> : does<&B::if_part> {};
template <> struct action<g::reason> : does<&B::reason> {};
template <> struct action<g::lifetime> : does<&B::lifetime> {};
template <> struct action<g::audience_text> : does<&B::clause_text> {};
template <> struct action<g::notify_text> : does<&B::clause_text> {};
template <> struct action<g::proof_kind> : does<&B::proof_kind> {};
template <> struct action<g::for_clause> : does<&B::clause<ClauseKind::kFor>> {};
template <> struct action<g::once_clause> : does<&B::clause<ClauseKind::kOnce>> {};
template <> struct action<g::audience_clause> : does<&B::clause<ClauseKind::kAudience>> {};
template <> struct action<g::proof_clause> : does<&B::clause<ClauseKind::kProof>> {};
template <> struct action<g::notify_clause> : does<&B::clause<ClauseKind::kNotify>> {};
template <> struct action<g::clauses> : does<&B::clauses> {};
template <> struct action<g::rule> : does<&B::rule> {};

template <> struct action<g::word_test> : does<&B::begin_test> {};
template <> struct action<g::test_title> : does<&B::test_title> {};
template <> struct action<g::test_open> : does<&B::test_open> {};
template <> struct action<g::instant_literal> : does<&B::instant> {};
template <> struct action<g::at_line> : does<&B::at_line> {};
template <> struct action<g::context_line> : does<&B::context_line> {};
template <> struct action<g::line_type> : does<&B::line_type> {};
template <> struct action<g::line_id_bare> : does<&B::line_id> {};
template <> struct action<g::line_id_text> : does<&B::line_text> {};
template <> struct action<g::line_in> : does<&B::whos_open> {};
template <> struct action<g::line_parents> : does<&B::line_parents> {};
template <> struct action<g::line_values> : does<&B::line_values> {};
template <> struct action<g::entity_line> : does<&B::entity_line> {};
template <> struct action<g::expect_allow> : does<&B::expect<Expected::kAllow>> {};
template <> struct action<g::expect_deny> : does<&B::expect<Expected::kDeny>> {};
template <> struct action<g::expect_step_up> : does<&B::expect<Expected::kStepUp>> {};
template <> struct action<g::person_type> : does<&B::who_type> {};
template <> struct action<g::person_bare> : does<&B::who_bare> {};
template <> struct action<g::person_text> : does<&B::who_text> {};
template <> struct action<g::person_to> : does<&B::person_to> {};
template <> struct action<g::person_via> : does<&B::person_via> {};
template <> struct action<g::expect_via_open> : does<&B::whos_open> {};
template <> struct action<g::expect_via> : does<&B::expect_via> {};
template <> struct action<g::expect_because_open> : does<&B::reasons_open> {};
template <> struct action<g::expect_ask_open> : does<&B::reasons_open> {};
template <> struct action<g::expected_reason> : does<&B::expected_reason> {};
template <> struct action<g::expect_because> : does<&B::expect_because> {};
template <> struct action<g::expect_ask> : does<&B::expect_ask> {};
template <> struct action<g::expectation> : does<&B::expectation> {};
template <> struct action<g::test_end> : does<&B::test_end> {};

// ---------------------------------------------------------------------------------------------- messages

// What should have stood where a must<Rule> fails: things separated by `|`, or one of the names of syntax_error.h. A
// rule without an entry does not compile in a must<>, so no message can be missing.
template <typename Rule> inline constexpr const char* expected = nullptr;

template <> inline constexpr const char* expected<g::text_end> = kExpectTextEnd;
template <> inline constexpr const char* expected<g::colon_space> = kExpectSpace;
template <> inline constexpr const char* expected<g::number_end> = kExpectNumberEnd;
template <> inline constexpr const char* expected<g::entity_id> = "an id";
template <> inline constexpr const char* expected<g::entity_rest> = "an id";
template <> inline constexpr const char* expected<g::constant> = "a constant";
template <> inline constexpr const char* expected<g::set_end> = "&`,`|`]`";
template <> inline constexpr const char* expected<g::record_end> = "&`,`|`}`";
template <> inline constexpr const char* expected<g::field_colon> = "`:`";
template <> inline constexpr const char* expected<g::quantifier_colon> = "`:`";
template <> inline constexpr const char* expected<g::expression> = "a value";
template <> inline constexpr const char* expected<g::conjunction> = "a condition";
template <> inline constexpr const char* expected<g::negation> = "a condition";
template <> inline constexpr const char* expected<g::call_end> = "&`)`|`,`";
template <> inline constexpr const char* expected<g::paren_end> = "&`)`";
template <> inline constexpr const char* expected<g::field_name> = "the name of an attribute";
template <> inline constexpr const char* expected<g::has_name> = "the name of an attribute";
template <> inline constexpr const char* expected<g::unary> = "a value";
template <> inline constexpr const char* expected<g::product> = "a value";
template <> inline constexpr const char* expected<g::sum> = "a value";
template <> inline constexpr const char* expected<g::glob> = "a text";
template <> inline constexpr const char* expected<g::action_operand> = "an action";
template <> inline constexpr const char* expected<g::action_or_set> = "`[`|an action";
template <> inline constexpr const char* expected<g::variable> = "a name for the variable";
template <> inline constexpr const char* expected<g::quantifier_in> = "`in`";
template <> inline constexpr const char* expected<g::collection> = "a set";

template <> inline constexpr const char* expected<g::type> = "a type";
template <> inline constexpr const char* expected<g::type_word> = "a type";
template <> inline constexpr const char* expected<g::type_end> = "&`,`|`?`|`}`";
template <> inline constexpr const char* expected<g::word_of> = "`of`";
template <> inline constexpr const char* expected<g::element_type> = "a type that is no set";
template <> inline constexpr const char* expected<g::declared_type> = "a name of letters and digits";
template <> inline constexpr const char* expected<g::listed_id> = "an id";
template <> inline constexpr const char* expected<g::parent_type> = "a type";
template <> inline constexpr const char* expected<g::attributes_end> = "&`,`|`=`|`}`";
template <> inline constexpr const char* expected<g::actions_named> = "an action";
template <> inline constexpr const char* expected<g::group_open> = "`{`";
template <> inline constexpr const char* expected<g::listed_action> = "an action";
template <> inline constexpr const char* expected<g::group_end> = "&`,`|`}`";
template <> inline constexpr const char* expected<g::actions_for> = "`,`|`for`";
template <> inline constexpr const char* expected<g::listed_type> = "a type";
template <> inline constexpr const char* expected<g::word_means> = "`means`";
template <> inline constexpr const char* expected<g::absent_what> = "`none`|a constant";
template <> inline constexpr const char* expected<g::context_open> = "`{`";
template <> inline constexpr const char* expected<g::context_end> = "&`,`|`absent`|`}`";
template <> inline constexpr const char* expected<g::defined_name> = "a name";
template <> inline constexpr const char* expected<g::parameter> = "a parameter such as `i: invoice`";
template <> inline constexpr const char* expected<g::parameters_end> = "&`)`|`,`|`?`";
template <> inline constexpr const char* expected<g::define_equals> = "`=`";

template <> inline constexpr const char* expected<g::patterns> = "a scope pattern";
template <> inline constexpr const char* expected<g::pattern> = "a scope pattern";
template <> inline constexpr const char* expected<g::pattern_end> = kExpectPatternEnd;
template <> inline constexpr const char* expected<g::colon_or_dot> = kExpectPatternRest;
template <> inline constexpr const char* expected<g::pattern_types> = "`*`|`{`|a type";
template <> inline constexpr const char* expected<g::pattern_actions> = "`*`|`{`|an action";
template <> inline constexpr const char* expected<g::id_what> = "`*`|an id";
template <> inline constexpr const char* expected<g::dotted_id_what> = "`*`|an id";
template <> inline constexpr const char* expected<g::star_id> = "`*`";
template <> inline constexpr const char* expected<g::pattern_brace_name> = "a name";
template <> inline constexpr const char* expected<g::pattern_brace_end> = "&`,`|`}`";
template <> inline constexpr const char* expected<g::type_brace_name> = "a type";
template <> inline constexpr const char* expected<g::type_brace_end> = "&`,`|`}`";
template <> inline constexpr const char* expected<g::alias_name> = "a name in quotes";
template <> inline constexpr const char* expected<g::alias_equals> = "`=`|`ceiling`";

template <> inline constexpr const char* expected<g::who> = "`any`|`type:id`";
template <> inline constexpr const char* expected<g::agent> = "`any agent`|`agent:id`";
template <> inline constexpr const char* expected<g::via_who> = "`agent:id`|`any agent`|`last`";
template <> inline constexpr const char* expected<g::any_type> = "a type";
template <> inline constexpr const char* expected<g::who_colon> = kExpectWhoColon;
template <> inline constexpr const char* expected<g::who_id> = "an id";
template <> inline constexpr const char* expected<g::reason> = "a text in quotes";
template <> inline constexpr const char* expected<g::lifetime> = "a duration";
template <> inline constexpr const char* expected<g::audience_text> = "a text in quotes";
template <> inline constexpr const char* expected<g::notify_text> = "a text in quotes";
template <> inline constexpr const char* expected<g::proof_kind> = "`dpop`";
template <> inline constexpr const char* expected<g::clause> = "`audience`|`for`|`notify`|`once`|`proof`";
template <> inline constexpr const char* expected<g::clauses> = "`audience`|`for`|`notify`|`once`|`proof`";
template <> inline constexpr const char* expected<g::with_part> = "`,`|`with`";
template <> inline constexpr const char* expected<g::before_part> = "`before`|an operator";
template <> inline constexpr const char* expected<g::because_part> = kExpectBecause;
template <> inline constexpr const char* expected<g::ask_part> = kExpectAsk;
template <> inline constexpr const char* expected<g::rule_name> = "a name of letters, digits and any of `. _ / -`";
template <> inline constexpr const char* expected<g::rule> = "`allow`|`deny`|`limit`|`require`|`trust`";

template <> inline constexpr const char* expected<g::test_title> = "a title in quotes";
template <> inline constexpr const char* expected<g::test_open> = "`{`";
template <> inline constexpr const char* expected<g::instant> = "a time such as 2026-03-02T09:00:00Z";
template <> inline constexpr const char* expected<g::context_values> = "`{`";
template <> inline constexpr const char* expected<g::person_to> = "the id of a user";
template <> inline constexpr const char* expected<g::person_via> = "the id of an agent";
template <> inline constexpr const char* expected<g::expected_reason> = "a text in quotes";
template <> inline constexpr const char* expected<g::test_end> = kExpectTestLine;
template <> inline constexpr const char* expected<g::file_end> = kExpectStatement;
// clang-format on

struct messages {
  template <typename Rule>
  static constexpr const char* message = expected<Rule>;
  // Only a must<> raises; where the same rule is one of several ways it may fail.
  template <typename Rule>
  static constexpr bool raise_on_failure = false;
};

template <typename Rule>
using control = tao::pegtl::must_if<messages>::control<Rule>;

// ---------------------------------------------------------------------------------------------- the parse

using Input = tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy, tao::pegtl::eol::lf, const char*>;

// Parses from `begin` to the end, or throws. A fresh input each time: an error's position is counted from where its
// input begins, so counting from the beginning of the file would make many errors cost the square of their number.
template <typename Rule>
void match(std::string_view text, Builder& builder) {
  Input in(text.data(), text.data() + text.size(), "");
  // Every way to fail is a must<>, so there is no other result than success.
  (void)tao::pegtl::parse<Rule, action, control>(in, builder);
}

// One file from its beginning to its end, through all its errors.
class Parse {
 public:
  Parse(Ast& ast, Report& report, Span part)
      : ast_(ast),
        report_(report),
        builder_(ast, report, part),
        begin_(part.begin),
        text_(ast.source->text().substr(0, part.end)) {}

  void run() {
    std::size_t at = begin_;
    do {
      at = attempt(at);
      if (builder_.error_count() >= kMaxErrors && at < text_.size()) return too_many(at);
    } while (at < text_.size());
  }

 private:
  // Parses from `begin` until the first error, reports it, and says where to go on.
  std::size_t attempt(std::size_t begin) {
    const std::string_view rest = text_.substr(begin);
    try {
      if (begin == 0) {
        match<g::file>(rest, builder_);
      } else if (builder_.in_test()) {
        match<g::rest_of_test>(rest, builder_);
      } else {
        match<g::statements>(rest, builder_);
      }
      return text_.size();
    } catch (const tao::pegtl::parse_error& error) {
      const auto offset = static_cast<std::uint32_t>(begin + error.positions().front().byte);
      if (error.message() != kTooDeep) return unexpected(begin, {offset, error.message()});
      report_.error({ast_.file, {offset, offset + 1}}, "nesting-too-deep", "this nests more than 64 levels deep",
                    "give its parts names with `define`");
      return resume(builder_, text_, begin, offset);
    } catch (const Unexpected& error) {
      return unexpected(begin, error);
    } catch (const TooManyErrors& error) {
      return error.offset;
    } catch (const Fault& fault) {
      report_.error({ast_.file, fault.span}, fault.name, fault.message, fault.help);
      return resume(builder_, text_, begin, fault.span.begin);
    }
  }

  // What limit_depth throws; it takes no message of one's own.
  static constexpr std::string_view kTooDeep = "maximum parser rule nesting depth exceeded";

  std::size_t unexpected(std::size_t begin, Unexpected error) {
    const std::uint32_t offset = report_unexpected(ast_, builder_, error, report_);
    const std::uint32_t end = builder_.token_end();
    if (error.expected == kExpectStatement && builder_.progress().any && end <= offset &&
        text_.substr(end, offset - end).find('\n') == std::string_view::npos) {
      builder_.drop_last_item();
    }
    return resume(builder_, text_, begin, offset, error.expected == kExpectStatement);
  }

  void too_many(std::size_t at) {
    const auto offset = static_cast<std::uint32_t>(at);
    report_.error({ast_.file, {offset, offset + 1}}, "too-many-errors", "the rest of this file was not read",
                  "it has a thousand errors up to here");
  }

  Ast& ast_;
  Report& report_;
  Builder builder_;
  std::size_t begin_;
  std::string_view text_;
};

// A line near the middle of the text that begins with a statement; the end where there is none near.
std::size_t middle_of(std::string_view text) {
  constexpr int kLines = 1'000;
  std::size_t at = text.size() / 2;
  for (int i = 0; i < kLines; ++i) {
    at = text.find('\n', at);
    if (at == std::string_view::npos) break;
    if (begins_statement(text, ++at)) return at;
  }
  return text.size();
}

Ast parse_part(std::shared_ptr<const Source> source, std::uint32_t file, Span part, Report& report) {
  Ast ast;
  ast.file = file;
  ast.source = std::move(source);
  if (check_text(ast, part, report)) Parse(ast, report, part).run();
  return ast;
}

}  // namespace

Ast parse(std::shared_ptr<const Source> source, std::uint32_t file, Report& report) {
  const Span whole{0, static_cast<std::uint32_t>(std::min<std::size_t>(source->text().size(), UINT32_MAX))};
  return parse_part(std::move(source), file, whole, report);
}

std::vector<Ast> parse_apart(std::shared_ptr<const Source> source, std::uint32_t file, Report& report, unsigned threads,
                             std::size_t least) {
  std::vector<Ast> asts;
  const std::string_view text = source->text();
  if (threads > 1 && text.size() / 2 >= least && text.size() <= kMaxSourceBytes) {
    const auto middle = static_cast<std::uint32_t>(middle_of(text));
    const auto end = static_cast<std::uint32_t>(text.size());
    // A half that breaks off says so: then there is an error, and what there is to say of it is said of the whole.
    Report first(report.sources()), second(report.sources());
    asts.resize(2);
    Aside aside(threads, [&] { asts[1] = parse_part(source, file, {middle, end}, second); });
    asts[0] = parse_part(source, file, {0, middle}, first);
    aside.wait();
    if (first.is_empty() && second.is_empty()) return asts;
    asts.clear();
  }
  asts.push_back(parse(std::move(source), file, report));
  return asts;
}

}  // namespace writ::policy
