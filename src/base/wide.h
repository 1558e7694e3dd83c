// 128-bit integers, for differences and products of 64-bit numbers that must not overflow.
#pragma once

namespace writ {

__extension__ typedef __int128 Wide;  // NOLINT(modernize-use-using): __extension__ does not go with `using`
__extension__ typedef unsigned __int128 UnsignedWide;  // NOLINT(modernize-use-using)

}  // namespace writ
