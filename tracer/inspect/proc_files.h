// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Small files of /proc.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace initorder::inspect {

/// "/proc/81/maps".
std::string proc(pid_t pid, const char *what);

/// What the file says now, at most 1 MiB; empty: it cannot be read.
std::string read_file(const std::string &path);

std::string first_line(const std::string &text);

/// The words of /proc/PID/cmdline; one that is empty if it cannot be read.
std::vector<std::string> command_of(pid_t pid);

} // namespace initorder::inspect
