// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/inspect/thread_layout.h"

#include <fmt/format.h>

#include <array>
#include <cstring>

namespace initorder::inspect {
namespace {

constexpr std::uint64_t kLargest = 1 << 20; ///< offset or size; none of glibc's structures comes near

/// DB_STRUCT and DB_FIELD constants of one library.
class Descriptions {
public:
  explicit Descriptions(const elf::Object &library) : library_(library) {}

  std::uint64_t size(const char *type) { return words<1>(fmt::format("_thread_db_sizeof_{}", type))[0]; }
  /// {bits of an element, elements, offset}.
  std::uint64_t offset(const char *field) { return field_of(field)[2]; }
  std::uint64_t elements(const char *field) { return field_of(field)[1]; }
  bool has(const std::string &name) const { return library_.find("_thread_db_" + name).has_value(); }
  const std::string &missing() const { return missing_; } ///< the first; empty: all were there

private:
  std::array<std::uint32_t, 3> field_of(const char *field) { return words<3>(fmt::format("_thread_db_{}", field)); }

  template <std::size_t N> std::array<std::uint32_t, N> words(const std::string &name) {
    std::array<std::uint32_t, N> out{};
    const auto symbol = library_.find(name);
    const auto bytes = symbol ? library_.bytes(symbol->address, sizeof out) : std::string_view();
    if (bytes.size() == sizeof out)
      std::memcpy(out.data(), bytes.data(), sizeof out);
    else if (missing_.empty())
      missing_ = name;
    for (const std::uint32_t word : out)
      if (word > kLargest && missing_.empty())
        missing_ = name;
    return out;
  }

  const elf::Object &library_;
  std::string missing_;
};

/// glibc 2.34 and later keeps the lists in the loader's _rtld_global, older ones in variables of libpthread.
void find_lists(const Image &image, Descriptions &described, ThreadLayout &out) {
  RemoteAddr rtld{}, list{};
  if (described.has("rtld_global__dl_stack_used") && image.objects()->defining("_rtld_global", rtld)) {
    out.stack_lists = {rtld + described.offset("rtld_global__dl_stack_used"),
                       rtld + described.offset("rtld_global__dl_stack_user")};
    return;
  }
  for (const char *name : {"stack_used", "__stack_user"})
    if (image.objects()->defining(name, list))
      out.stack_lists.push_back(list);
}

Error unsupported(const Image &image) {
  const ObjectSet &objects = *image.objects();
  std::string why = "the C library does not describe its threads (no _thread_db_* symbols): cannot tell what they hold";
  if (objects.objects.front().object->is_static())
    why = "a static program: cannot tell what its threads hold";
  return {Error::Kind::unsupported, fmt::format("process {}", image.target().pid), why};
}

} // namespace

Result<ThreadLayout> thread_layout(const Image &image) {
  ThreadLayout out;
  RemoteAddr described_at{};
  const elf::Loaded *library = image.objects()->defining("_thread_db_pthread_specific", described_at);
  if (!library)
    return unsupported(image);
  Descriptions described(*library->object);
  find_lists(image, described, out);
  out.sizeof_pthread = described.size("pthread");
  out.list_in_pthread = described.offset("pthread_list");
  out.next_in_list = described.offset("list_t_next");
  out.tid_in_pthread = described.offset("pthread_tid");
  out.start_in_pthread = described.offset("pthread_start_routine");
  out.key_count = described.elements("__pthread_keys");
  out.sizeof_key = described.size("pthread_key_struct");
  out.sequence_in_key = described.offset("pthread_key_struct_seq");
  out.destructor_in_key = described.offset("pthread_key_struct_destr");
  out.blocks_in_pthread = described.offset("pthread_specific");
  out.sizeof_data = described.size("pthread_key_data");
  out.sequence_in_data = described.offset("pthread_key_data_seq");
  out.value_in_data = described.offset("pthread_key_data_data");
  out.data_in_block = described.offset("pthread_key_data_level2_data");
  out.data_per_block = described.elements("pthread_key_data_level2_data");
  if (!described.missing().empty() || out.stack_lists.empty() || out.sizeof_key < 16 || out.sizeof_data < 16 ||
      out.data_per_block == 0 || !image.objects()->defining("__pthread_keys", out.keys))
    return Error{Error::Kind::unsupported, library->path,
                 "describes its threads in a way that is not known here (" +
                     (described.missing().empty() ? std::string("no stack lists") : described.missing()) +
                     "): cannot tell what they hold"};
  // `specific` is said to be one element of 2048 bits: an array of pointers to blocks.
  out.block_count = (out.key_count + out.data_per_block - 1) / out.data_per_block;
  return out;
}

} // namespace initorder::inspect
