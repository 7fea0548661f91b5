// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/uprobes/kernel.h"

#include "tracer/uprobes/program.h"

#include <fmt/format.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <sys/mman.h>
#include <sys/syscall.h>

namespace initorder::uprobes {
namespace {

constexpr std::size_t kRingBytes = 16 << 20; ///< about a thousand calls
constexpr std::uint32_t kUprobeMulti = 48;   ///< BPF_TRACE_UPROBE_MULTI
constexpr std::uint32_t kOnReturn = 1;       ///< BPF_F_UPROBE_MULTI_RETURN

/// The part of union bpf_attr that is BPF_LINK_CREATE's (linux/bpf.h of Linux 6.6).
struct LinkRequest {
  std::uint32_t program, target = 0, attach_type = kUprobeMulti, flags = 0;
  std::uint64_t path, offsets, reference_counters = 0, cookies;
  std::uint32_t count, uprobe_flags, pid, unused = 0;
};

template <class Request> int bpf(bpf_cmd command, Request &request) {
  return static_cast<int>(syscall(SYS_bpf, command, &request, sizeof request));
}

template <class T> std::uint64_t pointer(const T *to) { return reinterpret_cast<std::uint64_t>(to); }

Error refused(const std::string &doing) {
  if (errno == EPERM || errno == EACCES)
    return {Error::Kind::denied, "", doing + " is not permitted: it takes root, or CAP_BPF and CAP_PERFMON"};
  return {Error::Kind::unsupported, "", fmt::format("{}: {} (Linux 6.6 or later is needed)", doing, std::strerror(errno))};
}

Descriptor make_map(std::uint32_t type, std::uint32_t key, std::uint32_t value, std::uint32_t entries, std::uint32_t flags) {
  bpf_attr attributes{};
  attributes.map_type = type;
  attributes.key_size = key;
  attributes.value_size = value;
  attributes.max_entries = entries;
  attributes.map_flags = flags;
  return Descriptor(bpf(BPF_MAP_CREATE, attributes));
}

Descriptor load(const std::vector<bpf_insn> &code) {
  bpf_attr attributes{};
  attributes.prog_type = BPF_PROG_TYPE_KPROBE;
  attributes.insns = pointer(code.data());
  attributes.insn_cnt = static_cast<std::uint32_t>(code.size());
  attributes.license = pointer("Apache-2.0 WITH LLVM-exception");
  attributes.prog_flags = BPF_F_SLEEPABLE;
  attributes.expected_attach_type = static_cast<bpf_attach_type>(kUprobeMulti);
  return Descriptor(bpf(BPF_PROG_LOAD, attributes));
}

/// Numbers of processes are the kernel's own only there.
bool in_first_pid_namespace() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/ns/pid", error) == "pid:[4026531836]"; // PROC_PID_INIT_INO
}

/// Shared with the kernel; empty: could not be mapped.
class Mapped {
public:
  Mapped(int descriptor, std::size_t bytes, int protection, off_t offset)
      : begin_(mmap(nullptr, bytes, protection, MAP_SHARED, descriptor, offset)), bytes_(bytes) {}
  Mapped(const Mapped &) = delete;
  ~Mapped() {
    if (*this)
      munmap(begin_, bytes_);
  }
  explicit operator bool() const { return begin_ != MAP_FAILED; }
  std::byte *begin() const { return static_cast<std::byte *>(begin_); }

private:
  void *begin_;
  std::size_t bytes_;
};

} // namespace

struct Kernel::Parts {
  Descriptor slots, ring, on_call, on_return;
  std::unique_ptr<Mapped> shared, consumer, producer;
};

Kernel::Kernel(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Kernel::Kernel(Kernel &&) noexcept = default;
Kernel::~Kernel() = default;

Result<Kernel> Kernel::open() {
  if (!in_first_pid_namespace())
    return Error{Error::Kind::unsupported, "",
                 "kernel uprobes count processes as the machine does: not from within a process namespace (a container); "
                 "--via breakpoints can, or initorder outside of it"};
  auto parts = std::make_unique<Parts>();
  parts->slots = make_map(BPF_MAP_TYPE_ARRAY, 4, sizeof(Slot), kSlots, BPF_F_MMAPABLE);
  if (!parts->slots)
    return refused("kernel uprobes");
  parts->ring = make_map(BPF_MAP_TYPE_RINGBUF, 0, 0, kRingBytes, 0);
  if (!parts->ring)
    return refused("kernel uprobes");
  parts->on_call = load(program(parts->slots.number(), parts->ring.number(), kCallChunks));
  parts->on_return = load(program(parts->slots.number(), parts->ring.number(), kReturnChunks));
  if (!parts->on_call || !parts->on_return)
    return refused("kernel uprobes");
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  constexpr int kBoth = PROT_READ | PROT_WRITE;
  parts->shared = std::make_unique<Mapped>(parts->slots.number(), kSlots * sizeof(Slot), kBoth, 0);
  parts->consumer = std::make_unique<Mapped>(parts->ring.number(), page, kBoth, 0);
  // The data twice in a row: a record that goes over the end is still in one piece.
  parts->producer = std::make_unique<Mapped>(parts->ring.number(), page + 2 * kRingBytes, PROT_READ, static_cast<off_t>(page));
  if (!*parts->shared || !*parts->consumer || !*parts->producer)
    return refused("kernel uprobes: their memory");
  return Kernel(std::move(parts));
}

Slot &Kernel::slot(std::uint32_t index) { return reinterpret_cast<Slot *>(parts_->shared->begin())[index]; }
int Kernel::descriptor() const { return parts_->ring.number(); }

Result<Descriptor> Kernel::link(const std::string &file, pid_t pid, Moment moment, std::span<const Place> places) const {
  std::vector<std::uint64_t> offsets, cookies;
  for (const Place &place : places) {
    offsets.push_back(place.offset);
    cookies.push_back(place.cookie);
  }
  const int program = (moment == Moment::call ? parts_->on_call : parts_->on_return).number();
  LinkRequest request{.program = static_cast<std::uint32_t>(program), .path = pointer(file.c_str()), .offsets = pointer(offsets.data()),
                      .cookies = pointer(cookies.data()), .count = static_cast<std::uint32_t>(places.size()),
                      .uprobe_flags = moment == Moment::call ? 0 : kOnReturn, .pid = static_cast<std::uint32_t>(pid)};
  Descriptor made(bpf(BPF_LINK_CREATE, request));
  if (made)
    return made;
  const auto kind = errno == ESRCH || errno == ENOENT ? Error::Kind::gone
                    : errno == EPERM || errno == EACCES ? Error::Kind::denied
                                                        : Error::Kind::unsupported;
  return Error{kind, file, fmt::format("no uprobe can be set: {}", std::strerror(errno))};
}

// Two positions that only grow. A record begins with its length (4 bytes, rounded up to 8 with this header of 8), in which the
// kernel marks what is not finished yet and what was given up (kernel.org, "BPF ring buffer").
void Kernel::drain(const std::function<void(const Hit &)> &take) {
  constexpr std::size_t kRecordHeader = 8;
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  std::atomic_ref<std::uint64_t> consumed(*reinterpret_cast<std::uint64_t *>(parts_->consumer->begin()));
  std::atomic_ref<std::uint64_t> produced(*reinterpret_cast<std::uint64_t *>(parts_->producer->begin()));
  const std::byte *data = parts_->producer->begin() + page;
  std::uint64_t at = consumed.load(std::memory_order_acquire);
  for (const std::uint64_t end = produced.load(std::memory_order_acquire); at < end;) {
    const std::byte *record = data + at % kRingBytes;
    std::atomic_ref<std::uint32_t> header(*reinterpret_cast<std::uint32_t *>(const_cast<std::byte *>(record)));
    const std::uint32_t length = header.load(std::memory_order_acquire);
    if (length & BPF_RINGBUF_BUSY_BIT)
      return;
    const std::uint32_t bytes = length & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
    if (!(length & BPF_RINGBUF_DISCARD_BIT) && bytes >= kHeader)
      take(*reinterpret_cast<const Hit *>(record + kRecordHeader));
    at += (bytes + kRecordHeader + 7) / 8 * 8;
    consumed.store(at, std::memory_order_release);
  }
}

} // namespace initorder::uprobes
