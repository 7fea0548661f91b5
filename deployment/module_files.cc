// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/module_files.h"

#include "tracer/elf/bounded.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace initorder::deployment {

namespace fs = std::filesystem;

namespace {

std::string filled(std::string text, const std::string &module) {
  const std::string placeholder = "{module}";
  for (std::size_t at = 0; (at = text.find(placeholder, at)) != text.npos; at += module.size())
    text.replace(at, placeholder.size(), module);
  return text;
}

bool is_file(const fs::path &path) {
  std::error_code failed;
  return fs::is_regular_file(path, failed);
}

} // namespace

// src/core/sr_module.c, ksr_locate_module: a name with a '/' is a path, first as it is, then below the folders.
std::string file_of(const config::LoadedModule &module, const std::vector<std::string> &folders, const HostConfig &host) {
  const bool is_path = module.written.find('/') != module.written.npos;
  if (is_path && is_file(module.written))
    return module.written;
  if (module.written.starts_with('/'))
    return {};
  for (const fs::path folder : folders) {
    if (is_path && is_file(folder / module.written))
      return folder / module.written;
    if (!is_path)
      for (const std::string &file : host.module_files)
        if (is_file(folder / filled(file, module.name)))
          return folder / filled(file, module.name);
  }
  return {};
}

std::string version_in(const std::string &text) {
  const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  const auto begin = std::find_if(text.begin(), text.end(), is_digit);
  const auto end = std::find_if(begin, text.end(), [&](char c) { return !is_digit(c) && c != '.'; });
  return {begin, end};
}

std::string symbol_of(const TracedModules &layout, const std::string &module) {
  return filled(layout.symbol, module);
}

const TracedModules *layout_of(const elf::Object &object, const std::string &module, const HostTrace &trace) {
  for (const TracedModules &layout : trace.modules) {
    if (!object.find(symbol_of(layout, module)))
      continue;
    if (layout.interface_symbol.empty())
      return &layout;
    const auto interface = object.find(layout.interface_symbol);
    const auto value = interface ? elf::load<std::uint32_t>(object.bytes(interface->address, 4), 0) : std::nullopt;
    if (value && std::ranges::find(layout.interface_values, *value) != layout.interface_values.end())
      return &layout;
  }
  return nullptr;
}

std::string text_behind(const elf::Object &object, const elf::Linkage &linkage, const std::string &symbol) {
  const auto found = object.find(symbol);
  const auto target = found ? linkage.pointer(found->address) : std::nullopt;
  return target ? object.text_at(*target) : "";
}

} // namespace initorder::deployment
