# The Debian package (`make deb`), made by CPack from what is installed. The same commit gives the same bytes when
# SOURCE_DATE_EPOCH is set, as the Makefile does.
set(PAROTIS_MAINTAINER "The parotis authors <maintainers@parotis.example>" CACHE STRING "Who answers for the package")
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME parotis)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT ${PAROTIS_MAINTAINER})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "parotid tumours on MRI: from DICOM to a diagnosis, and its laboratory")
set(CPACK_PACKAGE_DESCRIPTION "Finds, outlines and classifies parotid-gland tumours on multi-parametric
MRI: from a DICOM study to a segmentation, a patient-level diagnosis and a
page to read; a node in the hospital's network; and the laboratory in which
the model behind it is trained, compared and validated. No Python at run time.
.
Research software: not a medical device, not for diagnosis or treatment. The
model that comes with it was trained on synthetic patients only.")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/package)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION non-free/science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
# adduser: the maintainer scripts; the font: PDF reports and key images.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, fonts-dejavu-core, init-system-helpers (>= 1.51)")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates, openssl")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "bash-completion, orthanc, postgresql")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(control ${CMAKE_SOURCE_DIR}/packaging/debian)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${control}/postinst ${control}/prerm ${control}/postrm ${control}/conffiles)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
# With one thread the compressor cuts the data differently than with several.
set(CPACK_THREADS 2)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/cmake/DebianDetails.cmake)
set(CPACK_PAROTIS_SOURCE_DIR ${CMAKE_SOURCE_DIR})
set(CPACK_VERBATIM_VARIABLES ON)
include(CPack)
