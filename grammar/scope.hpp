// Scope strings as PEGTL rules: what a request may ask for, and what may be written as a permission. The scanner in
// src/scope/parse_scope.cc is written by hand, because it stands in the path of every decision; these rules say what it
// has to accept, and the two are compared. How long a string may be (1,024 bytes), and whether its names are declared,
// is not said here.
#pragma once

#include <tao/pegtl.hpp>

namespace writ::grammar::request {

using tao::pegtl::alnum;
using tao::pegtl::alpha;
using tao::pegtl::eof;
using tao::pegtl::not_at;
using tao::pegtl::one;
using tao::pegtl::opt;
using tao::pegtl::plus;
using tao::pegtl::seq;
using tao::pegtl::sor;
using tao::pegtl::star;

// type_name = letter { letter | digit }
struct type_name : seq<alpha, star<alnum>> {};
// action_name = letter { letter | digit | "_" | "-" }
struct action_name : seq<alpha, star<sor<alnum, one<'_', '-'>>>> {};
// id_char = letter | digit | "." | "_" | "~" | "@" | "/" | "+" | "=" | "-"
struct id_char : sor<alnum, one<'.', '_', '~', '@', '/', '+', '=', '-'>> {};

// id = "*" | id_char { id_char } [ "*" ]
struct id : sor<one<'*'>, seq<plus<id_char>, opt<one<'*'>>>> {};
// ending = "." action_name ? the end ?                   the last dot begins the action
struct ending : seq<one<'.'>, action_name, eof> {};
// id_before = "*" | id_char { id_char } [ "*" ]          up to the ending
struct id_before : sor<one<'*'>, seq<plus<not_at<ending>, id_char>, opt<one<'*'>>>> {};

// with_colon = action_name ":" type_name [ "_" id ]      the first "_" ends the type
struct with_colon : seq<action_name, one<':'>, type_name, opt<one<'_'>, id>, eof> {};
// with_dot = type_name [ "_" id_before ] ending
struct with_dot : seq<type_name, opt<one<'_'>, id_before>, ending> {};
// scope = with_colon | with_dot
struct scope : sor<with_colon, with_dot> {};

// A permission may say `*` for the action, and for the type if there is no id but "*".
// any_action = "*" | action_name
struct any_action : sor<one<'*'>, action_name> {};
// any_ending = "." any_action ? the end ?
struct any_ending : seq<one<'.'>, any_action, eof> {};
// any_id_before = "*" any_ending | id_char { id_char } [ "*" ] any_ending
struct any_id_before
    : sor<seq<one<'*'>, any_ending>, seq<plus<not_at<any_ending>, id_char>, opt<one<'*'>>, any_ending>> {};
// types = "*" [ "_*" ] | type_name [ "_" id ]
struct types : sor<seq<one<'*'>, opt<one<'_'>, one<'*'>>, eof>, seq<type_name, opt<one<'_'>, id>, eof>> {};
// types_before = "*" [ "_*" ] any_ending | type_name ( "_" any_id_before | any_ending )
struct types_before : sor<seq<one<'*'>, opt<one<'_'>, one<'*'>>, any_ending>,
                          seq<type_name, sor<seq<one<'_'>, any_id_before>, any_ending>>> {};
// permission = "*" | any_action ":" types | types_before
struct permission : sor<seq<one<'*'>, eof>, seq<any_action, one<':'>, types>, types_before> {};

}  // namespace writ::grammar::request
