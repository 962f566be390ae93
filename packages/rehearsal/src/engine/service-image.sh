#!/usr/bin/env bash
# Makes the context of a service's image out of Debian's packages. Arguments: the name of the service, the directory.
set -euo pipefail
name="$1"
out="$2"
files="$out/files"
mkdir -p "$files" "$out/packages"

# a new machine has no lists of packages, and old lists name files that are gone
apt-cache show redis-server haproxy > /dev/null 2>&1 || apt-get update -qq

case "$name" in
  redis) packages=(redis-server redis-tools) ;;
  haproxy) packages=(haproxy) ;;
  # the server's version is Debian's
  postgres) mapfile -t packages < <(apt-cache depends postgresql | sed -n 's/.*Depends: \(postgresql-[0-9]*\)$/\1/p'); packages+=("${packages[0]/postgresql-/postgresql-client-}" tzdata) ;;
esac

# also what they depend on, where this machine does not have it
mapfile -t needed < <(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances "${packages[@]}" | grep '^[a-z]' | sort -u)
mapfile -t absent < <(for package in "${needed[@]}"; do
  dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2> /dev/null | grep -q '^ii' || echo "$package"
done | grep '^lib' || true)
cd "$out/packages"
apt-get download -qq "${packages[@]}" "${absent[@]}" 2> /dev/null || { apt-get update -qq && apt-get download -qq "${packages[@]}" "${absent[@]}" 2> /dev/null; }
cd /
for package in "$out"/packages/*.deb; do dpkg -x "$package" "$files"; done
# the compiler of queries is several times as large as the rest
rm -rf "$files"/usr/lib/postgresql/*/lib/{bitcode,llvmjit*}

# the shared libraries of the programs, also those of this machine
libraries="$files/usr/lib/$(uname -m)-linux-gnu"
find "$files" -type f \( -path '*bin/*' -o -name '*.so*' \) | { LD_LIBRARY_PATH="$libraries" xargs ldd 2> /dev/null || true; } \
  | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | sort -u | { grep -vE '/(libc|libm|libpthread|libdl)\.so' || true; } | while read -r library; do
  case "$library" in
    "$files"/*) ;;
    *) mkdir -p "$libraries" && cp -L "$library" "$libraries/" ;;
  esac
done
# the base has links in these places
for directory in bin sbin lib; do
  if [ -d "$files/$directory" ]; then mkdir -p "$files/usr" && cp -a "$files/$directory" "$files/usr/" && rm -rf "${files:?}/$directory"; fi
done
rm -rf "$out/packages" "$files"/usr/share/{doc,man,locale,lintian} "$files"/etc "$files"/var
