# Run at build time: writes parotis_build_id.h, and touches it only when the id changed.
execute_process(COMMAND git -C ${SOURCE_DIR} rev-parse --short=10 HEAD OUTPUT_VARIABLE commit
  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
execute_process(COMMAND git -C ${SOURCE_DIR} status --porcelain --untracked-files=no OUTPUT_VARIABLE changes ERROR_QUIET)
set(id ${VERSION})
if(commit)
  string(APPEND id "+g${commit}")
  if(changes)
    string(APPEND id "-dirty")
  endif()
endif()
file(WRITE ${OUTPUT}.new "#pragma once\n#define PAROTIS_VERSION \"${VERSION}\"\n#define PAROTIS_BUILD_ID \"${id}\"\n")
execute_process(COMMAND ${CMAKE_COMMAND} -E copy_if_different ${OUTPUT}.new ${OUTPUT})
file(REMOVE ${OUTPUT}.new)
