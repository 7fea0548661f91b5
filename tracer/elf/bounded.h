// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reading numbers and names out of bytes that nobody vouches for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <type_traits>

namespace initorder::elf {

/// A T at an offset, aligned or not; none if it does not lie wholly within the bytes.
template <class T> std::optional<T> load(std::string_view bytes, std::uint64_t offset) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T))
    return std::nullopt;
  T out;
  std::memcpy(&out, bytes.data() + offset, sizeof(T));
  return out;
}

/// Rows of one kind, one after the other.
template <class T> class Table {
public:
  Table() = default;
  explicit Table(std::string_view bytes) : bytes_(bytes) {}
  std::size_t size() const { return bytes_.size() / sizeof(T); }
  std::optional<T> operator[](std::uint64_t index) const {
    return index < size() ? load<T>(bytes_, index * sizeof(T)) : std::nullopt;
  }

private:
  std::string_view bytes_;
};

/// Longer names than this are not names: a file that has no end of one must not be read through for each symbol.
constexpr std::size_t kLongestName = 1 << 16;

/// The C string at an offset; none if it does not end within the bytes.
inline std::optional<std::string_view> text_at(std::string_view bytes, std::uint64_t offset) {
  if (offset >= bytes.size())
    return std::nullopt;
  const std::string_view rest = bytes.substr(offset, kLongestName);
  const auto end = rest.find('\0');
  return end == rest.npos ? std::nullopt : std::optional(rest.substr(0, end));
}

/// Whether the C string at an offset is `text`, without looking for its end.
inline bool is_text_at(std::string_view bytes, std::uint64_t offset, std::string_view text) {
  return offset < bytes.size() && bytes.size() - offset > text.size() && bytes[offset + text.size()] == '\0' &&
         std::memcmp(bytes.data() + offset, text.data(), text.size()) == 0;
}

} // namespace initorder::elf
