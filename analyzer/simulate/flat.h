// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sorted vectors in the place of sets and maps: what a walk knows is small, and copied and compared far more
// often than it is searched.
#pragma once

#include <algorithm>
#include <compare>
#include <initializer_list>
#include <utility>
#include <vector>

namespace initorder {

template <class T> class FlatSet {
public:
  using const_iterator = typename std::vector<T>::const_iterator;

  FlatSet() = default;
  FlatSet(std::initializer_list<T> items) { insert(items.begin(), items.end()); }

  const_iterator begin() const { return items_.begin(); }
  const_iterator end() const { return items_.end(); }
  bool empty() const { return items_.empty(); }
  bool contains(const T &item) const { return std::binary_search(begin(), end(), item); }

  void insert(const T &item) {
    const auto at = std::lower_bound(items_.begin(), items_.end(), item);
    if (at == items_.end() || *at != item)
      items_.insert(at, item);
  }
  template <class Iterator> void insert(Iterator first, Iterator last) {
    for (; first != last; ++first)
      insert(*first);
  }
  void erase(const T &item) { std::erase(items_, item); }
  /// Keeps what the other set has too.
  void intersect(const FlatSet &other) {
    std::erase_if(items_, [&](const T &item) { return !other.contains(item); });
  }

  friend auto operator<=>(const FlatSet &, const FlatSet &) = default;
  friend bool operator==(const FlatSet &, const FlatSet &) = default;

private:
  std::vector<T> items_;
};

template <class Key, class T> class FlatMap {
public:
  using value_type = std::pair<Key, T>;
  using iterator = typename std::vector<value_type>::iterator;
  using const_iterator = typename std::vector<value_type>::const_iterator;

  FlatMap() = default;
  FlatMap(std::initializer_list<value_type> items) {
    for (const auto &[key, value] : items)
      (*this)[key] = value;
  }

  iterator begin() { return items_.begin(); }
  iterator end() { return items_.end(); }
  const_iterator begin() const { return items_.begin(); }
  const_iterator end() const { return items_.end(); }
  bool empty() const { return items_.empty(); }
  const_iterator lower_bound(const Key &key) const {
    return std::lower_bound(begin(), end(), key, [](const value_type &item, const Key &k) { return item.first < k; });
  }
  const_iterator find(const Key &key) const {
    const const_iterator at = lower_bound(key);
    return at != end() && at->first == key ? at : end();
  }
  bool contains(const Key &key) const { return find(key) != end(); }
  const T &at(const Key &key) const { return find(key)->second; }

  T &operator[](const Key &key) {
    const const_iterator at = lower_bound(key);
    if (at != end() && at->first == key)
      return items_[at - begin()].second;
    return items_.insert(at, {key, T{}})->second;
  }
  void erase(const Key &key) {
    if (const const_iterator at = find(key); at != end())
      items_.erase(at);
  }
  /// For what comes in order.
  void append(const value_type &item) { items_.push_back(item); }
  template <class Condition> void erase_if(const Condition &condition) { std::erase_if(items_, condition); }

  friend auto operator<=>(const FlatMap &, const FlatMap &) = default;
  friend bool operator==(const FlatMap &, const FlatMap &) = default;

private:
  std::vector<value_type> items_; ///< by key
};

} // namespace initorder
