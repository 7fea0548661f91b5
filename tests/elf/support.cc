// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/elf/support.h"

#include "tracer/elf/process_memory.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>

namespace initorder::elf {

std::filesystem::path made(const std::string &name) {
  return std::filesystem::path(INITORDER_MADE) / name;
}

std::shared_ptr<const Object> opened(const std::filesystem::path &path) {
  auto object = Object::open(path, path.string());
  if (!object)
    throw std::runtime_error(object.error().text());
  return *object;
}

std::filesystem::path file_of(const void *address) {
  Dl_info info{};
  return dladdr(address, &info) ? info.dli_fname : "";
}

WrittenFile::WrittenFile(std::string_view bytes)
    : path(std::filesystem::temp_directory_path() / fmt::format("initorder-elf-{}-{}", getpid(), fmt::ptr(this))) {
  std::ofstream(path, std::ios::binary) << bytes;
}

WrittenFile::~WrittenFile() {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
}

std::string content(const std::filesystem::path &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string name_of(const std::optional<Symbol> &symbol) {
  return symbol ? symbol->name : "none";
}

Sleeper::Sleeper(std::vector<std::string> arguments) {
  int in[2], out[2];
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
    throw std::runtime_error("pipe");
  const auto path = made("sleeper").string();
  std::vector<char *> argv{const_cast<char *>(path.c_str())};
  for (auto &argument : arguments)
    argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(in[0], 0);
    dup2(out[1], 1);
    execv(path.c_str(), argv.data());
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  input_ = in[1];
  std::string text;
  char c = 0;
  while (!text.ends_with("ready\n") && ::read(out[0], &c, 1) == 1)
    text += c;
  close(out[0]);
  std::istringstream lines(text);
  std::string name, value;
  while (lines >> name && name != "ready" && lines >> value)
    said_[name] = std::stoull(value, nullptr, 16);
}

Sleeper::~Sleeper() {
  close(input_);
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, __WALL) == pid_) // stops first, its death last
    ;
}

RemoteAddr Sleeper::said(const std::string &name) const {
  return RemoteAddr{said_.at(name)};
}

UnwindRegisters Sleeper::stop() {
  user_regs_struct r{};
  if (ptrace(PTRACE_SEIZE, pid_, 0, 0) != 0 || ptrace(PTRACE_INTERRUPT, pid_, 0, 0) != 0 ||
      waitpid(pid_, nullptr, __WALL) != pid_ || ptrace(PTRACE_GETREGS, pid_, 0, &r) != 0)
    throw std::runtime_error("ptrace");
  return {{r.rax, r.rdx, r.rcx, r.rbx, r.rsi, r.rdi, r.rbp, r.rsp, r.r8, r.r9, r.r10, r.r11, r.r12, r.r13, r.r14, r.r15,
           r.rip}};
}

std::vector<Loaded> Sleeper::objects() const {
  const auto program = opened(made("sleeper"));
  std::ifstream auxv(fmt::format("/proc/{}/auxv", pid_), std::ios::binary);
  std::uint64_t entry = 0, pair[2];
  while (auxv.read(reinterpret_cast<char *>(pair), sizeof(pair)))
    if (pair[0] == AT_ENTRY)
      entry = pair[1];
  const ProcessMemory memory(pid_);
  const auto rendezvous = find_rendezvous(memory, *program, entry - number(program->entry()));
  const auto rows = read_link_map(memory, rendezvous.value().value());
  std::vector<Loaded> out;
  for (const auto &row : rows.value()) {
    const auto path = row.path.empty() ? made("sleeper").string() : row.path;
    auto object = Object::open(path, path);
    out.push_back({path, row.bias, object ? *object : nullptr});
  }
  return out;
}

std::vector<std::string> Sleeper::stack(const Layout &layout, unsigned limit) {
  std::vector<std::string> names;
  const auto frames = layout.stack(stop(), ProcessMemory(pid_), limit);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto *place = layout.at(frames[i]);
    const auto address = place ? in_file(frames[i], place->bias) : FileAddr{};
    const auto before = FileAddr{number(address) - (i == 0 ? 0 : 1)};
    const auto name = place ? name_of(place->object->function_at(before)) : "?";
    if (name == "wait_here" || !names.empty())
      names.push_back(name);
  }
  return names;
}

void MadeUpMemory::put_text(std::uint64_t at, std::string_view text) {
  for (std::size_t i = 0; i <= text.size(); ++i)
    bytes_[at + i] = static_cast<std::byte>(i < text.size() ? text[i] : '\0');
}

std::size_t MadeUpMemory::read_some(RemoteAddr from, std::span<std::byte> out) const {
  std::size_t done = 0;
  for (auto found = bytes_.find(number(from)); done < out.size() && found != bytes_.end(); ++done) {
    out[done] = found->second;
    found = bytes_.find(number(from) + done + 1);
  }
  return done;
}

Result<void> MadeUpMemory::read(RemoteAddr from, std::span<std::byte> out) const {
  if (read_some(from, out) == out.size())
    return {};
  return Error{Error::Kind::malformed, "made up", "not there"};
}

} // namespace initorder::elf
