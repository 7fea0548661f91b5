// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ptrace's wait words, decoded in one place (ptrace(2), "Stopped states"). Everything after works on these values.
#pragma once

#include <cstdint>
#include <variant>

#include <sys/types.h>

namespace initorder {

/// The thread is no more. For a process's first thread: the process is no more.
struct Exited { int status; };
struct Killed { int signal; };
/// Stopped before a signal is delivered: it has not been seen by the program, and is lost unless passed on.
struct Signalled { int signal; };
/// Stopped by a stopping signal, as the whole process is: resumes by SIGCONT alone (PTRACE_LISTEN).
struct GroupStopped { int signal; };
/// A new thread or process before its first instruction, or one that PTRACE_INTERRUPT stopped.
struct Interrupted {};
/// int3 or a single step.
struct Trapped {};
enum class ForkKind : std::uint8_t { fork, vfork, clone };
struct Forked { ForkKind kind; pid_t child; };
struct Executed { pid_t former; }; ///< tid of the thread that called exec(); it now has the pid
/// A stop of no interest: go on.
struct Other {};
/// The thread vanished between the wait and a look at it (SIGKILL).
struct Vanished {};

using Stop = std::variant<Exited, Killed, Signalled, GroupStopped, Interrupted, Trapped, Forked, Executed, Other, Vanished>;

/// `status` is waitpid()'s of thread `tid`, which was seized with kSeizeOptions.
Stop decode_stop(pid_t tid, int status);

extern const long kSeizeOptions;

} // namespace initorder
