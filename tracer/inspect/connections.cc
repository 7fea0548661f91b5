// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/connections.h"

#include "tracer/inspect/proc_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include <arpa/inet.h>

namespace initorder::inspect {
namespace {

constexpr std::size_t kMostRows = 1'000'000, kMostDescriptors = 65'536;
constexpr unsigned kEstablished = 1, kListen = 10; // include/net/tcp_states.h
constexpr std::size_t kFewestWorkersAlone = 3;

template <class T> bool parse_number(std::string_view text, T &out, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  return error == std::errc() && end == text.data() + text.size();
}

struct Endpoint {
  std::string text;
  unsigned port = 0;
};

/// "0100007F:0CEA": words of 32 bits as they lie in memory, then the port. net/ipv4/tcp_ipv4.c, get_tcp4_sock().
std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const std::size_t digits = text.find(':');
  if (digits != 8 && digits != 32)
    return std::nullopt;
  std::array<std::uint32_t, 4> words{};
  for (std::size_t i = 0; i < digits / 8; ++i)
    if (!parse_number(text.substr(i * 8, 8), words[i], 16))
      return std::nullopt;
  Endpoint out;
  std::array<char, INET6_ADDRSTRLEN> name{};
  if (!parse_number(text.substr(digits + 1), out.port, 16) || out.port > 65535 ||
      !::inet_ntop(digits == 8 ? AF_INET : AF_INET6, words.data(), name.data(), name.size()))
    return std::nullopt;
  out.text = digits == 8 ? fmt::format("{}:{}", name.data(), out.port) : fmt::format("[{}]:{}", name.data(), out.port);
  return out;
}

/// "socket:[31337]"
std::optional<std::uint64_t> socket_of(std::string_view link) {
  std::uint64_t inode = 0;
  if (!link.starts_with("socket:[") || !link.ends_with(']') || !parse_number(link.substr(8, link.size() - 9), inode))
    return std::nullopt;
  return inode;
}

/// Why it is not complete; empty: it is.
std::string read_sockets(pid_t pid, Sockets &out) {
  std::error_code error;
  std::size_t count = 0;
  std::filesystem::directory_iterator entry(proc(pid, "fd"), error);
  for (const std::filesystem::directory_iterator end; !error && entry != end; entry.increment(error)) {
    if (++count > kMostDescriptors)
      return "has more descriptors than are looked at";
    std::error_code closed;
    const auto inode = socket_of(std::filesystem::read_symlink(entry->path(), closed).native());
    int descriptor = 0;
    if (!closed && inode && parse_number(entry->path().filename().native(), descriptor))
      out.by_descriptor[descriptor] = *inode;
  }
  return error && error != std::errc::no_such_file_or_directory && error != std::errc::no_such_process ? error.message() : "";
}

/// The tables of all network namespaces in which these processes are: numbers of sockets are the kernel's, and unique.
bool read_tables(const std::vector<Sockets> &family, TcpTable &out) {
  std::set<std::string> seen;
  bool complete = true;
  for (const Sockets &process : family) {
    std::error_code error;
    if (!seen.insert(std::filesystem::read_symlink(proc(process.pid, "ns/net"), error).native()).second)
      continue;
    for (const char *file : {"net/tcp", "net/tcp6"})
      if (std::ifstream text(proc(process.pid, file)); text)
        complete &= read_tcp(text, out);
  }
  return complete;
}

using Place = std::pair<int, std::uint64_t>; // descriptor, inode

std::map<Place, std::vector<const Sockets *>> holders_of(const std::vector<Sockets> &family) {
  std::map<Place, std::vector<const Sockets *>> out;
  for (const Sockets &process : family)
    for (const Place place : process.by_descriptor)
      out[place].push_back(&process);
  std::erase_if(out, [](const auto &entry) { return entry.second.size() < 2; });
  return out;
}

/// Both ends are in the family: a channel of its own, unless a port that listens says which end is the client's.
bool is_with_itself(const TcpRow &row, const std::set<std::string> &own_ends, const TcpTable &table) {
  unsigned remote_port = 0;
  (void)parse_number(std::string_view(row.remote).substr(row.remote.rfind(':') + 1), remote_port);
  return own_ends.contains(row.remote) && !table.listening.contains(remote_port);
}

} // namespace

bool read_tcp(std::istream &text, TcpTable &out) {
  std::size_t rows = 0;
  for (std::string line; std::getline(text, line);) {
    if (++rows > kMostRows)
      return false;
    std::istringstream words(line);
    std::string slot, local, remote, state, queues, timer, retransmits, uid, timeout, number;
    words >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> uid >> timeout >> number;
    const auto here = parse_endpoint(local), there = parse_endpoint(remote);
    unsigned state_number = 0;
    std::uint64_t inode = 0;
    if (!here || !there || !parse_number(state, state_number, 16) || !parse_number(number, inode))
      continue;
    if (state_number == kListen)
      out.listening.insert(here->port);
    else if (state_number == kEstablished && inode != 0)
      out.established[inode] = {here->text, there->text, here->port};
  }
  return true;
}

std::vector<SharedConnection> shared_connections(const std::vector<Sockets> &family, const TcpTable &table) {
  std::set<std::string> own_ends;
  for (const Sockets &process : family)
    for (const auto &[descriptor, inode] : process.by_descriptor)
      if (const auto row = table.established.find(inode); row != table.established.end())
        own_ends.insert(row->second.local);
  const auto workers = static_cast<std::size_t>(std::ranges::count(family, false, &Sockets::is_main));
  std::vector<SharedConnection> out;
  for (const auto &[place, holders] : holders_of(family)) {
    const auto row = table.established.find(place.second);
    if (row == table.established.end() || table.listening.contains(row->second.local_port) ||
        is_with_itself(row->second, own_ends, table))
      continue;
    const bool in_main = std::ranges::any_of(holders, &Sockets::is_main);
    if (!in_main && (holders.size() < kFewestWorkersAlone || holders.size() < workers))
      continue;
    SharedConnection connection{place.first, place.second, row->second.local, row->second.remote, {}, in_main};
    for (const Sockets *holder : holders)
      connection.holders.push_back(holder->pid);
    out.push_back(std::move(connection));
  }
  return out;
}

void find_connections(Family &family) {
  std::vector<Sockets> sockets;
  for (const Process &process : family.processes) {
    Sockets &one = sockets.emplace_back(Sockets{process.pid, process.is_main, {}});
    if (const std::string why = read_sockets(process.pid, one); !why.empty())
      family.remarks.push_back(fmt::format("process {}: cannot tell which connections it shares: {}", process.pid, why));
  }
  TcpTable table;
  if (holders_of(sockets).empty())
    return;
  if (!read_tables(sockets, table))
    family.remarks.push_back("cannot tell which connections processes share: there are more than a million");
  else
    family.connections = shared_connections(sockets, table);
}

} // namespace initorder::inspect
