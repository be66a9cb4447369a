# Language level, warnings, sanitizers and the compiler cache, for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

add_library(parotis_options INTERFACE)
target_compile_options(parotis_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror)
target_include_directories(parotis_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these on correct standard-library code once it inlines (GCC bugs 105329, 107852).
  target_compile_options(parotis_options INTERFACE -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12's own std::stable_sort uses what it deprecates; only GCC knows that these are system headers' templates.
  target_compile_options(parotis_options INTERFACE -Wno-deprecated-declarations)
endif()

if(PAROTIS_SANITIZE)
  add_compile_options(-fsanitize=${PAROTIS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -O1)
  add_link_options(-fsanitize=${PAROTIS_SANITIZE})
endif()

find_program(PAROTIS_CCACHE ccache)
if(PAROTIS_CCACHE)
  # Precompiled headers are cached only with these settings (ccache manual, "Precompiled headers").
  set(launcher ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${PAROTIS_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

set(build_id_header ${CMAKE_BINARY_DIR}/generated/parotis_build_id.h)
set(build_id_command ${CMAKE_COMMAND} -DSOURCE_DIR=${CMAKE_SOURCE_DIR} -DVERSION=${PROJECT_VERSION}
  -DOUTPUT=${build_id_header} -P ${CMAKE_SOURCE_DIR}/cmake/BuildId.cmake)
execute_process(COMMAND ${build_id_command})
add_custom_target(parotis_build_id COMMAND ${build_id_command} BYPRODUCTS ${build_id_header})

# For targets that use std::regex, which GCC 12 takes for uninitialised once it is instrumented (GCC bug 105562).
function(parotis_permit_regex target)
  if(PAROTIS_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)
  endif()
endfunction()
