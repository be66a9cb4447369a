# Third-party libraries. All but LibTorch may come from a folder made by
# `make deps-bundle` (pass -DCMAKE_PREFIX_PATH=<folder>).
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(ZLIB REQUIRED)
find_package(BZip2 REQUIRED)
find_package(PNG REQUIRED)
find_package(Boost REQUIRED)
find_package(Eigen3 CONFIG REQUIRED)
if(NOT TARGET Boost::headers)
  add_library(Boost::headers ALIAS Boost::boost)
endif()

if(PAROTIS_FUZZ)
  set(PAROTIS_NET OFF)
else()
  find_package(CLI11 REQUIRED)
endif()

if(PAROTIS_IMAGING)
  find_package(DCMTK CONFIG REQUIRED)
  set(PAROTIS_DCMTK_TARGETS
    DCMTK::dcmdata DCMTK::dcmimgle DCMTK::dcmimage DCMTK::dcmjpeg DCMTK::dcmjpls DCMTK::dcmseg DCMTK::dcmpmap
    DCMTK::dcmfg DCMTK::dcmiod DCMTK::cmr DCMTK::dcmsr DCMTK::ofstd DCMTK::oflog)
  set(PAROTIS_DCMTK_NETWORK_TARGETS DCMTK::dcmnet DCMTK::dcmtls)
  find_package(OpenJPEG CONFIG REQUIRED)
  add_library(parotis_openjpeg_includes INTERFACE)
  target_include_directories(parotis_openjpeg_includes SYSTEM INTERFACE ${OPENJPEG_INCLUDE_DIRS})
  list(APPEND PAROTIS_DCMTK_TARGETS parotis_openjpeg_includes)
  # libzip's own CMake file wants its command-line tools installed.
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
  list(APPEND PAROTIS_DCMTK_TARGETS PkgConfig::libzip)
  # Versions for --version.
  set(PAROTIS_DCMTK_VERSION ${DCMTK_MAJOR_VERSION}.${DCMTK_MINOR_VERSION}.${DCMTK_BUILD_VERSION})
  set(PAROTIS_OPENJPEG_VERSION ${OPENJPEG_MAJOR_VERSION}.${OPENJPEG_MINOR_VERSION}.${OPENJPEG_BUILD_VERSION})
  find_package(ITK QUIET COMPONENTS ITKCommon)
  # The node: HTTP by Boost.Beast over OpenSSL; jobs and accounts in SQLite or PostgreSQL.
  find_package(OpenSSL REQUIRED)
  if(NOT PAROTIS_FUZZ)
    find_package(SQLiteCpp REQUIRED)
    pkg_check_modules(libpqxx REQUIRED IMPORTED_TARGET libpqxx)
    # Passwords of the node's users.
    pkg_check_modules(libargon2 REQUIRED IMPORTED_TARGET libargon2)
  endif()
endif()

if(PAROTIS_NET)
  find_package(LibTorch REQUIRED)

  file(WRITE ${CMAKE_BINARY_DIR}/torch_pch.cc "// Carries the precompiled header of LibTorch.\n")
  add_library(parotis_torch_pch STATIC ${CMAKE_BINARY_DIR}/torch_pch.cc)
  target_link_libraries(parotis_torch_pch PUBLIC parotis_options parotis_torch fmt::fmt-header-only
    nlohmann_json::nlohmann_json Threads::Threads)
  target_precompile_headers(parotis_torch_pch PRIVATE ${CMAKE_SOURCE_DIR}/src/model/torch.h)
  target_compile_options(parotis_torch_pch PRIVATE -Winvalid-pch -fpch-preprocess)
endif()

# PDF files: libharu, and a TrueType font to embed. Without the library the program says so when it is asked for a PDF.
find_path(HPDF_INCLUDE_DIR hpdf.h)
find_library(HPDF_LIBRARY hpdf)
if(HPDF_INCLUDE_DIR AND HPDF_LIBRARY)
  add_library(parotis_hpdf INTERFACE)
  target_include_directories(parotis_hpdf SYSTEM INTERFACE ${HPDF_INCLUDE_DIR})
  target_link_libraries(parotis_hpdf INTERFACE ${HPDF_LIBRARY})
  set(font_folders /usr/share/fonts/truetype/dejavu /usr/share/fonts/dejavu /usr/share/fonts/TTF)
  find_file(PAROTIS_PDF_FONT DejaVuSans.ttf PATHS ${font_folders} NO_DEFAULT_PATH)
  find_file(PAROTIS_PDF_FONT_BOLD DejaVuSans-Bold.ttf PATHS ${font_folders} NO_DEFAULT_PATH)
  if(NOT PAROTIS_PDF_FONT OR NOT PAROTIS_PDF_FONT_BOLD)
    message(STATUS "DejaVu Sans (Debian: fonts-dejavu-core) was not found: PDFs will use Helvetica")
  endif()
elseif(PAROTIS_IMAGING AND NOT PAROTIS_FUZZ)
  message(FATAL_ERROR "libharu (Debian: libhpdf-dev) was not found; scripts/setup.sh installs it")
else()
  message(STATUS "libharu was not found: this build writes no PDF")
endif()

# Pictures of drawings: Cairo, with the same font.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND AND TARGET parotis_hpdf)
  pkg_check_modules(cairo IMPORTED_TARGET cairo-ft)
endif()
if(NOT TARGET PkgConfig::cairo AND PAROTIS_IMAGING AND NOT PAROTIS_FUZZ)
  message(FATAL_ERROR "Cairo (Debian: libcairo2-dev) was not found; scripts/setup.sh installs it")
endif()
