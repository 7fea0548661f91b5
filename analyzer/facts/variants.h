// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One file, read once for each version of a library, as one file.
#pragma once

#include "analyzer/facts/facts.h"

#include <string>
#include <vector>

namespace initorder {

/// What a file is for some of the values of a variable.
struct FileVariant {
  std::vector<unsigned> values;
  TranslationUnitFacts facts;
};

/// Functions that are the same in all variants are there once. The others begin with a choice by `variable`, a
/// name that no C variable has. What a variant does not have, another's stands for: nobody calls it there.
/// `variants` is not empty.
TranslationUnitFacts merge_variants(std::vector<FileVariant> variants, const std::string &variable);

} // namespace initorder
