#!/usr/bin/env bash
# Makes the one layer of a Python image out of this machine's own files, as `python:<version>-slim` would have them:
# no registry has to be asked. Arguments: the interpreter, and the directory for layer.tar.gz, its digest and its diff-id.
set -euo pipefail
python="$1"
out="$2"
mkdir -p "$out"
stage="$out/stage"
list="$out/files"

essentials=(base-files base-passwd bash coreutils dash debianutils findutils grep gzip hostname libc-bin mawk passwd sed tar)
read -r prefix minor < <("$python" -c 'import sys; print(sys.base_prefix, "%d.%d" % sys.version_info[:2])')

# Debian's lists name /bin and /lib, which are links to the same in /usr
files_of() {
  { dpkg -L "$@" 2> /dev/null || true; } | { grep -vE '^/usr/share/(doc|man|info|locale|lintian|bug|bash-completion)' || true; } \
    | sed -E 's#^/(bin|sbin|lib|lib64)(/|$)#/usr/\1\2#'
}

packages_of_python() {
  dpkg-query -W -f '${Package}\n' "python$minor*" "libpython$minor-*" python3 python3-minimal python3-venv \
    'python*-whl' python3-distutils python3-lib2to3 media-types 2> /dev/null | grep -vE -- '-(doc|dev|dbg|examples|full)$' || true
}

{
  files_of "${essentials[@]}"
  printf '%s\n' /etc/passwd /etc/group /etc/shadow /etc/gshadow /etc/nsswitch.conf /etc/login.defs /etc/ssl/certs/ca-certificates.crt
  printf '%s\n' /etc/pam.d/common-{auth,account,password,session} /etc/alternatives/awk /usr/bin/awk
  [ "$prefix" != /usr ] || files_of $(packages_of_python)
} | sort -u | while read -r file; do
  if [ -L "$file" ] || [ -f "$file" ]; then echo "${file#/}"; fi
done | grep -vE 'EXTERNALLY-MANAGED$|/__pycache__/' > "$list"

# the shared libraries that these need, each under the name that it is asked for by; ldd fails on a script
libraries_of() {
  { xargs -d '\n' ldd 2> /dev/null || true; } | awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\// && $2 ~ /^\(/ { print $1 }' | sort -u
}
{
  sed 's#^#/#' "$list" | { grep -E '/s?bin/|\.so($|\.)' || true; }
  [ "$prefix" = /usr ] || find "$prefix/bin/python$minor" "$prefix/lib/python$minor/lib-dynload" -type f
} | libraries_of | while read -r library; do
  case "$prefix:$library" in
    /usr:*) ;;
    *:"$prefix"/*) continue ;;
  esac
  printf '%s\n' "$library" "$(realpath "$library")"
done | sed -E 's#^/(lib|lib64)/#usr/\1/#; s#^/##' >> "$list"
sort -u -o "$list" "$list"

rm -rf "$stage"
mkdir -p "$stage"/{dev,proc,sys,root,run,home,tmp,var/tmp,usr/bin,usr/sbin,usr/lib,usr/lib64,usr/local/bin,usr/local/lib}
chmod 1777 "$stage/tmp" "$stage/var/tmp"
for name in bin sbin lib lib64; do ln -s "usr/$name" "$stage/$name"; done
tar -cf - -C / -T "$list" | tar -xf - -C "$stage"

# pip comes as the interpreter's own wheel: what somebody installed beside it on this machine stays out
site="$stage/usr/local/lib/python$minor/site-packages"
if [ "$prefix" != /usr ]; then
  tar -cf - -C "$prefix" --exclude=test --exclude=tests --exclude=__pycache__ --exclude='*.a' --exclude=idlelib --exclude=lib2to3 \
    --exclude=site-packages "bin/python$minor" "lib/python$minor" $(cd "$prefix" && ls -d lib/libpython3.so lib/libpython"$minor".so* 2> /dev/null || true) \
    | tar -xf - -C "$stage/usr/local"
  strip --strip-unneeded "$stage"/usr/local/lib/libpython*.so.* 2> /dev/null || true
  ln -s "python$minor" "$stage/usr/local/bin/python3"
  ln -s python3 "$stage/usr/local/bin/python"
else
  site="$stage/usr/local/lib/python$minor/dist-packages"
  ln -s "/usr/bin/python$minor" "$stage/usr/local/bin/python"
fi
mkdir -p "$site"
wheel="$("$python" - <<'END'
import ensurepip, glob, os
folders = [getattr(ensurepip, "_WHEEL_PKG_DIR", None), os.path.join(os.path.dirname(ensurepip.__file__), "_bundled")]
print(sorted(path for folder in folders if folder for path in glob.glob(os.path.join(folder, "pip-*.whl")))[-1])
END
)"
"$python" -m zipfile -e "$wheel" "$site"
for name in pip pip3; do
  printf '#!/bin/sh\nexec python3 -m pip "$@"\n' > "$stage/usr/local/bin/$name"
  chmod 755 "$stage/usr/local/bin/$name"
done
# the accounts of the machine's people are none of an image
for file in passwd group shadow gshadow; do
  sed -i -E '/^[^:]*:[^:]*:[0-9]{4,}:/{/^nobody|^nogroup/!d}' "$stage/etc/$file"
done
sed -i -E 's/^([^:]*):[^:]*:/\1:*:/' "$stage/etc/shadow"
ldconfig -r "$stage"

tar -cf - --sort=name --numeric-owner --owner=0 --group=0 -C "$stage" . \
  | tee >(sha256sum | cut -d ' ' -f 1 > "$out/diff-id") | gzip -1 | tee "$out/layer.tar.gz" | sha256sum | cut -d ' ' -f 1 > "$out/digest"
rm -rf "$stage" "$list"
