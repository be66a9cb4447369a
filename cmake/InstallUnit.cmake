# Run at install time, with unit_source: the node's unit with the program's path. Units below /usr/local are systemd's, too.
file(READ ${unit_source} unit)
string(REPLACE "/usr/bin/parotis" "${CMAKE_INSTALL_PREFIX}/bin/parotis" unit "${unit}")
string(REGEX REPLACE "^(#[^\n]*\n)+" "" unit "${unit}")
set(unit_folder ${CMAKE_INSTALL_PREFIX}/lib/systemd/system)
file(WRITE $ENV{DESTDIR}${unit_folder}/parotis-node.service "${unit}")
message(STATUS "Installing: $ENV{DESTDIR}${unit_folder}/parotis-node.service")
