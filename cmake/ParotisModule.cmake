# parotis_module(NAME [TORCH] [DEPS module...] [EXTERNAL target...])
# One static library parotis_NAME from src/NAME/*.cc. TORCH modules share one precompiled header.
function(parotis_module name)
  cmake_parse_arguments(arg "TORCH" "" "DEPS;EXTERNAL" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cc)
  list(TRANSFORM arg_DEPS PREPEND parotis_)
  add_library(parotis_${name} STATIC ${sources})
  target_link_libraries(parotis_${name} PUBLIC parotis_options ${arg_DEPS} ${arg_EXTERNAL})
  if(arg_TORCH)
    target_link_libraries(parotis_${name} PUBLIC parotis_torch)
    target_precompile_headers(parotis_${name} REUSE_FROM parotis_torch_pch)
    target_compile_options(parotis_${name} PRIVATE -fpch-preprocess)
  endif()
endfunction()

# parotis_test_program(MODULE [TORCH] [DEPS module...])
# The test program parotis_test_MODULE from tests/MODULE/*.cc.
function(parotis_test_program module)
  cmake_parse_arguments(arg "TORCH" "" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${module}/*.cc)
  list(TRANSFORM arg_DEPS PREPEND parotis_)
  add_executable(parotis_test_${module} ${sources})
  # What is tested is optimised; the tests themselves need to compile quickly.
  target_compile_options(parotis_test_${module} PRIVATE $<$<CONFIG:Release>:-O1>)
  parotis_permit_regex(parotis_test_${module})
  target_link_libraries(parotis_test_${module} PRIVATE parotis_options ${arg_DEPS} GTest::gtest_main GTest::gmock rapidcheck rapidcheck_gtest)
  target_include_directories(parotis_test_${module} PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_definitions(parotis_test_${module} PRIVATE PAROTIS_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  if(arg_TORCH)
    parotis_use_torch_pch(parotis_test_${module})
  endif()
endfunction()

# For a program: the precompiled header was made for position-independent libraries, so the program is compiled as one.
function(parotis_use_torch_pch target)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${target} PRIVATE -fPIC -fpch-preprocess)
  target_precompile_headers(${target} REUSE_FROM parotis_torch_pch)
endfunction()

# parotis_test(MODULE [TORCH] [DEPS module...] [TOGETHER NAME=FILTER...])
# Every test of the program is one of CTest's, MODULE.SUITE.TEST, in a process of its own. Those that a FILTER names are
# one, MODULE.NAME, in one process: what they share takes longer to make than they take.
function(parotis_test module)
  cmake_parse_arguments(arg "" "" "TOGETHER" ${ARGN})
  set(timeout_s 300)
  if(PAROTIS_SANITIZE)
    set(timeout_s 1800)  # sanitizers make the audit of whole cohorts several times as long
  endif()
  parotis_test_program(${module} ${arg_UNPARSED_ARGUMENTS})
  set(together)
  foreach(named IN LISTS arg_TOGETHER)
    if(NOT named MATCHES "^([^=]+)=(.+)$")
      message(FATAL_ERROR "parotis_test(${module}): TOGETHER wants NAME=FILTER, not ${named}")
    endif()
    set(filter ${CMAKE_MATCH_2})
    list(APPEND together ${filter})
    add_test(NAME ${module}.${CMAKE_MATCH_1} COMMAND parotis_test_${module} --gtest_filter=${filter})
    # Skipped if every one of them is, and none has failed.
    set_tests_properties(${module}.${CMAKE_MATCH_1} PROPERTIES TIMEOUT ${timeout_s}
      SKIP_REGULAR_EXPRESSION "\\[  PASSED  \\] 0 tests\\.\n(\\[  SKIPPED \\][^\n]*\n)+$")
  endforeach()
  list(JOIN together ":" together)
  gtest_discover_tests(parotis_test_${module} TEST_PREFIX ${module}. DISCOVERY_MODE PRE_TEST
    TEST_FILTER "-${together}" PROPERTIES TIMEOUT ${timeout_s})
endfunction()
