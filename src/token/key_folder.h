// Private keys in a folder: one file a key, named after its id.
#pragma once

#include <string>
#include <vector>

#include "src/token/jwk.h"
#include "writ/result.h"

namespace writ::token {

// All files `*.jwk` of it; others are not looked at. Every file must be closed to all but its owner, and the folder to
// changes by others.
Result<std::vector<Jwk>> read_key_folder(const std::string& folder);

// Makes the folder if it is not there, for the owner alone.
Result<void> make_key_folder(const std::string& folder);
// At once or not at all: whoever reads the folder sees the key as it was before, or as it is now.
Result<void> write_key_file(const std::string& folder, const Jwk& jwk);
// Overwrites the file before it removes it. What a file system or a disk keeps of it elsewhere is out of reach.
Result<void> remove_key_file(const std::string& folder, const std::string& id);

}  // namespace writ::token
