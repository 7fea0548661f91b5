// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Effects that no function has: what a configuration and the installed files show by themselves.
#pragma once

#include <array>
#include <string_view>

namespace initorder {

inline constexpr std::string_view kModuleLoad = "module.load";             ///< a module is loaded
inline constexpr std::string_view kModuleMissing = "module.missing";       ///< its file is not there, or not fit
inline constexpr std::string_view kSecondVersion = "library.second-version"; ///< another version is in the process already
inline constexpr std::string_view kDriverMissing = "database.driver-missing"; ///< no loaded module serves a database URL
inline constexpr std::string_view kParameterAstray = "parameter.no-module"; ///< no module that is loaded by then takes it

inline constexpr std::array kDeploymentEffects{kModuleLoad, kModuleMissing, kSecondVersion, kDriverMissing,
                                               kParameterAstray};

} // namespace initorder
