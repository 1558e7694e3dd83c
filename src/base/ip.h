// Addresses and networks as they are written. writ::Ip of the public API is what they are kept as.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "writ/value.h"

namespace writ {

inline constexpr unsigned kIpv4Bits = 32;
inline constexpr unsigned kIpv6Bits = 128;

// An IPv4 address in four decimal parts, an IPv6 address in any form of RFC 4291, section 2.2, or either with `/prefix`
// as a network. Nothing where the text is none of these, a part has a leading zero (some read it as octal), a zone is
// named, or a bit past the prefix is set. The whole text or nothing; allocates nothing.
std::optional<Ip> parse_ip(std::string_view text) noexcept;

// IPv6 as RFC 5952 has it. parse_ip() reads it back.
std::string format_ip(const Ip& ip);

// Whether the invariants of Ip hold: a prefix within range, and no bits past it.
bool is_valid(const Ip& ip) noexcept;

// Whether every address of `inner` (itself an address or a network) lies in `network`. IPv4 is never in an IPv6
// network, nor the other way round, also not in its mapped form: a mapped address is an IPv6 address like any other.
bool contains(const Ip& network, const Ip& inner) noexcept;

}  // namespace writ
