// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What inspect found in the processes of one server, as plain values: whoever judges or shows it needs no process.
#pragma once

#include "tracer/trace/record.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace initorder::inspect {

using trace::Frame;
using trace::Memory;

/// A byte of memory that processes share, wherever each of them has it in its own addresses.
struct SharedPlace {
  std::uint64_t device = 0;
  std::uint64_t inode = 0; ///< of the file, the System V segment, or the kernel's own file behind an anonymous mapping
  std::uint64_t offset = 0;
  std::string name; ///< of the mapping: "/dev/zero (deleted)"

  friend auto operator<=>(const SharedPlace &, const SharedPlace &) = default;
};

/// A thread-specific key that is in use.
struct Key {
  unsigned number = 0;         ///< keys are taken from 0 on: the order of creation, as long as none is given back
  std::uint64_t generation = 0; ///< glibc's `seq`: odd while in use
  std::optional<Frame> destructor;
  std::string library; ///< the pack that knows it: "openssl"; empty: none
  std::string name;    ///< what its values are, by that pack: "error queue (ERR_STATE)"
  std::optional<unsigned> mark; ///< the pack's ThreadValue::mark
  std::string object;  ///< file name of the object that owns it; empty: cannot tell
};

/// Whether two processes mean the same by a number. A library may take its key anew after a fork (CPython does), and
/// get the same number again.
inline bool same_key(const Key &a, const Key &b) {
  const bool same_owner = !a.name.empty() && a.library == b.library && a.name == b.name && a.object == b.object;
  return a.number == b.number && (a.generation == b.generation || same_owner);
}

/// A thread's value of a key; none is no value.
struct HeldValue {
  unsigned key = 0;
  std::uint64_t value = 0;
  Memory memory = Memory::unknown;
  std::optional<SharedPlace> shared; ///< if it points into a shared mapping
  std::optional<std::uint64_t> mark; ///< what stands at the pack's ThreadValue::mark; never 0
};

/// What a thread that sleeps in futex(2) waits for.
struct Wait {
  std::uint64_t address = 0;
  Memory memory = Memory::unknown;
  std::optional<SharedPlace> shared;
  std::string in; ///< the C library's function: "pthread_mutex_lock"; empty: cannot tell
  std::string lock;        ///< a library's own lock, by its pack: "GIL"; empty: none
  std::string lock_object; ///< file name of the object that has this lock
  /// A mutex's.
  bool is_mutex = false;
  bool process_shared = false;
  /// A mutex's, or a library's own lock's.
  std::int32_t owner = 0; ///< tid, in the process's own pid namespace; 0: not known
  enum class Owner : std::uint8_t { unknown, here, other_process, nowhere };
  Owner owner_is = Owner::unknown;
};

struct Thread {
  std::int32_t tid = 0;       ///< as the machine counts
  std::int32_t inner_tid = 0; ///< as its own pid namespace counts
  std::string name;
  bool is_first = false;
  std::uint64_t descriptor = 0; ///< of its struct pthread; 0: the C library does not list it
  std::optional<Frame> routine; ///< that it was started with
  std::vector<HeldValue> values; ///< by key
  std::string system_call;       ///< in which it sleeps: "futex"; empty: not known, or it runs
  std::vector<Frame> stack;      ///< innermost first; empty: not known
  std::optional<Wait> wait;
};

struct LoadedObject {
  std::string path;
  std::string build_id;
  std::uint64_t base = 0;
  std::vector<std::string> needed_by; ///< file names of the objects before it that name it (DT_NEEDED); empty: dlopen()
};

/// A function that runs at fork or at exit.
struct Handler {
  std::string when; ///< "prepare", "parent", "child"; "atexit", "on_exit", "c++"
  Frame function;
  std::string object; ///< file name of the object that registered it; empty: cannot tell
};

struct SharedMapping {
  SharedPlace place;
  std::uint64_t size = 0;
};

struct Process {
  std::int32_t pid = 0;
  std::int32_t inner_pid = 0;
  std::int32_t parent = 0;
  std::string name;    ///< as the kernel has it (comm), or "main process"
  std::string program; ///< path
  bool is_main = false;
  std::string core; ///< the file; empty: it is alive
  std::vector<Key> keys;
  std::vector<Thread> threads;
  std::vector<LoadedObject> objects; ///< in load order
  std::vector<SharedMapping> shared;
  std::vector<Handler> fork_handlers; ///< in order of registration
  std::vector<Handler> exit_handlers; ///< in order of registration: they run in the other
  /// Keys by which its first thread no longer finds the value that it inherited, while that is still in its memory.
  std::vector<unsigned> robbed_of;
  std::vector<std::uint64_t> copied_threads; ///< descriptors of the main process's threads that it has copies of
  bool keys_known = false;
  bool fork_handlers_known = false;
  bool exit_handlers_known = false;
  std::chrono::nanoseconds stopped{0};  ///< how long it stood still for us; 0: it did not
  std::vector<std::string> cannot_tell; ///< what could not be read, and why; one sentence each
};

/// A TCP connection that processes hold because they were forked: one socket, under one descriptor's number.
struct SharedConnection {
  int descriptor = 0;
  std::uint64_t inode = 0; ///< the kernel's number of the socket
  std::string local, remote; ///< "10.0.0.7:41234", "[::1]:3306"
  std::vector<std::int32_t> holders; ///< pids, the main process first if it is one of them
  bool sure = true; ///< false: the main process does not hold it, and it might have been passed round
};

/// A server: the process that forked, and what it forked.
struct Family {
  std::string program; ///< path
  std::string host;    ///< the pack's name; empty: none knows the program
  std::vector<Process> processes; ///< the main one first, then by pid
  std::vector<SharedConnection> connections; ///< of live processes
  std::vector<std::string> remarks;
  std::chrono::nanoseconds took{0};
};

} // namespace initorder::inspect
