// A 128-bit integer, for differences and products of 64-bit numbers that must not overflow.
#pragma once

namespace writ {

__extension__ typedef __int128 Wide;  // NOLINT(modernize-use-using): __extension__ does not go with `using`

}  // namespace writ
