// File -> bytes that are overwritten after use.
#pragma once

#include <string>

#include "src/crypto/secret.h"
#include "writ/result.h"

namespace writ::token {

enum class Access : bool { kAnyone, kOwnerAlone };

// A regular file of at most 1 MiB. With kOwnerAlone also: owned by whoever runs this (or by root), and closed to all
// others; looked at after it was opened, so that it is the file that is read. kUnreadable, kTooMany, kBadKey.
Result<crypto::Secret> read_file(const std::string& path, Access access);

}  // namespace writ::token
