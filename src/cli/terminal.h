// What a terminal can show, and nothing of it where there is none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "writ/diagnostic.h"
#include "writ/entities.h"

namespace writ::cli {

enum class Style : std::uint8_t { kBold, kDim, kRed, kGreen, kYellow };

// Whether this descriptor is a terminal that shows colours, and NO_COLOR (https://no-color.org) is not set.
bool colours(int descriptor);
// Columns to keep to: those of the terminal, within reason, else 100.
std::size_t width(int descriptor);

std::string paint(bool colours, Style style, std::string_view text);

// As writ::render(), with the name of each diagnostic and what it points at in colour.
std::string render(const std::vector<Diagnostic>& diagnostics, bool colours);

// A bar on standard error for people who wait longer than a second; scripts and logs see nothing of it.
std::function<void(const LoadProgress&)> progress_bar();

}  // namespace writ::cli
