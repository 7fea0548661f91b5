// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The breakpoints in one address space: which byte of code was there, and who asked for the stop. fork() copies the code
// bytes, so a child's Breakpoints begin as a copy of its parent's. Every byte that is not the program's own stands in the
// ledger, from before it is written until after it is written back.
#pragma once

#include "tracer/process/code_ledger.h"
#include "tracer/process/purpose.h"
#include "tracer/process/x86_64.h"
#include "tracer/remote_memory.h"

#include <array>
#include <span>
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
    CodeLedger::Slot noted = CodeLedger::kFull;
    bool wanted() const { return !purposes.empty() || returns > 0; }
  };

  Breakpoints(pid_t pid, CodeLedger &ledger) : pid_(pid), thread_(pid), ledger_(ledger) {}
  /// Those of `parent`, in the memory of its forked child.
  Breakpoints(const Breakpoints &parent, pid_t child);
  Breakpoints(const Breakpoints &) = delete;
  ~Breakpoints();

  /// False: there is no code, it cannot be written, or the program has a breakpoint of its own there.
  bool add(RemoteAddr at, const Purpose &purpose);
  void remove(RemoteAddr at, const Purpose &purpose);
  bool add_return(RemoteAddr at);
  void remove_return(RemoteAddr at);
  /// The code from `begin` to `end` has been unmapped, and the breakpoints with it.
  void forget(RemoteAddr begin, RemoteAddr end);
  /// Gives all code its own bytes back.
  void remove_all();
  /// The process whose memory it was has ended or has other memory now; `other` lives in it too.
  void hand_over(pid_t other);
  /// `tid` is a thread in that memory, for a process whose first thread has ended.
  void write_through(pid_t tid) { thread_ = tid; }
  /// Writes all of them again: whether they were there when this memory was copied from its parent's is not known.
  void put_again();

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

  /// While it lives, code at `at` may be written over: its own bytes are noted.
  class Borrowed {
  public:
    Borrowed(Breakpoints &breakpoints, RemoteAddr at, std::span<const std::byte> own);
    ~Borrowed();
    Borrowed(const Borrowed &) = delete;

  private:
    CodeLedger &ledger_;
    std::vector<CodeLedger::Slot> slots_;
  };

private:
  struct TakenAway {
    std::byte code{}; ///< what is there without
    CodeLedger::Slot noted = CodeLedger::kFull; ///< memory that was copied before it was taken away may still have it
  };
  Site *insert(RemoteAddr at);
  void drop_if_unwanted(RemoteAddr at);
  void take_away(std::uint64_t address, const Site &site);
  int code_file();

  pid_t pid_;    ///< whom the ledger is told of
  pid_t thread_; ///< through which memory is opened
  CodeLedger &ledger_;
  int file_ = -1; ///< /proc/PID/mem: writes to code pages whatever their protection (proc(5))
  std::unordered_map<std::uint64_t, Site> sites_;
  std::unordered_map<std::uint64_t, TakenAway> taken_away_;
};

} // namespace initorder
