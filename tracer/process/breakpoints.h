// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The breakpoints in one address space: which byte of code was there, and who asked for the stop. fork() copies the code
// bytes, so a child's Breakpoints begin as a copy of its parent's.
#pragma once

#include "tracer/process/purpose.h"
#include "tracer/process/x86_64.h"
#include "tracer/remote_memory.h"

#include <array>
#include <unordered_map>
#include <vector>

#include <sys/types.h>

namespace initorder {

class Breakpoints {
public:
  struct Site {
    std::array<std::byte, arch::kLongestCode> code{}; ///< what is there without the breakpoint
    std::vector<Purpose> purposes;
    unsigned returns = 0; ///< calls that are under way and come back here
    bool wanted() const { return !purposes.empty() || returns > 0; }
  };

  explicit Breakpoints(pid_t pid) : pid_(pid) {}
  /// Those of `parent`, in the memory of its forked child.
  Breakpoints(const Breakpoints &parent, pid_t child) : pid_(child), sites_(parent.sites_), taken_away_(parent.taken_away_) {}
  Breakpoints(const Breakpoints &) = delete;
  ~Breakpoints();

  /// False: there is no code, or it cannot be written.
  bool add(RemoteAddr at, const Purpose &purpose);
  void remove(RemoteAddr at, const Purpose &purpose);
  bool add_return(RemoteAddr at);
  void remove_return(RemoteAddr at);
  /// The code from `begin` to `end` has been unmapped, and the breakpoints with it.
  void forget(RemoteAddr begin, RemoteAddr end);
  /// Gives all code its own bytes back.
  void remove_all();
  /// The process whose memory it was has ended or has other memory now; `other` lives in it too.
  void hand_over(pid_t other) { pid_ = other; }

  const Site *at(RemoteAddr address) const;
  /// There was one that has been taken away: a thread may still report it. From here on the code is there without it.
  ///   t0 a thread forks; t1 another one's stop takes a breakpoint away; t2 the fork is reported: the child still has it.
  /// False: there was none, or what the thread ran into is the program's own.
  bool was_at(RemoteAddr address);

  /// What stands there now, breakpoints and all; false: not all of it can be read.
  bool read_code(RemoteAddr from, std::span<std::byte> code);
  /// False: cannot be written.
  bool write_code(RemoteAddr to, std::span<const std::byte> code);
  /// Takes the breakpoint byte away for one step, and puts it back.
  void lift(RemoteAddr at);
  void lower(RemoteAddr at);

private:
  Site *insert(RemoteAddr at);
  void drop_if_unwanted(RemoteAddr at);
  int code_file();

  pid_t pid_;
  int file_ = -1; ///< /proc/PID/mem: writes to code pages whatever their protection (proc(5))
  std::unordered_map<std::uint64_t, Site> sites_;
  std::unordered_map<std::uint64_t, std::byte> taken_away_; ///< and what is there without
};

} // namespace initorder
