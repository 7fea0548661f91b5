// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a pack tells inspect about a library: how its thread-specific values are told from others', and what it means
// when a running process is found in a certain state.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace initorder {

/// A kind of value that a library keeps for each thread behind a key (pthread_key_create()). What is given must hold:
/// a way to find the key, a look of the value, or both.
struct ThreadValue {
  std::string name; ///< "ERR_STATE", "thread state": follows the library's title in messages
  /// The key's number stands `offset` bytes into the variable that the library passes as first argument to
  /// `passed_to`, in the first of the functions `in` that an object defines. Code tells where, so that stripped
  /// libraries are understood. Empty: no such place.
  std::string passed_to;
  std::vector<std::string> in;
  unsigned offset = 0;
  /// The key's destructor is a function of the library's own objects.
  bool own_destructor = false;
  /// From the value on: a pointer is read at each of these offsets; the last leads to a C string, one of `texts`.
  std::vector<unsigned> follow;
  std::vector<std::string> texts;
  /// A thread that goes on after a fork keeps the very value that it inherited: one that holds another, or none, was
  /// robbed of it. `mark` bytes into the value stands a pointer by which an inherited copy is known. None: values come
  /// and go. YAML: `kept: {mark: 16}`.
  std::optional<unsigned> mark;
  std::string source;
};

/// A lock of a library's own making, at which threads wait for a condition: who has it stands in the library's memory,
/// and not where the C library's mutexes have it. All offsets are in bytes.
struct LibraryLock {
  std::string name; ///< "GIL"
  std::vector<std::string> objects; ///< file names up to ".so" of the versions that are laid out so: "libpython3.11"
  std::string variable; ///< the symbol of the library's variable that the lock is part of
  unsigned offset = 0;    ///< of the lock, from the variable on
  unsigned condition = 0; ///< of the pthread_cond_t that they wait for, from the lock on
  unsigned locked = 0;    ///< of an int, from the lock on; 0: nobody has it
  unsigned changes = 0;   ///< of 8 bytes that are another number once another thread has had it
  /// From the lock on: a pointer is read at each of these offsets; the last leads to the pthread_t of the thread that
  /// took it last.
  std::vector<unsigned> holder;
  std::string source;
};

/// A state in which a process can be found, the effect that it is called in rules, and why it is one.
struct ObservedState {
  enum class State {
    value_shared,         ///< one value of this library, in shared memory, is several processes'
    value_lost,           ///< the main thread that was forked has a value of this library, the worker has none
    unknown_value_shared, ///< as above, of a key that no pack knows
    unknown_value_lost,
    thread_missing, ///< a thread that was there before the fork does not run in the workers
    lock_inherited, ///< a thread waits for a lock whose holder does not exist in its process
    lock_cycle,     ///< threads wait for each other
    connection_shared, ///< processes have inherited one and the same TCP connection
  };
  State state = State::value_shared;
  std::string effect; ///< "openssl.thread-state.shared"
  std::string why;
  std::string source;
};

} // namespace initorder
