# acestep_library(NAME [TORCH] SOURCES … [LINK …])
#   One static library per folder of src/: the target acestep_<NAME>, include root src/.
#   TORCH: compiles against libtorch with the shared precompiled ATen header.
# acestep_unit_test(NAME [TORCH [SHARDS N]] SOURCES … LINK …)
#   One GoogleTest executable unit_<NAME>. Without torch each case is a test of ctest's; with it all cases are one
#   test, or N that run side by side: half a second of loading libtorch per case was a third of all testing.
include_guard(GLOBAL)

option(ACESTEP_WERROR "treat warnings of our own code as errors" OFF)
option(ACESTEP_SANITIZE "AddressSanitizer and UBSan for the code that needs no torch" OFF)

add_library(acestep_warnings INTERFACE)
target_compile_options(acestep_warnings INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion)
if(ACESTEP_WERROR)
  target_compile_options(acestep_warnings INTERFACE -Werror)
endif()

# One precompiled ATen header serves every torch target: 20 s once instead of 12 s per file.
file(WRITE "${CMAKE_BINARY_DIR}/pch/aten_pch.cpp" "// carries the precompiled ATen header\n")
add_library(acestep_aten_pch OBJECT "${CMAKE_BINARY_DIR}/pch/aten_pch.cpp")
target_link_libraries(acestep_aten_pch PUBLIC acestep::torch_cpu acestep_warnings)
target_precompile_headers(acestep_aten_pch PRIVATE <ATen/ATen.h>)
target_compile_options(acestep_aten_pch PRIVATE -fpch-preprocess)

function(_acestep_common target torch)
  target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/include")
  target_link_libraries(${target} PRIVATE acestep_warnings)
  if(torch)
    target_link_libraries(${target} PUBLIC acestep::torch_cpu)
    target_precompile_headers(${target} REUSE_FROM acestep_aten_pch)
    # -fPIC for executables too: the precompiled header was built so.
    target_compile_options(${target} PRIVATE -fpch-preprocess -fPIC)
  elseif(ACESTEP_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=address,undefined)
  endif()
endfunction()

function(acestep_library name)
  cmake_parse_arguments(A "TORCH" "" "SOURCES;LINK" ${ARGN})
  add_library(acestep_${name} STATIC ${A_SOURCES})
  _acestep_common(acestep_${name} "${A_TORCH}")
  target_link_libraries(acestep_${name} PUBLIC ${A_LINK})
endfunction()

function(_acestep_shards name shards)
  if(NOT shards)
    set(shards 1)
  endif()
  math(EXPR last "${shards} - 1")
  foreach(index RANGE ${last})
    set(test "unit.${name}")
    if(shards GREATER 1)
      string(APPEND test ".${index}")
    endif()
    add_test(NAME ${test} COMMAND unit_${name} --gtest_brief=1)
    set_tests_properties(${test} PROPERTIES TIMEOUT 900 LABELS unit
      ENVIRONMENT "GTEST_TOTAL_SHARDS=${shards};GTEST_SHARD_INDEX=${index}")
  endforeach()
endfunction()

function(acestep_unit_test name)
  cmake_parse_arguments(A "TORCH" "SHARDS" "SOURCES;LINK" ${ARGN})
  add_executable(unit_${name} ${A_SOURCES})
  _acestep_common(unit_${name} "${A_TORCH}")
  target_include_directories(unit_${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  target_compile_definitions(unit_${name} PRIVATE ACESTEP_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
  target_link_libraries(unit_${name} PRIVATE ${A_LINK} GTest::gmock_main)
  acestep_torch_rpath(unit_${name})
  if(A_TORCH)
    _acestep_shards(${name} "${A_SHARDS}")
  else()
    gtest_discover_tests(unit_${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
      PROPERTIES TIMEOUT 300 LABELS unit)
  endif()
endfunction()
