// The Writ language as PEGTL rules: what may stand where, and nothing else. Over each rule stands what it says in EBNF
// ({ } any number, [ ] at most one, ? ? in words). README.md beside this file is the reference in prose.
//
// Conventions. A token takes the white space and comments after it along, so that a rule never begins with any. A rule
// that has seen the word it begins with is committed: what must follow stands in must<>, and where it does not, the
// parse ends with the message that src/policy/parse.cc keeps for that rule. Nothing is undone after a commitment, so
// actions may act at once.
#pragma once

#include <tao/pegtl.hpp>

namespace writ::grammar {

using tao::pegtl::alnum;
using tao::pegtl::alpha;
using tao::pegtl::at;
using tao::pegtl::digit;
using tao::pegtl::eof;
using tao::pegtl::must;
using tao::pegtl::not_at;
using tao::pegtl::not_one;
using tao::pegtl::one;
using tao::pegtl::opt;
using tao::pegtl::plus;
using tao::pegtl::rep;
using tao::pegtl::seq;
using tao::pegtl::sor;
using tao::pegtl::star;
using tao::pegtl::success;
using tao::pegtl::two;

// ---------------------------------------------------------------------------------------------- white space

// white = " " | TAB | CR | LF
struct white : one<' ', '\t', '\r', '\n'> {};
// comment = "#" { ? any character but LF ? }
struct comment : seq<one<'#'>, star<not_one<'\n'>>> {};
// gap = [ white { white } { comment { white } } ]        so a comment stands after white space only
struct gap : opt<plus<white>, star<comment, star<white>>> {};
// blank = " " | TAB
struct blank : one<' ', '\t'> {};

// ---------------------------------------------------------------------------------------------- names, ids, texts

// word_rest = letter | digit | "_"
struct word_rest : sor<alnum, one<'_'>> {};
// name = letter { word_rest }
struct name : seq<alpha, star<word_rest>> {};
// type_name = letter { letter | digit }                  no "_": that ends the type in a scope
struct type_name : seq<alpha, star<alnum>> {};
// action_name = letter { letter | digit | "_" | "-" }
struct action_name : seq<alpha, star<sor<alnum, one<'_', '-'>>>> {};
// id_char = letter | digit | "." | "_" | "~" | "@" | "/" | "+" | "=" | "-"
struct id_char : sor<alnum, one<'.', '_', '~', '@', '/', '+', '=', '-'>> {};
// bare_id = id_char { id_char }                          as far as it goes
struct bare_id : plus<id_char> {};
// text_char = ? any character but ", \ and LF ? | "\" ? any character but LF ?
struct text_char : sor<not_one<'"', '\\', '\n'>, seq<one<'\\'>, not_one<'\n'>>> {};
// text = '"' { text_char } '"'                           escapes: \" \\ \n \t \r \u{HEX}
struct text_begin : one<'"'> {};
struct text_body : star<text_char> {};
struct text_end : one<'"'> {};
struct text : seq<text_begin, text_body, must<text_end>> {};
struct text_token : seq<text, gap> {};

// ---------------------------------------------------------------------------------------------- words and marks

// word = ? its letters ? gap                             not followed by word_rest
template <typename Letters>
struct word : seq<Letters, not_at<word_rest>, gap> {};

struct word_entity : word<TAO_PEGTL_STRING("entity")> {};
struct word_actions : word<TAO_PEGTL_STRING("actions")> {};
struct word_context : word<TAO_PEGTL_STRING("context")> {};
struct word_define : word<TAO_PEGTL_STRING("define")> {};
struct word_alias : word<TAO_PEGTL_STRING("alias")> {};
struct word_allow : word<TAO_PEGTL_STRING("allow")> {};
struct word_trust : word<TAO_PEGTL_STRING("trust")> {};
struct word_deny : word<TAO_PEGTL_STRING("deny")> {};
struct word_require : word<TAO_PEGTL_STRING("require")> {};
struct word_limit : word<TAO_PEGTL_STRING("limit")> {};
struct word_test : word<TAO_PEGTL_STRING("test")> {};
struct word_step_up : word<TAO_PEGTL_STRING("step_up")> {};

struct word_above : word<TAO_PEGTL_STRING("above")> {};
struct word_absent : word<TAO_PEGTL_STRING("absent")> {};
struct word_all : word<TAO_PEGTL_STRING("all")> {};
struct word_and : word<TAO_PEGTL_STRING("and")> {};
struct word_any : word<TAO_PEGTL_STRING("any")> {};
struct word_ask : word<TAO_PEGTL_STRING("ask")> {};
struct word_at : word<TAO_PEGTL_STRING("at")> {};
struct word_audience : word<TAO_PEGTL_STRING("audience")> {};
struct word_because : word<TAO_PEGTL_STRING("because")> {};
struct word_before : word<TAO_PEGTL_STRING("before")> {};
struct word_ceiling : word<TAO_PEGTL_STRING("ceiling")> {};
struct word_contains : word<TAO_PEGTL_STRING("contains")> {};
struct word_covers : word<TAO_PEGTL_STRING("covers")> {};
struct word_dpop : word<TAO_PEGTL_STRING("dpop")> {};
struct word_false : word<TAO_PEGTL_STRING("false")> {};
struct word_for : word<TAO_PEGTL_STRING("for")> {};
struct word_has : word<TAO_PEGTL_STRING("has")> {};
struct word_if : word<TAO_PEGTL_STRING("if")> {};
struct word_in : word<TAO_PEGTL_STRING("in")> {};
struct word_last : word<TAO_PEGTL_STRING("last")> {};
struct word_like : word<TAO_PEGTL_STRING("like")> {};
struct word_means : word<TAO_PEGTL_STRING("means")> {};
struct word_none : word<TAO_PEGTL_STRING("none")> {};
struct word_not : word<TAO_PEGTL_STRING("not")> {};
struct word_notify : word<TAO_PEGTL_STRING("notify")> {};
struct word_of : word<TAO_PEGTL_STRING("of")> {};
struct word_once : word<TAO_PEGTL_STRING("once")> {};
struct word_or : word<TAO_PEGTL_STRING("or")> {};
struct word_proof : word<TAO_PEGTL_STRING("proof")> {};
struct word_set : word<TAO_PEGTL_STRING("set")> {};
struct word_single : word<TAO_PEGTL_STRING("single")> {};
struct word_to : word<TAO_PEGTL_STRING("to")> {};
struct word_true : word<TAO_PEGTL_STRING("true")> {};
struct word_type : word<TAO_PEGTL_STRING("type")> {};
struct word_via : word<TAO_PEGTL_STRING("via")> {};
struct word_with : word<TAO_PEGTL_STRING("with")> {};

// mark = ? its character ? gap
template <char C>
struct mark : seq<one<C>, gap> {};

struct comma : mark<','> {};
struct brace_open : mark<'{'> {};
struct brace_close : mark<'}'> {};
struct bracket_open : mark<'['> {};
struct bracket_close : mark<']'> {};
struct paren_open : mark<'('> {};
struct paren_close : mark<')'> {};
// equals = "="                                           "==" is a comparison
struct equals : seq<one<'='>, not_at<one<'='>>, gap> {};
// field_colon = ":" white gap                            without the space it would make an entity: `owner:user`
struct colon_space : at<white> {};
struct field_colon : seq<one<':'>, must<colon_space>, gap> {};

// ---------------------------------------------------------------------------------------------- literals

// number_end = ? no letter, digit or "_" follows ?
struct number_end : not_at<word_rest> {};
// date = digit digit digit digit "-" digit digit "-" digit digit
struct date : seq<rep<4, digit>, one<'-'>, rep<2, digit>, one<'-'>, rep<2, digit>> {};
// time = date "T" clock [ "." digit { digit } ] ( "Z" | ( "+" | "-" ) clock )
// A colon or a point belongs to a literal only where a digit follows. That the digits make sense is checked later.
struct time_of_day : seq<plus<digit>, star<one<':', '.'>, plus<digit>>> {};
struct time_zone : sor<one<'Z', 'z'>, seq<one<'+', '-'>, plus<digit>, opt<one<':'>, plus<digit>>>> {};
struct time_literal : seq<date, opt<one<'T', 't'>, opt<time_of_day>, opt<time_zone>>> {};
// clock = digit digit ":" digit digit [ ":" digit digit ]
struct clock_literal : seq<plus<digit>, plus<one<':'>, plus<digit>>> {};
// duration = digit { digit } unit { digit { digit } unit }        unit = "w" | "d" | "h" | "m" | "s" | "ms"
struct duration_literal : seq<plus<digit>, alpha, star<word_rest>> {};
// decimal = digit { digit } "." digit { digit }
struct decimal_literal : seq<plus<digit>, one<'.'>, plus<digit>> {};
// int = digit { digit }
struct int_literal : plus<digit> {};
// number = time | clock | duration | decimal | int
struct number : seq<at<digit>, sor<time_literal, clock_literal, duration_literal, decimal_literal, int_literal>,
                    must<number_end>, gap> {};
// signed_number = "-" ( duration | decimal | int )
struct minus_sign : seq<one<'-'>, at<digit>, not_at<sor<date, clock_literal>>> {};
struct signed_number : seq<minus_sign, number> {};
// lifetime = duration
struct lifetime : seq<plus<digit>, star<word_rest>, gap> {};
// instant = time
struct instant_literal : time_literal {};
struct instant : seq<instant_literal, must<number_end>, gap> {};
// text_value = text
struct text_value : text_token {};

// entity_id = bare_id | text
struct entity_bare : bare_id {};
struct entity_text : text {};
struct entity_id : sor<entity_text, entity_bare> {};
// entity = type_name ":" entity_id                       no space
struct entity_colon : seq<one<':'>, at<sor<id_char, one<'"'>>>> {};
struct entity_rest : seq<entity_colon, must<entity_id>> {};

// ---------------------------------------------------------------------------------------------- constants

// constant = "true" | "false" | entity | signed_number | number | text | constant_set | constant_record
struct constant;
struct operand_name : name {};
struct plain_name : success {};
struct constant_bool : seq<at<sor<word_true, word_false>>, operand_name, gap, plain_name> {};
struct constant_entity : seq<at<type_name, one<':'>>, operand_name, must<entity_rest>, gap> {};
// constant_set = "[" [ constant { "," constant } [ "," ] ] "]"
struct set_end : bracket_close {};
struct constant_set : seq<bracket_open, opt<constant, star<comma, constant>, opt<comma>>, must<set_end>> {};
// constant_record = "{" [ name ": " constant { "," name ": " constant } [ "," ] ] "}"
struct entry_name : seq<name, gap> {};
struct constant_entry : seq<entry_name, must<field_colon>, must<constant>> {};
struct record_end : brace_close {};
struct constant_record
    : seq<brace_open, opt<constant_entry, star<comma, constant_entry>, opt<comma>>, must<record_end>> {};
struct constant_atom : sor<constant_bool, constant_entity, signed_number, number, text_value> {};
struct constant : sor<constant_atom, constant_set, constant_record> {};

// ---------------------------------------------------------------------------------------------- conditions

// expression = conjunction { "or" conjunction }
struct expression;

// call_rest = "(" [ expression { "," expression } ] ")"
struct call_open : paren_open {};
struct call_end : paren_close {};
struct call_rest : seq<call_open, opt<expression, star<comma, must<expression>>>, must<call_end>> {};
// context = "context"                                    only before "has"
struct context_name : word<TAO_PEGTL_STRING("context")> {};
struct context_subject : seq<at<context_name, word_has>, context_name> {};
// named = name [ call_rest ] | entity
struct named : seq<operand_name, sor<seq<entity_rest, gap>, seq<gap, sor<call_rest, plain_name>>>> {};
// set = "[" [ expression { "," expression } [ "," ] ] "]"
struct set : seq<bracket_open, opt<expression, star<comma, expression>, opt<comma>>, must<set_end>> {};
// record = "{" [ name ": " expression { "," name ": " expression } [ "," ] ] "}"
struct entry : seq<entry_name, must<field_colon>, must<expression>> {};
struct record : seq<brace_open, opt<entry, star<comma, entry>, opt<comma>>, must<record_end>> {};
// parenthesised = "(" expression ")"
struct paren_end : paren_close {};
struct parenthesised : seq<paren_open, must<expression>, must<paren_end>> {};
// primary = context | named | number | text | parenthesised | set | record
struct primary : sor<context_subject, named, number, text_value, parenthesised, set, record> {};
// postfix = primary { "." name }
struct field_name : seq<name, gap> {};
struct field_rest : seq<one<'.'>, not_at<one<'.'>>, must<field_name>> {};
struct postfix : seq<primary, star<field_rest>> {};
// unary = signed_number | "-" unary | postfix
struct unary;
struct negate_sign : mark<'-'> {};
struct negate : seq<negate_sign, must<unary>> {};
struct unary : sor<signed_number, negate, postfix> {};
// product = unary { "*" unary }
struct times_rest : seq<mark<'*'>, must<unary>> {};
struct product : seq<unary, star<times_rest>> {};
// sum = product { ( "+" | "-" ) product }
struct plus_rest : seq<mark<'+'>, must<product>> {};
struct minus_rest : seq<mark<'-'>, must<product>> {};
struct sum : seq<product, star<sor<plus_rest, minus_rest>>> {};

// comparison = sum [ comparison_rest ]                   comparisons do not chain
// comparison_rest = ( "==" | "!=" | "<" | "<=" | ">" | ">=" | "contains" | "covers" ) sum
//                 | "in" ( sum | range ) | "has" name | "like" text
struct op_equal : seq<two<'='>, gap> {};
struct op_not_equal : seq<one<'!'>, one<'='>, gap> {};
struct equal_rest : seq<op_equal, must<sum>> {};
struct not_equal_rest : seq<op_not_equal, must<sum>> {};
struct less_equal_rest : seq<one<'<'>, one<'='>, gap, must<sum>> {};
struct less_rest : seq<mark<'<'>, must<sum>> {};
struct greater_equal_rest : seq<one<'>'>, one<'='>, gap, must<sum>> {};
struct greater_rest : seq<mark<'>'>, must<sum>> {};
struct contains_rest : seq<word_contains, must<sum>> {};
struct covers_rest : seq<word_covers, must<sum>> {};
// range = sum ".." sum
struct range_rest : seq<two<'.'>, gap, must<sum>> {};
struct in_rest : seq<word_in, must<sum>, opt<range_rest>> {};
struct has_name : seq<name, gap> {};
struct has_rest : seq<word_has, must<has_name>> {};
struct glob : text_token {};
struct like_rest : seq<word_like, must<glob>> {};
struct comparison_rest : sor<equal_rest, not_equal_rest, less_equal_rest, less_rest, greater_equal_rest, greater_rest,
                             in_rest, has_rest, like_rest, contains_rest, covers_rest> {};
// action_comparison = "action" ( ( "==" | "!=" ) action_name
//                   | "in" ( action_name | "[" action_name { "," action_name } [ "," ] "]" ) )
struct action_subject : word<TAO_PEGTL_STRING("action")> {};
struct action_operand : seq<action_name, gap> {};
struct action_set : seq<bracket_open, opt<action_operand, star<comma, action_operand>, opt<comma>>, must<set_end>> {};
struct action_or_set : sor<action_set, action_operand> {};
struct action_equal_rest : seq<op_equal, must<action_operand>> {};
struct action_not_equal_rest : seq<op_not_equal, must<action_operand>> {};
struct action_in_rest : seq<word_in, must<action_or_set>> {};
struct action_test : at<TAO_PEGTL_STRING("action"), gap, sor<op_equal, op_not_equal, word_in>> {};
struct action_comparison
    : seq<action_test, action_subject, sor<action_equal_rest, action_not_equal_rest, action_in_rest>> {};
struct comparison : sor<action_comparison, seq<sum, opt<comparison_rest>>> {};

// quantifier = ( "any" | "all" ) name "in" ( above | sum ) ": " expression        as far right as possible
// above = type_name "above" sum
struct any_open : word_any {};
struct all_open : word_all {};
struct variable : seq<name, gap> {};
struct quantifier_in : word_in {};
struct above_type : seq<type_name, gap> {};
struct above : seq<at<type_name, gap, word_above>, above_type, word_above, must<sum>> {};
struct collection : sor<above, sum> {};
struct quantifier_colon : field_colon {};
struct quantifier : seq<sor<any_open, all_open>, must<variable>, must<quantifier_in>, must<collection>,
                        must<quantifier_colon>, must<expression>> {};
// negation = "not" negation | quantifier | comparison
struct negation;
struct not_open : word_not {};
struct not_rest : seq<not_open, must<negation>> {};
struct negation : sor<not_rest, quantifier, comparison> {};
// conjunction = negation { "and" negation }
struct and_open : success {};
struct and_rest : seq<word_and, and_open, must<negation>, star<word_and, must<negation>>> {};
struct conjunction : seq<negation, opt<and_rest>> {};
struct or_open : success {};
struct or_rest : seq<word_or, or_open, must<conjunction>, star<word_or, must<conjunction>>> {};
struct expression : seq<conjunction, opt<or_rest>> {};

// ---------------------------------------------------------------------------------------------- types

// type = ( set_type | record_type | named_type ) [ "?" ]
struct type;
// named_type = type_name { "or" type_name }
struct type_word : seq<type_name, not_at<word_rest>, gap> {};
struct named_type : seq<type_word, star<word_or, must<type_word>>> {};
// record_type = "{" [ field { "," field } [ "," ] ] "}"           field = name ": " type
struct field_word : seq<name, gap> {};
struct field : seq<field_word, must<field_colon>, must<type>> {};
struct type_end : brace_close {};
struct record_type : seq<brace_open, opt<field, star<comma, field>, opt<comma>>, must<type_end>> {};
// set_type = "set" "of" ( record_type | named_type )
struct element_type : seq<not_at<word_set>, sor<record_type, named_type>> {};
struct set_type : seq<word_set, must<word_of>, must<element_type>> {};
struct optional_mark : mark<'?'> {};
struct type : seq<sor<set_type, record_type, named_type>, opt<optional_mark>> {};

// ---------------------------------------------------------------------------------------------- declarations

// entity_decl = "entity" type_name { "single" | ids | parents | attributes }      each at most once
struct declared_type : seq<type_name, not_at<word_rest>, gap> {};
struct single_part : word_single {};
// ids = ":" id { "," id }                                id = bare_id | text
struct listed_bare : bare_id {};
struct listed_text : text {};
struct listed_id : seq<sor<listed_text, listed_bare>, gap> {};
struct ids_open : mark<':'> {};
struct ids_part : seq<ids_open, must<listed_id>, star<comma, must<listed_id>>> {};
// parents = "in" type_name { "," type_name }
struct parent_type : type_word {};
struct parents_open : word_in {};
struct parents_part : seq<parents_open, must<parent_type>, star<comma, must<parent_type>>> {};
// attributes = "{" [ attribute { "," attribute } [ "," ] ] "}"    attribute = name ": " type [ "=" constant ]
struct default_part : seq<equals, must<constant>> {};
struct attribute : seq<field_word, must<field_colon>, must<type>, opt<default_part>> {};
struct attributes_open : brace_open {};
struct attributes_end : brace_close {};
struct attributes_part
    : seq<attributes_open, opt<attribute, star<comma, attribute>, opt<comma>>, must<attributes_end>> {};
struct entity_part : sor<single_part, ids_part, parents_part, attributes_part> {};
struct entity_decl : seq<word_entity, must<declared_type>, star<entity_part>> {};

// actions_decl = "actions" ( action_name { "," action_name } | action_name "=" "{" action_name { "," action_name } "}"
// )
//                "for" [ "type" ] type_name { "," type_name }
struct listed_action : seq<action_name, gap> {};
struct group_name : seq<action_name, gap> {};
struct group_open : brace_open {};
struct group_end : brace_close {};
struct action_group : seq<at<action_name, gap, equals>, group_name, equals, must<group_open>, must<listed_action>,
                          star<comma, listed_action>, opt<comma>, must<group_end>> {};
struct action_list : seq<listed_action, star<comma, must<listed_action>>> {};
struct actions_named : sor<action_group, action_list> {};
struct actions_for : word_for {};
struct for_type : word_type {};
struct listed_type : type_word {};
struct actions_decl : seq<word_actions, must<actions_named>, must<actions_for>, opt<for_type>, must<listed_type>,
                          star<comma, must<listed_type>>> {};

// context_decl = "context" "{" [ key { "," key } [ "," ] ] "}"
// key = name ": " type [ "absent" "means" ( "none" | constant ) ]
struct absent_none : word_none {};
struct absent_value : constant {};
struct absent_what : sor<absent_none, absent_value> {};
struct absent_part : seq<word_absent, must<word_means>, must<absent_what>> {};
struct key_word : seq<name, gap> {};
struct key : seq<key_word, must<field_colon>, must<type>, opt<absent_part>> {};
struct context_open : brace_open {};
struct context_end : brace_close {};
struct context_decl : seq<word_context, must<context_open>, opt<key, star<comma, key>, opt<comma>>, must<context_end>> {
};

// define_decl = "define" name [ "(" parameter { "," parameter } [ "," ] ")" ] "=" expression
// parameter = name ": " type
struct defined_name : seq<name, gap> {};
struct parameter_word : seq<name, gap> {};
struct parameter : seq<parameter_word, must<field_colon>, must<type>> {};
struct parameters_open : paren_open {};
struct parameters_end : paren_close {};
struct parameters : seq<parameters_open, must<parameter>, star<comma, parameter>, opt<comma>, must<parameters_end>> {};
struct define_equals : equals {};
struct define_decl : seq<word_define, must<defined_name>, opt<parameters>, must<define_equals>, must<expression>> {};

// ---------------------------------------------------------------------------------------------- patterns

// pattern = "*" | alias | actions ":" types | types_id "." actions
// actions = "*" | action_name | "{" action_name { "," action_name } [ "," ] "}"
// types   = "*" [ "_*" ] | type_list [ "_" ( "*" | bare_id [ "*" ] | text ) ]
// type_list = type_name | "{" type_name { "," type_name } [ "," ] "}"
// types_id = types                                       where the bare id ends before the last "." actions
struct pattern_alias : text {};
struct pattern_star : one<'*'> {};
struct pattern_action : action_name {};
struct pattern_type : type_name {};
// A list in braces at the beginning may turn out to be of actions or of types.
struct pattern_brace_open : brace_open {};
struct pattern_brace_name : seq<action_name, gap> {};
struct pattern_brace_end : one<'}'> {};
struct pattern_braces : seq<pattern_brace_open, must<pattern_brace_name>, star<comma, pattern_brace_name>, opt<comma>,
                            must<pattern_brace_end>> {};
struct type_brace_open : brace_open {};
struct type_brace_name : seq<type_name, gap> {};
struct type_brace_end : one<'}'> {};
struct type_braces
    : seq<type_brace_open, must<type_brace_name>, star<comma, type_brace_name>, opt<comma>, must<type_brace_end>> {};
struct action_star : one<'*'> {};
struct type_star : one<'*'> {};

// id_part = "_" ( "*" | bare_id [ "*" ] | text )
struct id_all : one<'*'> {};
struct id_text : text {};
struct id_name : bare_id {};
struct id_star : one<'*'> {};
struct id_what : sor<id_all, id_text, seq<id_name, opt<id_star>>> {};
struct id_part : seq<one<'_'>, must<id_what>> {};
struct star_id : id_all {};
struct star_id_part : seq<one<'_'>, must<star_id>> {};

// After the colon of an action.
struct pattern_types : sor<seq<type_star, opt<star_id_part>>, seq<sor<type_braces, pattern_type>, opt<id_part>>> {};
struct pattern_colon : one<':'> {};
struct colon_rest : seq<pattern_colon, must<pattern_types>> {};

// After types: the dot that begins the actions is the last one of the id.
struct action_dot
    : seq<one<'.'>,
          sor<seq<action_name, not_at<sor<id_char, one<'*', '"'>>>>, one<'{'>, seq<one<'*'>, not_at<one<'.'>>>>> {};
struct dotted_id : plus<not_at<action_dot>, id_char> {};
struct dotted_id_what : sor<id_all, id_text, seq<dotted_id, opt<id_star>>> {};
struct dotted_id_part : seq<one<'_'>, must<dotted_id_what>> {};
struct pattern_actions : sor<action_star, pattern_braces, pattern_action> {};
struct pattern_dot : one<'.'> {};
struct dot_rest : seq<opt<dotted_id_part>, pattern_dot, must<pattern_actions>> {};
struct star_dot_rest : seq<opt<star_id_part>, pattern_dot, must<pattern_actions>> {};

struct pattern_end : not_at<sor<id_char, one<'*', '"', ':', '{', '}'>>> {};
struct colon_or_dot : sor<colon_rest, dot_rest> {};
struct pattern_everything : success {};
struct pattern_body : sor<seq<pattern_star, sor<colon_rest, star_dot_rest, pattern_everything>>,
                          seq<at<action_name, one<':'>>, pattern_action, colon_rest>,
                          seq<sor<pattern_type, pattern_braces>, must<colon_or_dot>>, pattern_alias> {};
struct pattern : seq<pattern_body, must<pattern_end>, gap> {};
// patterns = pattern { "," pattern }
struct patterns : seq<pattern, star<comma, must<pattern>>> {};

// alias_decl = "alias" text [ "ceiling" ] "=" patterns
struct alias_name : text_token {};
struct alias_ceiling : word_ceiling {};
struct alias_equals : equals {};
struct alias_decl : seq<word_alias, must<alias_name>, opt<alias_ceiling>, must<alias_equals>, must<patterns>> {};

// ---------------------------------------------------------------------------------------------- rules

// who = "any" type_name | type_name ":" entity_id
struct any_type : type_word {};
struct who_any : seq<word_any, must<any_type>> {};
struct who_type : type_name {};
struct who_colon : one<':'> {};
struct who_bare : bare_id {};
struct who_text : text {};
struct who_id : sor<who_text, who_bare> {};
struct who_one : seq<who_type, must<who_colon>, must<who_id>, gap> {};
struct who : sor<who_any, who_one> {};
// to = "to" who { "," who }
struct to_open : word_to {};
struct to_part : seq<to_open, must<who>, star<comma, must<who>>> {};
// via = "via" [ "last" ] who { "," [ "last" ] who }
struct via_open : word_via {};
struct via_last : word_last {};
struct via_who : seq<opt<via_last>, who> {};
struct via_part : seq<via_open, must<via_who>, star<comma, must<via_who>>> {};
// if = "if" expression
struct if_part : seq<word_if, must<expression>> {};
// because = "because" text          ask = "ask" text
struct reason : text_token {};
struct because_part : seq<word_because, must<reason>> {};
struct ask_part : seq<word_ask, must<reason>> {};
// clauses = clause { "," clause }
// clause = "for" duration | "once" | "audience" text | "proof" "dpop" | "notify" text
struct for_clause : seq<word_for, must<lifetime>> {};
struct once_clause : word_once {};
struct audience_text : text_token {};
struct audience_clause : seq<word_audience, must<audience_text>> {};
struct proof_kind : word_dpop {};
struct proof_clause : seq<word_proof, must<proof_kind>> {};
struct notify_text : text_token {};
struct notify_clause : seq<word_notify, must<notify_text>> {};
struct clause : sor<for_clause, once_clause, audience_clause, proof_clause, notify_clause> {};
struct clauses : seq<clause, star<comma, must<clause>>> {};

// allow = "allow" patterns [ to ] [ if ] [ clauses ]
struct allow_rule : seq<word_allow, must<patterns>, opt<to_part>, opt<if_part>, opt<clauses>> {};
// trust = "trust" who { "," who } "with" patterns [ if ] [ clauses ]
struct agent : who {};
struct with_part : seq<word_with, must<patterns>> {};
struct trust_rule
    : seq<word_trust, must<agent>, star<comma, must<agent>>, must<with_part>, opt<if_part>, opt<clauses>> {};
// deny = "deny" patterns [ to ] [ via ] [ if ] because
struct deny_rule : seq<word_deny, must<patterns>, opt<to_part>, opt<via_part>, opt<if_part>, must<because_part>> {};
// require = "require" expression "before" patterns [ to ] [ via ] [ if ] ask
struct before_part : seq<word_before, must<patterns>> {};
struct require_rule : seq<word_require, must<expression>, must<before_part>, opt<to_part>, opt<via_part>, opt<if_part>,
                          must<ask_part>> {};
// limit = "limit" patterns [ to ] [ via ] [ if ] clauses
struct limit_rule : seq<word_limit, must<patterns>, opt<to_part>, opt<via_part>, opt<if_part>, must<clauses>> {};

// rule = [ rule_id ] ( allow | trust | deny | require | limit )
// rule_id = "@" rule_id_char { rule_id_char }            rule_id_char = letter | digit | "." | "_" | "/" | "-"
struct rule_name : plus<sor<alnum, one<'.', '_', '/', '-'>>> {};
struct rule_id : seq<one<'@'>, must<rule_name>, gap> {};
struct rule : sor<allow_rule, deny_rule, trust_rule, require_rule, limit_rule> {};
struct identified_rule : seq<rule_id, must<rule>> {};

// ---------------------------------------------------------------------------------------------- tests

// at_line = "at" time
struct at_line : seq<word_at, must<instant>> {};
// context_line = "context" constant_record
struct context_values : constant_record {};
struct context_line : seq<word_context, must<context_values>> {};
// entity_line = type_name [ id ] [ "in" who { "," who } ] [ constant_record ]     the id on the same line
struct line_type : seq<type_name, not_at<word_rest>> {};
struct line_id_bare : bare_id {};
struct line_id_text : text {};
struct line_id : seq<plus<blank>, not_at<word_in>, sor<line_id_text, line_id_bare>> {};
struct line_in : word_in {};
struct line_parents : seq<line_in, must<who>, star<comma, must<who>>> {};
struct line_values : constant_record {};
struct entity_line : seq<line_type, opt<line_id>, gap, opt<line_parents>, opt<line_values>> {};
// expectation = ( "allow" | "deny" | "step_up" ) pattern [ "to" [ type_name ":" ] id ]
//               [ "via" [ type_name ":" ] id { "," [ type_name ":" ] id } ]
//               [ clauses ] [ "because" text { "," text } ] [ "ask" text { "," text } ]
struct expect_allow : word_allow {};
struct expect_deny : word_deny {};
struct expect_step_up : word_step_up {};
struct person_type : type_name {};
struct person_bare : bare_id {};
struct person_text : text {};
// The word that begins the next expectation is nobody's id.
struct verdict_word
    : seq<sor<TAO_PEGTL_STRING("allow"), TAO_PEGTL_STRING("deny"), TAO_PEGTL_STRING("step_up")>, not_at<id_char>> {};
struct person_id : sor<person_text, seq<not_at<verdict_word>, person_bare>> {};
struct person : seq<opt<at<type_name, one<':'>>, person_type, one<':'>>, person_id, gap> {};
struct person_to : person {};
struct person_via : person {};
struct expect_to : seq<word_to, must<person_to>> {};
struct expect_via_open : word_via {};
struct expect_via : seq<expect_via_open, must<person_via>, star<comma, must<person_via>>> {};
struct expected_reason : text_token {};
struct expect_because_open : word_because {};
struct expect_because : seq<expect_because_open, must<expected_reason>, star<comma, must<expected_reason>>> {};
struct expect_ask_open : word_ask {};
struct expect_ask : seq<expect_ask_open, must<expected_reason>, star<comma, must<expected_reason>>> {};
struct expectation : seq<sor<expect_allow, expect_deny, expect_step_up>, must<pattern>, opt<expect_to>, opt<expect_via>,
                         opt<clauses>, opt<expect_because>, opt<expect_ask>> {};
// A word that begins a statement begins no line of a test, but for those of the expectations.
// statement_word = "entity" | "actions" | "define" | "alias" | "trust" | "require" | "limit" | "test"
struct statement_word
    : sor<word_entity, word_actions, word_define, word_alias, word_trust, word_require, word_limit, word_test> {};
// test_line = expectation | at_line | context_line | entity_line
struct test_line : sor<expectation, at_line, context_line, seq<not_at<statement_word>, entity_line>> {};
// test_block = "test" text "{" { test_line } "}"
struct test_title : text_token {};
struct test_open : brace_open {};
struct test_end : brace_close {};
struct test_rest : seq<star<test_line>, must<test_end>> {};
struct test_block : seq<word_test, must<test_title>, must<test_open>, test_rest> {};

// ---------------------------------------------------------------------------------------------- the file

// statement = rule | entity_decl | actions_decl | context_decl | define_decl | alias_decl | test_block
struct statement
    : sor<rule, identified_rule, entity_decl, actions_decl, context_decl, define_decl, alias_decl, test_block> {};
// file = [ ? byte order mark ? ] { white } { comment { white } } { statement }
struct byte_order_mark : seq<one<'\xEF'>, one<'\xBB'>, one<'\xBF'>> {};
struct opening : seq<opt<byte_order_mark>, star<white>, star<comment, star<white>>> {};
struct file_end : eof {};
struct statements : seq<star<statement>, must<file_end>> {};
struct file : seq<opening, statements> {};
// Where parsing takes up again after an error inside a test.
struct rest_of_test : seq<test_rest, statements> {};

}  // namespace writ::grammar
