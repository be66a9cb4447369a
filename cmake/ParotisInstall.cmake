# What `make install` and the Debian package put where. Everything is found relative to the program: the tree may be moved.
# Installing builds nothing: neither the tests nor the benchmarks are wanted for it.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(PAROTIS_PRIVATE_LIBRARY_FOLDER lib/parotis)
set(PAROTIS_DATA_FOLDER share/parotis)
set(PAROTIS_DOCUMENTATION_FOLDER share/doc/parotis)

set_target_properties(parotis PROPERTIES INSTALL_RPATH "")
install(TARGETS parotis RUNTIME DESTINATION bin)

if(PAROTIS_NET)
  set_target_properties(parotis_net PROPERTIES INSTALL_RPATH "$ORIGIN")
  install(TARGETS parotis_net LIBRARY DESTINATION ${PAROTIS_PRIVATE_LIBRARY_FOLDER})
  # A wheel's libraries, and only those that ours needs; the distribution's are left to the distribution. They are
  # installed as they come: MKL within them may be passed on unchanged only.
  install(CODE "set(network_library \"$<TARGET_FILE:parotis_net>\")
    set(library_folder \"${PAROTIS_PRIVATE_LIBRARY_FOLDER}\")")
  install(SCRIPT ${CMAKE_SOURCE_DIR}/cmake/InstallWheelLibraries.cmake)
endif()

install(DIRECTORY models configs DESTINATION ${PAROTIS_DATA_FOLDER})
# The page that the node serves, where it was built.
install(DIRECTORY web/dist/ DESTINATION ${PAROTIS_DATA_FOLDER}/web OPTIONAL)
install(DIRECTORY docs DESTINATION ${PAROTIS_DOCUMENTATION_FOLDER})
install(FILES README.md ARCHITECTURE.md LICENSES.md DESTINATION ${PAROTIS_DOCUMENTATION_FOLDER})
install(FILES packaging/debian/copyright DESTINATION ${PAROTIS_DOCUMENTATION_FOLDER})

# Manual pages and completions are what the program says of itself; the unit names the program where it is installed.
set(reference_folder ${CMAKE_BINARY_DIR}/reference)
set(reference_command $<TARGET_FILE:parotis> reference --man ${reference_folder}/man --completion ${reference_folder}/completion)
add_custom_command(OUTPUT ${reference_folder}/man/parotis.1 ${reference_folder}/completion/parotis.bash
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${reference_folder} COMMAND ${reference_command} DEPENDS parotis)
add_custom_target(parotis_reference ALL DEPENDS ${reference_folder}/man/parotis.1)
install(DIRECTORY ${reference_folder}/man/ DESTINATION share/man/man1)
install(FILES ${reference_folder}/completion/parotis.bash DESTINATION share/bash-completion/completions RENAME parotis)
install(FILES ${reference_folder}/completion/_parotis DESTINATION share/zsh/site-functions)
install(FILES ${reference_folder}/completion/parotis.fish DESTINATION share/fish/vendor_completions.d)
install(CODE "set(unit_source \"${CMAKE_SOURCE_DIR}/packaging/parotis-node.service\")")
install(SCRIPT ${CMAKE_SOURCE_DIR}/cmake/InstallUnit.cmake)

if(PAROTIS_NET)
  # The notices that LibTorch's own parts want to be given with it.
  file(GLOB wheel_licences ${CMAKE_SOURCE_DIR}/.venv/lib/python3*/site-packages/torch-*.dist-info/licenses)
  if(wheel_licences)
    install(DIRECTORY ${wheel_licences}/ DESTINATION ${PAROTIS_DOCUMENTATION_FOLDER}/licenses/libtorch)
  endif()
endif()
install(DIRECTORY packaging/licenses DESTINATION ${PAROTIS_DOCUMENTATION_FOLDER})
install(CODE "execute_process(COMMAND \"${CMAKE_SOURCE_DIR}/scripts/page_packages.py\"
  \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${PAROTIS_DOCUMENTATION_FOLDER}/licenses/page\" COMMAND_ERROR_IS_FATAL ANY)")

# Last, as it reads what is installed. On another system than Debian 12, or with another LibTorch than the wheel's, there are
# libraries whose licences packaging/components.json does not know: the program is installed nevertheless, a package is not made.
install(CODE "execute_process(COMMAND \"${CMAKE_SOURCE_DIR}/scripts/sbom.py\" \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}\"
  \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${PAROTIS_DOCUMENTATION_FOLDER}/parotis.cdx.json\" RESULT_VARIABLE failed)
  if(failed)
    message(WARNING \"installed without a bill of materials\")
  endif()")
