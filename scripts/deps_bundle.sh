#!/usr/bin/env bash
# Gathers the headers and libraries that the build needs besides a compiler, CMake and LibTorch, for machines where
# nothing can be installed (GPU nodes). There, unpack it and configure with
#   cmake -C deps-bundle/use.cmake -S . -B build/gpu -DPAROTIS_IMAGING=OFF
# The libraries are for the same processor family and a C library at least as new as this machine's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

out=build/deps-bundle
arch=$(gcc -print-multiarch)
rm -rf $out
mkdir -p $out/include/boost $out/lib/"$arch"/cmake $out/share/cmake

for headers in fmt nlohmann CLI gtest gmock rapidcheck libpng16; do cp -rL /usr/include/$headers $out/include/; done
cp -L /usr/include/{rapidcheck.h,bzlib.h,zlib.h,zconf.h,png.h,pngconf.h,pnglibconf.h} $out/include/

mkdir -p $out/include/eigen3/unsupported $out/share/eigen3
cp -rL /usr/include/eigen3/Eigen $out/include/eigen3/
cp -rL /usr/include/eigen3/unsupported/Eigen $out/include/eigen3/unsupported/
cp -rL /usr/share/eigen3/cmake $out/share/eigen3/

# Of Boost only what is included here; the compiler knows which headers that is.
grep -rhoE '#include <boost/[^>]+>' src tests | sort -u | g++ -std=c++20 -xc++ -M - |
  grep -oE '/usr/include/boost/[^ ]+' | sort -u | while read -r header; do
  mkdir -p "$out/include/$(dirname "${header#/usr/include/}")"
  cp -L "$header" "$out/include/${header#/usr/include/}"
done
cp -L /usr/include/boost/version.hpp $out/include/boost/

for archive in gtest gtest_main gmock gmock_main rapidcheck; do
  cp -L "/usr/lib/$arch/lib$archive.a" $out/lib/"$arch"/
done
# Shared: the distribution's archives of these cannot go into libparotis_net.so. Of fmt only the headers are used, but its
# CMake files want to see the library.
for library in z bz2 png16 fmt; do
  real=$(readlink -f "/usr/lib/$arch/lib$library.so")
  soname=$(objdump -p "$real" | sed -n 's/^ *SONAME *//p')
  cp "$real" $out/lib/"$arch"/
  ln -sf "$(basename "$real")" "$out/lib/$arch/$soname"
  ln -sf "$soname" "$out/lib/$arch/lib$library.so"
done
for package in fmt GTest rapidcheck; do cp -rL "/usr/lib/$arch/cmake/$package" $out/lib/"$arch"/cmake/; done
cp -rL /usr/lib/"$arch"/cmake/{Boost,boost_headers}-* $out/lib/"$arch"/cmake/
for package in CLI11 nlohmann_json; do cp -rL /usr/share/cmake/$package $out/share/cmake/; done

cat >$out/use.cmake <<USE
# cmake -C deps-bundle/use.cmake …: finds everything of this bundle before anything of the machine.
set(CMAKE_PREFIX_PATH \${CMAKE_CURRENT_LIST_DIR} CACHE STRING "the bundle")
set(CMAKE_LIBRARY_ARCHITECTURE $arch CACHE STRING "where the bundle's libraries lie")
set(ZLIB_ROOT \${CMAKE_CURRENT_LIST_DIR} CACHE PATH "")
set(ZLIB_LIBRARY \${CMAKE_CURRENT_LIST_DIR}/lib/$arch/libz.so CACHE FILEPATH "")
set(BZIP2_LIBRARIES \${CMAKE_CURRENT_LIST_DIR}/lib/$arch/libbz2.so CACHE FILEPATH "")
set(BZIP2_LIBRARY_RELEASE \${CMAKE_CURRENT_LIST_DIR}/lib/$arch/libbz2.so CACHE FILEPATH "")
set(PNG_LIBRARY \${CMAKE_CURRENT_LIST_DIR}/lib/$arch/libpng16.so CACHE FILEPATH "")
USE

tar -C build -czf build/deps-bundle.tar.gz deps-bundle
echo "build/deps-bundle.tar.gz ($(du -h build/deps-bundle.tar.gz | cut -f1))"
