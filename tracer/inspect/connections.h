// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TCP connections that processes of one family hold because they were forked, from proc(5). Only these can be told: what
// a unix socket or a UDP socket is for, the kernel does not say, and servers share both on purpose.
#pragma once

#include "tracer/inspect/picture.h"

#include <istream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <sys/types.h>

namespace initorder::inspect {

/// A process's sockets: the kernel's number of each (`inode`) by descriptor.
struct Sockets {
  std::int32_t pid = 0;
  bool is_main = false;
  std::map<int, std::uint64_t> by_descriptor;
};

/// One row of /proc/PID/net/tcp that is an established connection.
struct TcpRow {
  std::string local, remote; ///< "10.0.0.7:41234", "[::1]:3306"
  unsigned local_port = 0;
};

/// TCP as one network namespace has it.
struct TcpTable {
  std::map<std::uint64_t, TcpRow> established; ///< by inode
  std::set<unsigned> listening;                ///< ports
};

/// Reads /proc/net/tcp or tcp6 into `out`; what is no such row is passed over. False: it is longer than a million rows.
bool read_tcp(std::istream &text, TcpTable &out);

/// Those that were inherited: one socket under one number in the main process and in a worker, or in each of three
/// workers or more, and these are all of them (`sure` is false then: it might have been handed round by SCM_RIGHTS).
/// None of them is one that the server has accepted, or that it has with itself.
std::vector<SharedConnection> shared_connections(const std::vector<Sockets> &family, const TcpTable &table);

/// Looks at the family as it is now and fills `connections`; says in `remarks` what could not be read.
void find_connections(Family &family);

} // namespace initorder::inspect
