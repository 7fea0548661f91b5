# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# shellcheck shell=sh
# What demo, check and the other scripts share. Sourced, from any folder, with `root` set to the project's own.

say() { printf '\n==> %s\n' "$*" >&2; }

# fail MESSAGE...: one line for each, then the end.
fail() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  shift
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 3
}

build=${INITORDER_BUILD:-$root/build}

# configure_and_build TARGET CMAKE_OPTION...
configure_and_build() {
  target=$1
  shift
  command -v cmake >/dev/null || fail "cmake is missing" "on Debian: apt-get install cmake ninja-build"
  # A folder keeps the generator and the launcher that it was made with.
  if [ ! -f "$build/CMakeCache.txt" ]; then
    if command -v ninja >/dev/null; then set -- -G Ninja "$@"; fi
    if command -v ccache >/dev/null; then
      set -- -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache "$@"
    fi
  fi
  say "building in $build"
  cmake -S "$root" -B "$build" "$@" || fail "cmake could not configure; the reason stands above" \
    "if $build was made elsewhere or by another version, remove it and try again"
  cmake --build "$build" --target "$target" --parallel "$(nproc)" || fail "the build failed; the reason stands above"
}
