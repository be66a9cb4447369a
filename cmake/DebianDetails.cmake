# Run by CPack on what was installed aside, before it is packed: what only a Debian package has.
execute_process(COMMAND ${CPACK_PAROTIS_SOURCE_DIR}/packaging/debian/finish.sh ${CPACK_TEMPORARY_DIRECTORY}
    ${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE} ${CPACK_PACKAGE_CONTACT} COMMAND_ERROR_IS_FATAL ANY)
