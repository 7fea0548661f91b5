// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/elf/mappings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace initorder::elf {

namespace {

// From Linux 6.11's include/uapi/linux/fs.h, which older systems do not have: struct procmap_query, PROCMAP_QUERY.
struct ProcmapQuery {
  std::uint64_t size, query_flags, query_addr;
  std::uint64_t vma_start, vma_end, vma_flags, vma_page_size, vma_offset, inode;
  std::uint32_t dev_major, dev_minor, vma_name_size, build_id_size;
  std::uint64_t vma_name_addr, build_id_addr;
};
static_assert(sizeof(ProcmapQuery) == 104);
constexpr unsigned long kQuery = _IOWR('f', 17, ProcmapQuery);
constexpr std::uint64_t kReadable = 1, kWritable = 2, kExecutable = 4, kShared = 8;

Error from_errno(int number) {
  const auto kind = number == ENOENT || number == ESRCH   ? Error::Kind::gone
                    : number == EACCES || number == EPERM ? Error::Kind::denied
                                                          : Error::Kind::malformed;
  return {kind, "/proc/PID/maps", std::strerror(number)};
}

/// Takes a number off the front, and the separator behind it.
template <class Number> bool take(std::string_view &text, Number &out, int base, char separator) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  if (error != std::errc() || end == text.data() + text.size() || *end != separator)
    return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return true;
}

} // namespace

std::optional<Mapping> parse_mapping(std::string_view line) {
  Mapping out;
  std::uint64_t begin = 0, end = 0;
  if (!take(line, begin, 16, '-') || !take(line, end, 16, ' ') || line.size() < 5 || line[4] != ' ')
    return std::nullopt;
  out.begin = RemoteAddr{begin};
  out.end = RemoteAddr{end};
  out.readable = line[0] == 'r';
  out.writable = line[1] == 'w';
  out.executable = line[2] == 'x';
  out.shared = line[3] == 's';
  line.remove_prefix(5);
  if (!take(line, out.offset, 16, ' ') || !take(line, out.device_major, 16, ':') ||
      !take(line, out.device_minor, 16, ' ') || !take(line, out.inode, 10, ' '))
    return std::nullopt;
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  out.path = line;
  return out;
}

MemoryKind kind_of(const Mapping &mapping) {
  const std::string_view path = mapping.path;
  if (mapping.shared)
    return MemoryKind::shared;
  if (path == "[stack]" || path.starts_with("[anon:glibc: pthread stack"))
    return MemoryKind::stack;
  if (path == "[vdso]")
    return MemoryKind::data;
  if (!mapping.readable && !mapping.writable && !mapping.executable)
    return MemoryKind::unknown;
  // A private mapping of /dev/zero and of huge pages is anonymous in all but its name.
  if (mapping.inode == 0 ? path.empty() || path == "[heap]" || path.starts_with("[anon:")
                         : path == "/dev/zero" || path.starts_with("/anon_hugepage"))
    return MemoryKind::heap;
  return mapping.inode != 0 ? MemoryKind::data : MemoryKind::unknown;
}

Result<Mappings> Mappings::open(pid_t process) {
  const int file = ::open(fmt::format("/proc/{}/maps", process).c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return from_errno(errno);
  return Mappings(file);
}

Mappings::Mappings(Mappings &&other) noexcept : file_(std::exchange(other.file_, -1)), has_query_(other.has_query_) {}

Mappings::~Mappings() {
  if (file_ >= 0)
    ::close(file_);
}

Result<std::vector<Mapping>> Mappings::all() const {
  std::string text;
  for (std::size_t had = 0;;) {
    text.resize(had + (64 << 10));
    // The kernel formats about a page at a time; what it has said stays true of the text that follows.
    const ssize_t got = ::pread(file_, text.data() + had, text.size() - had, static_cast<off_t>(had));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return from_errno(errno);
    had += static_cast<std::size_t>(got);
    if (got != 0)
      continue;
    text.resize(had);
    break;
  }
  std::vector<Mapping> out;
  for (std::string_view rest = text; !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (auto mapping = parse_mapping(line))
      out.push_back(std::move(*mapping));
  }
  // Each program has mappings; what has none is a process that ended since open().
  if (out.empty())
    return from_errno(ESRCH);
  return out;
}

Result<std::optional<Mapping>> Mappings::at_by_text(RemoteAddr address) const {
  auto rows = all();
  if (!rows)
    return rows.error();
  for (auto &row : *rows)
    if (address >= row.begin && address < row.end)
      return std::optional(std::move(row));
  return std::optional<Mapping>();
}

Result<std::optional<Mapping>> Mappings::at(RemoteAddr address) const {
  char name[PATH_MAX];
  ProcmapQuery query{.size = sizeof(query),
                     .query_addr = number(address),
                     .vma_name_size = sizeof(name),
                     .vma_name_addr = reinterpret_cast<std::uint64_t>(name)};
  if (!has_query_)
    return at_by_text(address);
  if (::ioctl(file_, kQuery, &query) != 0) {
    if (errno == ENOENT)
      return std::optional<Mapping>();
    if (errno == ESRCH)
      return from_errno(ESRCH);
    has_query_ = false;
    return at_by_text(address);
  }
  return std::optional(Mapping{.begin = RemoteAddr{query.vma_start},
                               .end = RemoteAddr{query.vma_end},
                               .readable = (query.vma_flags & kReadable) != 0,
                               .writable = (query.vma_flags & kWritable) != 0,
                               .executable = (query.vma_flags & kExecutable) != 0,
                               .shared = (query.vma_flags & kShared) != 0,
                               .offset = query.vma_offset,
                               .device_major = query.dev_major,
                               .device_minor = query.dev_minor,
                               .inode = query.inode,
                               .path = query.vma_name_size != 0 ? std::string(name, query.vma_name_size - 1) : ""});
}

Result<MemoryKind> Mappings::kind_at(RemoteAddr address, const Layout *layout,
                                     std::span<const RemoteAddr> stack_pointers) const {
  const auto found = at(address);
  if (!found)
    return found.error();
  if (!*found)
    return MemoryKind::unmapped;
  const auto &mapping = **found;
  const auto kind = kind_of(mapping);
  if (kind != MemoryKind::heap)
    return kind;
  if (layout && layout->at(address))
    return MemoryKind::data;
  // "[heap]" is brk's: a stack pointer in it belongs to a coroutine, whose neighbours are no stack.
  const bool is_stack =
      mapping.path != "[heap]" && std::any_of(stack_pointers.begin(), stack_pointers.end(), [&](RemoteAddr pointer) {
        return pointer >= mapping.begin && pointer < mapping.end;
      });
  return is_stack ? MemoryKind::stack : kind;
}

} // namespace initorder::elf
