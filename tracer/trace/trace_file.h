// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes records to a file as they come: JSON Lines, one write(2) each. Whatever dies, the server or the tracer, the
// lines until then are there.
#pragma once

#include "rules/result.h"
#include "tracer/trace/record.h"

#include <filesystem>
#include <functional>
#include <memory>

namespace initorder::trace {

class TraceFile : public Sink {
public:
  using OnError = std::function<void(const Error &)>;

  /// Makes the file, or empties it; a pipe or a device is written to as it is. `on_error` is told of the first write
  /// that fails (the disk is full, the reader of the pipe has gone): nothing is written after that, and what was
  /// written stays. Errors: gone (its folder), denied, malformed (a folder), unsupported.
  static Result<std::unique_ptr<TraceFile>> create(const std::filesystem::path &path, OnError on_error);
  TraceFile(const TraceFile &) = delete;
  TraceFile &operator=(const TraceFile &) = delete;
  ~TraceFile() override;

  void take(const Record &record) override;

private:
  TraceFile(std::filesystem::path path, int fd, OnError on_error)
      : path_(std::move(path)), fd_(fd), on_error_(std::move(on_error)) {}

  std::filesystem::path path_;
  int fd_;
  OnError on_error_;
  bool failed_ = false;
};

} // namespace initorder::trace
