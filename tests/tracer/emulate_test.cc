// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The processor is the judge: each instruction runs once for real, single-stepped in a child, and once emulated.
#include "tracer/process/x86_64.h"

#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <cstring>
#include <vector>

#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

namespace initorder {
namespace {

/// A page of code and a page of data, shared with a stopped child.
class Processor : public testing::Test {
protected:
  void SetUp() override {
    page_ = static_cast<std::byte *>(mmap(nullptr, 8192, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    ASSERT_NE(page_, MAP_FAILED);
    child_ = fork();
    if (child_ == 0) {
      ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
      raise(SIGSTOP);
      _exit(0);
    }
    waitpid(child_, nullptr, 0);
    ptrace(PTRACE_GETREGS, child_, nullptr, &registers_);
    registers_.rip = address(page_);
    registers_.rsp = address(data() + 2048);
    registers_.rdi = address(data() + 64);
    registers_.rsi = 2;
    for (int i = 0; i < 4096; ++i)
      data()[i] = static_cast<std::byte>(i * 7);
  }
  void TearDown() override {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
    munmap(page_, 8192);
  }

  static std::uint64_t address(const std::byte *at) { return reinterpret_cast<std::uintptr_t>(at); }
  std::byte *data() const { return page_ + 4096; }

  struct World {
    arch::Registers registers;
    std::vector<std::byte> data;
  };
  World world(const arch::Registers &registers) const { return {registers, {data(), data() + 4096}}; }

  World run(const std::vector<unsigned> &code) {
    put(code);
    auto registers = registers_;
    registers.orig_rax = -1ULL;
    ptrace(PTRACE_SETREGS, child_, nullptr, &registers);
    ptrace(PTRACE_SINGLESTEP, child_, nullptr, nullptr);
    waitpid(child_, nullptr, 0);
    ptrace(PTRACE_GETREGS, child_, nullptr, &registers);
    return world(registers);
  }

  std::optional<World> emulate(const std::vector<unsigned> &code) {
    struct Own final : arch::CodeMemory {
      bool load(RemoteAddr from, std::span<std::byte> out) const override {
        std::memcpy(out.data(), reinterpret_cast<const void *>(number(from)), out.size());
        return true;
      }
      bool store(RemoteAddr to, std::uint64_t value, unsigned bytes) override {
        std::memcpy(reinterpret_cast<void *>(number(to)), &value, bytes);
        return true;
      }
    } memory;
    put(code);
    auto registers = registers_;
    if (!arch::emulate(registers, std::span(page_, arch::kLongestCode), memory))
      return {};
    return world(registers);
  }

  void expect_same(const std::vector<unsigned> &code) {
    const std::vector<std::byte> before(data(), data() + 4096);
    const World real = run(code);
    std::copy(before.begin(), before.end(), data());
    const auto emulated = emulate(code);
    ASSERT_TRUE(emulated) << "not emulated";
    const auto fields = [](const arch::Registers &r) {
      return std::vector<unsigned long long>{r.rip, r.rsp, r.rax, r.rbx, r.rcx, r.rdx, r.rsi, r.rdi, r.rbp, r.r8,
                                             r.r9,  r.r10, r.r11, r.r12, r.r13, r.r14, r.r15, r.eflags & 0x8d5};
    };
    EXPECT_EQ(fields(emulated->registers), fields(real.registers));
    EXPECT_EQ(emulated->data, real.data);
    std::copy(before.begin(), before.end(), data());
  }

  /// That of some code, at `offset` from where rdi points.
  void put_address(std::size_t offset) {
    const std::uint64_t target = registers_.rip + 32;
    std::memcpy(data() + 64 + offset, &target, sizeof target);
  }

  arch::Registers registers_{};

private:
  void put(const std::vector<unsigned> &code) {
    std::memset(page_, 0x90, 64);
    for (std::size_t i = 0; i < code.size(); ++i)
      page_[i] = static_cast<std::byte>(code[i]);
  }
  std::byte *page_ = nullptr;
  pid_t child_ = 0;
};

TEST_F(Processor, Endbr64) { expect_same({0xf3, 0x0f, 0x1e, 0xfa}); }
TEST_F(Processor, LongNop) { expect_same({0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00}); }
TEST_F(Processor, PushOldRegister) { expect_same({0x55}); }
TEST_F(Processor, PushNewRegister) { expect_same({0x41, 0x57}); }
TEST_F(Processor, PushStackPointer) { expect_same({0x54}); }
TEST_F(Processor, Pop) { expect_same({0x5b}); }
TEST_F(Processor, Return) {
  const std::uint64_t back = registers_.rip + 32;
  std::memcpy(data() + 2048, &back, sizeof back);
  expect_same({0xc3});
}
TEST_F(Processor, MoveBetweenRegisters) { expect_same({0x48, 0x89, 0xfa}); }
TEST_F(Processor, MoveOf32BitsClearsTheRest) { registers_.rdx = -1ULL; expect_same({0x89, 0xfa}); }
TEST_F(Processor, MoveFromMemory) { expect_same({0x8b, 0x07}); }
TEST_F(Processor, MoveToMemory) { expect_same({0x48, 0x89, 0x77, 0x10}); }
TEST_F(Processor, MoveFromIndexedMemory) { expect_same({0x48, 0x8b, 0x44, 0xf7, 0x08}); }
TEST_F(Processor, MoveRelativeToCode) { expect_same({0x48, 0x8b, 0x05, 0xf9, 0x0f, 0x00, 0x00}); }
TEST_F(Processor, MoveNegativeImmediate) { expect_same({0x48, 0xc7, 0xc0, 0xff, 0xff, 0xff, 0xff}); }
TEST_F(Processor, LoadAddress) { expect_same({0x4c, 0x8d, 0x05, 0x29, 0xad, 0x14, 0x00}); }
TEST_F(Processor, LoadAddressWithIndex) { expect_same({0x48, 0x8d, 0x54, 0xf7, 0xf0}); }
TEST_F(Processor, JumpShort) { expect_same({0xeb, 0x10}); }
TEST_F(Processor, JumpBack) { expect_same({0xe9, 0x00, 0xff, 0xff, 0xff}); }
TEST_F(Processor, Call) { expect_same({0xe8, 0x10, 0x00, 0x00, 0x00}); }
TEST_F(Processor, JumpToRegister) { registers_.rax = registers_.rip + 16; expect_same({0xff, 0xe0}); }
TEST_F(Processor, JumpThroughMemory) { put_address(0); expect_same({0xff, 0x27}); }
TEST_F(Processor, CallThroughMemory) { put_address(0x10); expect_same({0xff, 0x57, 0x10}); }
TEST_F(Processor, CallThroughTheStackPointer) {
  registers_.rsp = registers_.rdi;
  put_address(0);
  expect_same({0xff, 0x14, 0x24});
}
TEST_F(Processor, JumpIfCountIsZero) {
  for (const std::uint64_t count : {0ULL, 1ULL, 1ULL << 32}) {
    registers_.rcx = count;
    expect_same({0xe3, 0x10});
  }
}
TEST_F(Processor, Loop) {
  for (const std::uint64_t count : {0ULL, 1ULL, 2ULL, 1ULL << 32}) {
    registers_.rcx = count;
    expect_same({0xe2, 0x10});
  }
}

/// Operations that set flags, over pairs of values at the edges.
class Flags : public Processor {
protected:
  void expect_same_everywhere(const std::vector<unsigned> &code) {
    constexpr std::array<std::uint64_t, 7> kEdges{0, 1, 0x7fffffff, 0x80000000, 0x7fffffffffffffff, 0x8000000000000000,
                                                  ~std::uint64_t{0}};
    for (const std::uint64_t one : kEdges)
      for (const std::uint64_t other : kEdges) {
        SCOPED_TRACE(testing::Message() << std::hex << one << " and " << other);
        registers_.rax = one;
        registers_.rbx = other;
        expect_same(code);
      }
  }
};
TEST_F(Flags, Subtract) { expect_same_everywhere({0x48, 0x29, 0xd8}); }
TEST_F(Flags, Subtract32) { expect_same_everywhere({0x29, 0xd8}); }
TEST_F(Flags, SubtractImmediate) { expect_same_everywhere({0x48, 0x83, 0xe8, 0x18}); }
TEST_F(Flags, Add) { expect_same_everywhere({0x48, 0x01, 0xd8}); }
TEST_F(Flags, Add32) { expect_same_everywhere({0x01, 0xd8}); }
TEST_F(Flags, Compare) { expect_same_everywhere({0x48, 0x39, 0xd8}); }
TEST_F(Flags, CompareImmediate32) { expect_same_everywhere({0x83, 0xf8, 0xff}); }
TEST_F(Flags, Test) { expect_same_everywhere({0x85, 0xc0}); }
TEST_F(Flags, Exclusive) { expect_same_everywhere({0x31, 0xd8}); }
TEST_F(Flags, And) { expect_same_everywhere({0x48, 0x21, 0xd8}); }
TEST_F(Flags, Or) { expect_same_everywhere({0x48, 0x09, 0xd8}); }

TEST_F(Processor, ConditionalBranches) {
  for (unsigned opcode = 0x72; opcode < 0x80; ++opcode) {
    if (opcode == 0x7a || opcode == 0x7b)
      continue; // parity is left to the processor
    for (const unsigned flags : {0x202U, 0x203U, 0x242U, 0x282U, 0xa02U, 0xa82U, 0x243U}) {
      SCOPED_TRACE(testing::Message() << std::hex << opcode << " with flags " << flags);
      registers_.eflags = flags;
      expect_same({opcode, 0x20});
    }
  }
}

TEST_F(Processor, WhatIsNotUnderstoodIsLeftAlone) {
  EXPECT_FALSE(emulate({0x0f, 0x05}));             // syscall
  EXPECT_FALSE(emulate({0xff, 0x2f}));             // ljmp *(%rdi)
  EXPECT_FALSE(emulate({0x67, 0xe2, 0x10}));       // loop, by ecx
  EXPECT_FALSE(emulate({0xf0, 0x48, 0x01, 0x07})); // lock add %rax,(%rdi)
  EXPECT_FALSE(emulate({0x64, 0x8b, 0x07}));       // mov %fs:(%rdi),%eax
  EXPECT_FALSE(emulate({0xcc}));
}

std::vector<std::byte> code(std::vector<unsigned> bytes) {
  std::vector<std::byte> out(arch::kLongestCode, std::byte{0x90});
  for (std::size_t i = 0; i < bytes.size(); ++i)
    out[i] = static_cast<std::byte>(bytes[i]);
  return out;
}

TEST(Moved, AsItIsWithoutItsOwnAddress) {
  const auto canary = arch::moved(code({0x64, 0x48, 0x8b, 0x04, 0x25, 0x28, 0, 0, 0})); // mov %fs:0x28,%rax
  ASSERT_TRUE(canary);
  EXPECT_EQ(canary->length, 9u);
  EXPECT_EQ(canary->base, nullptr);
}

TEST(Moved, ByAFreeRegisterInsteadOfItsOwnAddress) {
  const auto compared = arch::moved(code({0x80, 0x3d, 1, 2, 0, 0, 5})); // cmpb $5,0x201(%rip)
  ASSERT_TRUE(compared);
  EXPECT_EQ(compared->length_before, 7u);
  EXPECT_EQ(compared->base, &arch::Registers::rbx);
  EXPECT_EQ(compared->code, std::to_array({std::byte{0x80}, std::byte{0xbb}, std::byte{1}, std::byte{2}, std::byte{0},
                                           std::byte{0}, std::byte{5}, std::byte{0}, std::byte{0}, std::byte{0},
                                           std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}}));
  const auto used = arch::moved(code({0x44, 0x0f, 0xb6, 0x3d, 0, 1, 0, 0})); // movzbl 0x100(%rip),%r15d
  ASSERT_TRUE(used);
  EXPECT_EQ(used->base, &arch::Registers::rbx);
  const auto high = arch::moved(code({0x00, 0x3d, 0, 1, 0, 0})); // add %bh,0x100(%rip)
  ASSERT_TRUE(high);
  EXPECT_EQ(high->base, &arch::Registers::rsi);
}

TEST(Moved, NotWhatJumpsOrEntersTheKernel) {
  EXPECT_FALSE(arch::moved(code({0xff, 0xd0}))); // call *%rax
  EXPECT_FALSE(arch::moved(code({0x0f, 0x05}))); // syscall
  EXPECT_FALSE(arch::moved(code({0xcc})));
}

} // namespace
} // namespace initorder
