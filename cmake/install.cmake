# SPDX-License-Identifier: BSD-3-Clause
# What `cmake --install` puts where. Nothing in the installed tree holds an absolute path of the tree itself, so it can
# be moved.
include(CMakePackageConfigHelpers)
set(FGOPT_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/fgopt)

install(TARGETS fgopt EXPORT fgopt_shared)
install(TARGETS fgopt_static EXPORT fgopt_static)
install(TARGETS fgopt_cli)
install(DIRECTORY include/fgopt ${CMAKE_CURRENT_BINARY_DIR}/include/fgopt TYPE INCLUDE FILES_MATCHING PATTERN "*.h")
install(FILES LICENSE TYPE DOC)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright) # where Debian looks

# find_package(fgopt): two export sets, because the static library needs AMD, CAMD, CHOLMOD, LAPACKE, zlib and libzstd on the consumer's
# machine
# and the shared one does not. The Find modules that look for them lie beside the config.
install(EXPORT fgopt_shared NAMESPACE fgopt:: FILE fgopt-shared.cmake DESTINATION ${FGOPT_PACKAGE_DIR})
install(EXPORT fgopt_static NAMESPACE fgopt:: FILE fgopt-static.cmake DESTINATION ${FGOPT_PACKAGE_DIR})
configure_package_config_file(cmake/fgopt-config.cmake.in fgopt-config.cmake INSTALL_DESTINATION ${FGOPT_PACKAGE_DIR})
# Before 1.0 a minor version may break its users.
write_basic_package_version_file(fgopt-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/fgopt-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/fgopt-config-version.cmake
  cmake/FindAMD.cmake cmake/FindCAMD.cmake cmake/FindCHOLMOD.cmake cmake/FindLAPACKE.cmake cmake/FindMETIS.cmake
  cmake/FindZSTD.cmake DESTINATION ${FGOPT_PACKAGE_DIR})

# pkg-config: the prefix is relative to the .pc file.
file(RELATIVE_PATH FGOPT_PC_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" FGOPT_PC_PREFIX ${FGOPT_PC_PREFIX})
get_filename_component(FGOPT_PC_BLAS ${OPENBLAS_LIBRARY} NAME_WE)
string(REGEX REPLACE "^lib" "-l" FGOPT_PC_BLAS ${FGOPT_PC_BLAS})
configure_file(cmake/fgopt.pc.in fgopt.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/fgopt.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# The man page and the completion come out of the program's own table of options.
if(NOT CMAKE_CROSSCOMPILING)
  add_custom_command(OUTPUT fgopt.1 fgopt.bash COMMAND fgopt_cli help --man > fgopt.1
    COMMAND fgopt_cli help --bash-completion > fgopt.bash DEPENDS fgopt_cli VERBATIM)
  add_custom_target(fgopt_pages ALL DEPENDS fgopt.1 fgopt.bash)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/fgopt.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/fgopt.bash
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME fgopt)
endif()
