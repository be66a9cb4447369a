# Run at install time, with network_library and library_folder: copies what the loader takes for our library out of a
# Python wheel, unchanged and under the names by which it is asked for. OpenMP's runtime is left to the distribution
# where it goes by the name that every distribution has: it is GPL, and security updates reach it there.
file(GET_RUNTIME_DEPENDENCIES LIBRARIES ${network_library}
  RESOLVED_DEPENDENCIES_VAR needed UNRESOLVED_DEPENDENCIES_VAR missing
  POST_INCLUDE_REGEXES "/site-packages/" POST_EXCLUDE_REGEXES ".")
list(FILTER needed EXCLUDE REGEX "/libgomp\\.so\\.1$")
if(missing)
  message(FATAL_ERROR "${network_library} needs ${missing}, which the loader does not find; run scripts/setup.sh")
endif()
foreach(library ${needed})
  file(INSTALL ${library} DESTINATION ${CMAKE_INSTALL_PREFIX}/${library_folder} TYPE SHARED_LIBRARY FOLLOW_SYMLINK_CHAIN)
endforeach()
