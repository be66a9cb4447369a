# LibTorch without TorchConfig.cmake: that one wants a CUDA toolkit whenever the library was built with CUDA, although
# nothing here compiles device code. Searched in this order: LibTorch_ROOT / CMAKE_PREFIX_PATH, the project's own Python
# environment (.venv), the python3 on the PATH, the distribution.
# Defines the target parotis_torch and LibTorch_VERSION.
file(GLOB venv_torch ${CMAKE_SOURCE_DIR}/.venv/lib/python3*/site-packages/torch)
if(NOT LibTorch_ROOT AND NOT venv_torch)
  execute_process(COMMAND python3 -c "import torch; print(torch.__path__[0])" OUTPUT_VARIABLE python_torch
    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
find_path(LibTorch_INCLUDE_DIR torch/script.h HINTS ${LibTorch_ROOT} ${venv_torch} ${python_torch} PATH_SUFFIXES include)
find_path(LibTorch_API_INCLUDE_DIR torch/torch.h
  HINTS ${LibTorch_ROOT} ${venv_torch} ${python_torch} ${LibTorch_INCLUDE_DIR}/torch/csrc/api
  PATH_SUFFIXES include/torch/csrc/api/include include torch/csrc/api/include)
foreach(name torch torch_cpu c10)
  find_library(LibTorch_${name}_LIBRARY ${name} HINTS ${LibTorch_ROOT} ${venv_torch} ${python_torch} PATH_SUFFIXES lib)
endforeach()
# The numbers moved between headers: 1.13 keeps them in the first, 2.11 and later in the second.
foreach(header ${LibTorch_API_INCLUDE_DIR}/torch/version.h ${LibTorch_INCLUDE_DIR}/torch/headeronly/version.h)
  if(NOT LibTorch_VERSION AND EXISTS ${header})
    file(STRINGS ${header} version_lines REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) [0-9]+")
    string(REGEX REPLACE "[^0-9]+" "." LibTorch_VERSION "${version_lines}")
    string(REGEX REPLACE "^\\.|\\.$" "" LibTorch_VERSION "${LibTorch_VERSION}")
  endif()
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LibTorch_torch_cpu_LIBRARY LibTorch_torch_LIBRARY LibTorch_c10_LIBRARY LibTorch_INCLUDE_DIR LibTorch_API_INCLUDE_DIR
  VERSION_VAR LibTorch_VERSION
  REASON_FAILURE_MESSAGE "run scripts/setup.sh, or pass -DLibTorch_ROOT=<folder that holds include/ and lib/>")

if(LibTorch_FOUND AND NOT TARGET parotis_torch)
  add_library(parotis_torch INTERFACE)
  # As SYSTEM, so that our warnings do not judge LibTorch's headers.
  target_include_directories(parotis_torch SYSTEM INTERFACE ${LibTorch_INCLUDE_DIR} ${LibTorch_API_INCLUDE_DIR})
  get_filename_component(library_folder ${LibTorch_torch_LIBRARY} DIRECTORY)
  file(GLOB cuda_libraries ${library_folder}/libtorch_cuda.so ${library_folder}/libc10_cuda.so)
  # libtorch registers its devices when loaded: it must stay linked although no symbol of it is named. The C++ library goes
  # first: the 2.11 wheel's libtorch.so exports a std::filesystem of its own, which calls a null pointer.
  target_link_libraries(parotis_torch INTERFACE -Wl,--no-as-needed -lstdc++ ${LibTorch_torch_LIBRARY} ${cuda_libraries} -Wl,--as-needed
    ${LibTorch_torch_cpu_LIBRARY} ${LibTorch_c10_LIBRARY})
  # at::parallel_for runs on threads only where it is compiled with OpenMP; one runtime must serve both, so a wheel's own
  # copy is linked where there is one.
  file(GLOB openmp_library ${library_folder}/libgomp*.so* ${library_folder}/../../torch.libs/libgomp*.so*)
  target_compile_options(parotis_torch INTERFACE -fopenmp)
  if(openmp_library)
    list(GET openmp_library 0 openmp_library)
    target_link_libraries(parotis_torch INTERFACE ${openmp_library})
  else()
    target_link_options(parotis_torch INTERFACE -fopenmp)
  endif()
endif()
