// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A library's version as the preprocessor sees it: the macros by which a tree asks for it. Whatever header is
// installed, they say what was chosen; and what a file's conditions make of each version is written down, so
// that a file is read again only for a version for which it is another file.
#pragma once

#include "analyzer/facts/extract.h"

#include <string>
#include <vector>

namespace clang {
class Preprocessor;
}

namespace initorder {

/// What the conditions (#if) of a file answered, for each version. A version number in the code itself does not
/// make it another file: it is one of the versions for which the file is the same. Of two versions with equal texts the file is the
/// same; that holds for a version's own text only as far as conditions were reached with the version chosen.
using VersionAnswers = std::vector<std::string>;

/// To be called before the main file is entered. `answers` must outlive the preprocessor.
void choose_version(clang::Preprocessor &preprocessor, const VersionedLibrary &library, unsigned chosen,
                    VersionAnswers &answers);

} // namespace initorder
