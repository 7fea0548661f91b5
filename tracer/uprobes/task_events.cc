// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/uprobes/task_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <optional>

#include <linux/perf_event.h>
#include <sys/mman.h>
#include <sys/syscall.h>

namespace initorder::uprobes {
namespace {

constexpr std::size_t kDataBytes = 64 << 10; ///< a power of two; about a thousand forks
std::size_t page() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

Descriptor open_on(int cpu) {
  perf_event_attr attributes{};
  attributes.type = PERF_TYPE_SOFTWARE;
  attributes.size = sizeof attributes;
  attributes.config = PERF_COUNT_SW_DUMMY;
  attributes.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME;
  attributes.sample_id_all = 1;
  attributes.task = 1;
  attributes.comm = 1;
  attributes.comm_exec = 1;
  attributes.watermark = 1;
  attributes.wakeup_watermark = 1;
  attributes.use_clockid = 1;
  attributes.clockid = CLOCK_MONOTONIC;
  return Descriptor(static_cast<int>(syscall(SYS_perf_event_open, &attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC)));
}

template <class T> T value_at(const std::vector<std::byte> &record, std::size_t offset) {
  T out{};
  if (offset + sizeof out <= record.size())
    std::memcpy(&out, record.data() + offset, sizeof out);
  return out;
}

/// perf_event_open(2), "MMAP layout". None: of no interest.
std::optional<TaskEvent> decode(const std::vector<std::byte> &record) {
  const auto header = value_at<perf_event_header>(record, 0);
  TaskEvent out;
  out.at = value_at<std::uint64_t>(record, record.size() - 8); // the end of struct sample_id
  switch (header.type) {
  case PERF_RECORD_FORK:
  case PERF_RECORD_EXIT:
    out.kind = header.type == PERF_RECORD_FORK ? TaskEvent::Kind::began : TaskEvent::Kind::ended;
    out.pid = value_at<pid_t>(record, 8);
    out.parent = value_at<pid_t>(record, 12);
    out.tid = value_at<pid_t>(record, 16);
    out.parent_thread = value_at<pid_t>(record, 20);
    return out;
  case PERF_RECORD_COMM:
    if (!(header.misc & PERF_RECORD_MISC_COMM_EXEC))
      return std::nullopt;
    out.kind = TaskEvent::Kind::executed;
    out.pid = value_at<pid_t>(record, 8);
    out.tid = value_at<pid_t>(record, 12);
    return out;
  case PERF_RECORD_LOST:
    out.kind = TaskEvent::Kind::missing;
    out.count = value_at<std::uint64_t>(record, 16);
    return out;
  default: return std::nullopt;
  }
}

} // namespace

struct TaskEvents::Ring {
  explicit Ring(Descriptor opened)
      : descriptor(std::move(opened)),
        begin(mmap(nullptr, page() + kDataBytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.number(), 0)) {}
  Ring(const Ring &) = delete;
  ~Ring() {
    if (begin != MAP_FAILED)
      munmap(begin, page() + kDataBytes);
  }
  void drain(const std::function<void(const TaskEvent &)> &take) {
    auto &control = *static_cast<perf_event_mmap_page *>(begin);
    const std::byte *data = static_cast<std::byte *>(begin) + page();
    std::atomic_ref<__u64> written(control.data_head), read(control.data_tail);
    const auto copy = [&](std::uint64_t from, std::size_t bytes) {
      std::vector<std::byte> out(bytes);
      for (std::size_t i = 0; i < bytes; ++i)
        out[i] = data[(from + i) % kDataBytes];
      return out;
    };
    std::uint64_t at = read.load(std::memory_order_relaxed);
    for (const std::uint64_t end = written.load(std::memory_order_acquire); end - at >= sizeof(perf_event_header);) {
      const auto header = value_at<perf_event_header>(copy(at, sizeof(perf_event_header)), 0);
      if (header.size < sizeof header + 8 || header.size > end - at)
        break;
      if (const auto event = decode(copy(at, header.size)))
        take(*event);
      at += header.size;
      read.store(at, std::memory_order_release);
    }
  }

  Descriptor descriptor;
  void *begin;
};

TaskEvents::TaskEvents(std::vector<std::unique_ptr<Ring>> rings) : rings_(std::move(rings)) {}
TaskEvents::TaskEvents(TaskEvents &&) noexcept = default;
TaskEvents::~TaskEvents() = default;

Result<TaskEvents> TaskEvents::open() {
  std::vector<std::unique_ptr<Ring>> rings;
  for (int cpu = 0; cpu < sysconf(_SC_NPROCESSORS_CONF); ++cpu) {
    Descriptor opened = open_on(cpu);
    if (!opened && errno == ENODEV)
      continue; // switched off
    if (!opened && (errno == EACCES || errno == EPERM))
      return Error{Error::Kind::denied, "", "kernel uprobes: forks may not be watched: it takes root, or CAP_BPF and CAP_PERFMON"};
    auto ring = std::make_unique<Ring>(std::move(opened));
    if (ring->begin == MAP_FAILED)
      return Error{Error::Kind::unsupported, "", fmt::format("kernel uprobes: forks cannot be watched: {}", std::strerror(errno))};
    rings.push_back(std::move(ring));
  }
  return TaskEvents(std::move(rings));
}

std::vector<int> TaskEvents::descriptors() const {
  std::vector<int> out;
  for (const auto &ring : rings_)
    out.push_back(ring->descriptor.number());
  return out;
}

void TaskEvents::drain(const std::function<void(const TaskEvent &)> &take) {
  for (const auto &ring : rings_)
    ring->drain(take);
}

} // namespace initorder::uprobes
