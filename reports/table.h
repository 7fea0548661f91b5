// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "reports/page.h"

#include <string>
#include <vector>

namespace initorder {

/// Writes rows in columns as wide as they need. The first row is the head; the first column stands to the right, as
/// numbers do.
void write_table(std::vector<std::vector<std::string>> rows, Page &page);

} // namespace initorder
