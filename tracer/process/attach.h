// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Follows a server that runs already, all of its processes and threads, and lets it go again without a trace: no thread is
// stopped for that, at the beginning or at the end (seize.h, family_detach.cc).
//
// What happened before is not known, and not claimed: processes have no past here, phases that are over are not opened, a
// worker is known by its parent alone. What can still be read of it, `inspect` reads.
#pragma once

#include "rules/result.h"
#include "tracer/process/follow.h"
#include "tracer/trace/record.h"

#include <cstdint>

#include <sys/types.h>

namespace initorder {

/// By which means calls are seen.
enum class Via : std::uint8_t {
  automatic,
  uprobes,     ///< the kernel's: a tracer that dies leaves nothing behind
  breakpoints, ///< in the server's code, with a guardian that takes them away
};

struct AttachOptions {
  pid_t pid = 0; ///< of any process of the server
  Via via = Via::automatic;
  FollowOptions follow;
};

/// What attach() would use. Errors: unsupported (asked for, and not to be had).
Result<Via> choose(Via wanted);

/// Whether attach() could: nothing is changed. Errors: as attach().
Result<void> can_attach(const AttachOptions &options);

/// Errors: gone, denied (no permission, another tracer), unsupported (32-bit; this program itself; the means), unknown (host).
Result<TraceEnd> attach(const AttachOptions &options, trace::Sink &sink);

} // namespace initorder
