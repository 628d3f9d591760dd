# Finds libtorch inside a PyPI `torch` wheel without TorchConfig.cmake (which insists on nvcc) and
# defines
#   acestep::torch_cpu    libtorch_cpu + libc10: all the executable links
#   acestep::torch_cuda   for the plugin that is loaded at run time; only if the CUDA headers are there
# The wheel's folder is ACESTEP_TORCH_DIR (…/site-packages/torch). tools/setup installs it and passes
# the variable; without it the folder tools/setup would have used and python3's own torch are tried.
include_guard(GLOBAL)

set(ACESTEP_TORCH_VERSION_WANTED "2.11")
set(ACESTEP_TORCH_DIR "" CACHE PATH "folder of the Python package `torch` (holds lib/ and include/)")

function(_acestep_try_torch dir)
  if(NOT ACESTEP_TORCH_DIR AND EXISTS "${dir}/lib/libtorch_cpu.so" AND EXISTS "${dir}/include/ATen/ATen.h")
    set(ACESTEP_TORCH_DIR "${dir}" CACHE PATH "" FORCE)
  endif()
endfunction()

if(NOT ACESTEP_TORCH_DIR)
  set(_cache "$ENV{XDG_CACHE_HOME}")
  if(NOT _cache)
    set(_cache "$ENV{HOME}/.cache")
  endif()
  file(GLOB _candidates "${_cache}/acestep/deps/torch-${ACESTEP_TORCH_VERSION_WANTED}*/lib/python3*/site-packages/torch")
  foreach(_dir IN LISTS _candidates)
    _acestep_try_torch("${_dir}")
  endforeach()
endif()
if(NOT ACESTEP_TORCH_DIR)
  find_program(ACESTEP_PYTHON NAMES python3 python)
  if(ACESTEP_PYTHON)
    execute_process(COMMAND "${ACESTEP_PYTHON}" -c
        "import importlib.util as u,os; s=u.find_spec('torch'); print(os.path.dirname(s.origin) if s else '')"
      OUTPUT_VARIABLE _dir OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(_dir)
      _acestep_try_torch("${_dir}")
    endif()
  endif()
endif()
if(NOT ACESTEP_TORCH_DIR)
  message(FATAL_ERROR "libtorch was not found. Run tools/setup, or pass -DACESTEP_TORCH_DIR=<site-packages>/torch")
endif()

set(ACESTEP_TORCH_LIB_DIR "${ACESTEP_TORCH_DIR}/lib")
file(STRINGS "${ACESTEP_TORCH_DIR}/version.py" _version_line REGEX "^__version__")
string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" ACESTEP_TORCH_VERSION "${_version_line}")
message(STATUS "torch ${ACESTEP_TORCH_VERSION} at ${ACESTEP_TORCH_DIR}")
if(NOT ACESTEP_TORCH_VERSION MATCHES "^2\\.11\\.")
  message(FATAL_ERROR "torch ${ACESTEP_TORCH_VERSION} found, but 2.11 is the version this project is proven with")
endif()

add_library(acestep_torch_cpu INTERFACE)
add_library(acestep::torch_cpu ALIAS acestep_torch_cpu)
# -idirafter, not -isystem: the wheel ships its own fmt and protobuf headers, which must not shadow the
# distribution's that spdlog and sentencepiece were built with.
target_compile_options(acestep_torch_cpu INTERFACE
  "SHELL:-idirafter ${ACESTEP_TORCH_DIR}/include"
  "SHELL:-idirafter ${ACESTEP_TORCH_DIR}/include/torch/csrc/api/include")
# --no-as-needed: both libraries register kernels in static initialisers and may look unused.
target_link_libraries(acestep_torch_cpu INTERFACE
  "-Wl,--push-state,--no-as-needed" "${ACESTEP_TORCH_LIB_DIR}/libtorch_cpu.so"
  "${ACESTEP_TORCH_LIB_DIR}/libc10.so" "-Wl,--pop-state")

get_filename_component(_site "${ACESTEP_TORCH_DIR}/.." ABSOLUTE)
set(_cuda "${_site}/nvidia/cu13")
if(EXISTS "${_cuda}/include/cuda_runtime_api.h" AND EXISTS "${_cuda}/include/crt/host_config.h"
   AND EXISTS "${ACESTEP_TORCH_LIB_DIR}/libc10_cuda.so")
  add_library(acestep_torch_cuda INTERFACE)
  add_library(acestep::torch_cuda ALIAS acestep_torch_cuda)
  target_compile_options(acestep_torch_cuda INTERFACE "SHELL:-idirafter ${_cuda}/include")
  target_link_libraries(acestep_torch_cuda INTERFACE acestep::torch_cpu
    "${ACESTEP_TORCH_LIB_DIR}/libc10_cuda.so" "${ACESTEP_TORCH_LIB_DIR}/libtorch_cuda.so"
    "${_cuda}/lib/libcudart.so.13")
endif()

# The installed binary finds the wheel where it was at build time; a relocatable bundle may put it in
# <prefix>/lib/acestep/torch/lib.
function(acestep_torch_rpath target)
  set_target_properties(${target} PROPERTIES
    BUILD_RPATH "${ACESTEP_TORCH_LIB_DIR}"
    INSTALL_RPATH "$ORIGIN/../lib/acestep;$ORIGIN/../lib/acestep/torch/lib;${ACESTEP_TORCH_LIB_DIR}")
endfunction()
