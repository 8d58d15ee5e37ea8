# shellcheck shell=bash
# Builds what the guest boots, each once: the name of a file in the cache has a hash of all that it
# was made from. Sourced by guest. SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2034 # kernel_image, initramfs and jdk_image are for guest

readonly CACHE=${PFAGENT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pfagent}
readonly KERNELS="plain debug wrong-rss"
readonly LINUX_VERSION=6.12
readonly LINUX_SOURCE=/usr/src/linux-source-$LINUX_VERSION.tar.xz
readonly PATCH=$HERE/multi_page_alloc-$LINUX_VERSION.patch
readonly WRONG_RSS_PATCH=$HERE/test/wrong-rss.patch
readonly KERNEL_BUILD_MIB=3500 # source and two builds
readonly JDK_IMAGE_MIB=1200

fail() {
  printf 'guest: %s\n' "$1" >&2
  exit 1
}

# Sets kernel_image, initramfs and, with a JDK, jdk_image.
build_guest() { # KERNEL JDK(yes|no)
  need qemu-system-x86_64 qemu-system-x86
  install_needed
  build_kernels "$1"
  kernel_image=$(kernel_file "$1")
  build_initramfs
  if [[ $2 == yes ]]; then
    build_jdk_image
  fi
}

# ---- Packages

needed=()

need() { # COMMAND-OR-FILE PACKAGE
  [[ -e $1 ]] || command -v "$1" >/dev/null || needed+=("$2")
}

install_needed() {
  ((${#needed[@]} > 0)) || return 0
  if [[ ${PFAGENT_INSTALL:-yes} == no || $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
    fail "missing: ${needed[*]}; install them as with: apt-get install ${needed[*]}"
  fi
  log "installing ${needed[*]}"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
    apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends "${needed[@]}"; } \
    >"$CACHE/install.log" 2>&1 ||
    fail "apt-get could not install ${needed[*]}; its messages are in $CACHE/install.log"
  needed=()
}

# ---- The cache

log() {
  printf 'guest: %s\n' "$1" >&2
}

# Runs a command, and says how long it took.
timed() { # WHAT COMMAND...
  local -r what=$1 start=$SECONDS
  shift
  "$@"
  log "$what took $((SECONDS - start)) s"
}

# A hash of its standard input.
key() {
  sha256sum | cut -c 1-16
}

need_space() { # MIB WHAT
  local -r free=$(($(stat -f -c '%a * %S' "$CACHE") >> 20))
  ((free >= $1)) || fail "$2 takes $1 MiB in $CACHE, which has $free MiB left;\
 make room or name another folder by PFAGENT_CACHE"
}

# One build at a time; the others wait, and find it done. Waits no longer than any build takes.
lock_cache() {
  mkdir -p "$CACHE" 2>/dev/null || fail "cannot make the folder $CACHE; name another by PFAGENT_CACHE"
  exec 9>"$CACHE/lock"
  flock -w 1800 9 || fail "another build has held $CACHE/lock for half an hour"
}

unlock_cache() {
  exec 9>&-
}

# ---- The kernel

kernel_file() { # KERNEL
  echo "$CACHE/linux-$1-$({
    stat -c '%s %n' "$LINUX_SOURCE"
    dpkg-query -W -f '${Version}' "linux-source-$LINUX_VERSION" 2>/dev/null || true
    gcc --version | head -n 1
    declare -f build_kernel
    cat "$PATCH"
    config_fragments "$1" | tr '\n' '\0' | xargs -0 cat
    [[ $1 != wrong-rss ]] || cat "$WRONG_RSS_PATCH"
  } | key)"
}

config_fragments() { # KERNEL
  echo "$HERE/config/guest.config"
  [[ $1 == plain ]] || echo "$HERE/config/debug.config"
}

# The source is unpacked once for all that are missing.
build_kernels() { # KERNEL...
  local variant
  local -a missing
  need "$LINUX_SOURCE" "linux-source-$LINUX_VERSION"
  need gcc gcc
  mkdir -p "$CACHE" 2>/dev/null || fail "cannot make the folder $CACHE; name another by PFAGENT_CACHE"
  install_needed
  mapfile -t missing < <(missing_kernels "$@")
  ((${#missing[@]} > 0)) || return 0
  lock_cache
  # Another build may have made them meanwhile.
  mapfile -t missing < <(missing_kernels "$@")
  if ((${#missing[@]} > 0)); then
    need_kernel_tools
    need_space "$KERNEL_BUILD_MIB" "building a kernel"
    # In a shell of its own, so that its trap removes the build and nothing else.
    (
      build=$(mktemp -d "$CACHE/build.XXXXXX")
      trap 'rm -rf "$build"' EXIT
      timed "unpacking the source" unpack_kernel "$build/linux"
      for variant in "${missing[@]}"; do
        timed "the $variant kernel" build_kernel "$build" "$variant"
      done
    )
  fi
  unlock_cache
}

missing_kernels() { # KERNEL...
  local variant
  for variant in "$@"; do
    [[ -f $(kernel_file "$variant") ]] || echo "$variant"
  done
}

need_kernel_tools() {
  local tool
  for tool in make patch flex bison bc lz4 perl; do
    need "$tool" "$tool"
  done
  need xz xz-utils
  need /usr/include/gelf.h libelf-dev
  install_needed
}

# Two thirds of the source are for other machines. Kconfig and make files are needed all the same.
readonly UNUSED_SOURCE=('*/Documentation/*.rst' '*/Documentation/*.txt' '*/Documentation/*.yaml'
  '*/arch/[!x]*/*.[chS]' '*.dts' '*.dtsi' '*/drivers/gpu/*.[ch]' '*/drivers/infiniband/*.[ch]'
  '*/drivers/media/*.[ch]' '*/drivers/net/ethernet/*.[ch]' '*/drivers/net/wireless/*.[ch]'
  '*/drivers/scsi/*.[ch]' '*/drivers/staging/*.[ch]' '*/sound/*.[ch]' '*/tools/perf/*' '*/tools/testing/*')

unpack_kernel() { # FOLDER
  log "unpacking $LINUX_SOURCE"
  mkdir "$1"
  tar -xf "$LINUX_SOURCE" -C "$1" --strip-components=1 "${UNUSED_SOURCE[@]/#/--exclude=}" ||
    fail "cannot unpack $LINUX_SOURCE"
  patch -s -p1 -d "$1" <"$PATCH" ||
    fail "$PATCH does not fit $LINUX_SOURCE; the Debian package may have become too new for it"
}

# Has the kernel's own checkpatch.pl say whether the patch is in its style.
check_style() {
  need "$LINUX_SOURCE" "linux-source-$LINUX_VERSION"
  need xz xz-utils
  perl -MTerm::ANSIColor -e 1 2>/dev/null || needed+=(perl)
  install_needed
  (
    scripts=$(mktemp -d)
    trap 'rm -rf "$scripts"' EXIT
    tar -xf "$LINUX_SOURCE" -C "$scripts" --strip-components=2 --wildcards '*/scripts/checkpatch.pl' \
      '*/scripts/spelling.txt' '*/scripts/const_structs.checkpatch' || fail "cannot unpack $LINUX_SOURCE"
    perl "$scripts/checkpatch.pl" --no-tree --strict --no-signoff "$PATCH" ||
      fail "checkpatch.pl complains about $PATCH: see above"
  )
}

build_kernel() { # BUILD-FOLDER KERNEL
  local -r build=$1 result=$(kernel_file "$2") log=$CACHE/linux-$2.log
  # The wrong kernel differs from debug by one file: it is built where that one was.
  local -r objects=$build/${2/wrong-rss/debug}
  local -a fragments
  mapfile -t fragments < <(config_fragments "$2")
  log "building the $2 kernel; messages are in $log"
  {
    { [[ $2 != wrong-rss ]] || patch -s -p1 -d "$build/linux" <"$WRONG_RSS_PATCH"; } &&
      make -s -C "$build/linux" O="$objects" tinyconfig &&
      "$build/linux/scripts/kconfig/merge_config.sh" -m -O "$objects" "$objects/.config" \
        "${fragments[@]}" &&
      make -s -C "$objects" olddefconfig &&
      check_config "$objects/.config" "${fragments[@]}" &&
      nice -n 10 make -s -C "$objects" -j"$(nproc)" bzImage
  } >"$log" 2>&1 || fail "building the $2 kernel failed: $(grep -m 1 -i error "$log" || tail -n 1 "$log"); see $log"
  cp "$objects/arch/x86/boot/bzImage" "$result.new" && mv "$result.new" "$result"
}

# Kconfig drops silently what depends on something that's off.
check_config() { # CONFIG FRAGMENT...
  local -r config=$1
  local option
  shift
  while read -r option; do
    grep -qxF "$option" "$config" || {
      echo "error: $option was asked for, but Kconfig left it out"
      return 1
    }
  done < <(grep -h '^CONFIG_' "$@")
}

# ---- The file systems

build_initramfs() {
  need /usr/share/doc/busybox-static busybox-static
  need busybox busybox-static
  need cpio cpio
  install_needed
  local -r busybox=$(command -v busybox)
  initramfs=$CACHE/initramfs-$({ cat "$busybox" "$HERE/image/init"; declare -f build_initramfs; } | key)
  [[ ! -f $initramfs ]] || return 0
  lock_cache
  (
    root=$(mktemp -d "$CACHE/initramfs.XXXXXX") &&
      trap 'rm -rf "$root"' EXIT &&
      mkdir "$root/bin" &&
      cp "$busybox" "$root/bin/busybox" &&
      install -m 755 "$HERE/image/init" "$root/init" &&
      cd "$root" &&
      find . | cpio -o -H newc -R 0:0 --quiet >"$initramfs.new" &&
      mv "$initramfs.new" "$initramfs"
  ) || fail "cannot write $initramfs; is its disk full?"
  unlock_cache
}

# The JDK of JAVA_HOME or of the PATH, and the libraries that it is linked with.
build_jdk_image() {
  local home=${JAVA_HOME:-}
  if [[ -z $home ]]; then
    home=$(readlink -f "$(command -v javac)") || fail "no JDK found; set JAVA_HOME"
    home=${home%/bin/javac}
  fi
  [[ -x $home/bin/java && -f $home/lib/server/libjvm.so ]] || fail "JAVA_HOME=$home is no JDK"
  need mkfs.ext2 e2fsprogs
  install_needed
  jdk_image=$CACHE/jdk-$({ stat -L -c '%n %s %Y' "$home"/lib/server/libjvm.so "$home"/lib/modules
    jdk_libraries "$home" | tr '\n' '\0' | xargs -0 stat -L -c '%n %s %Y'
    declare -f write_jdk_image; } | key).ext2
  [[ ! -f $jdk_image ]] || return 0
  lock_cache
  need_space "$JDK_IMAGE_MIB" "the image of the JDK"
  log "making an image of $home"
  (write_jdk_image "$home") 2>"$CACHE/jdk.log" ||
    fail "cannot make an image of $home: $(tail -n 1 "$CACHE/jdk.log")"
  unlock_cache
}

jdk_libraries() { # HOME
  find "$1/bin" "$1/lib" -type f \( -name '*.so' -o -name java \) -exec ldd {} + 2>/dev/null |
    awk -v home="$1/" '$2 == "=>" && index($3, home) != 1 && $3 ~ /^\// { print $3 }
                       $1 ~ /^\/lib/ { print $1 }' | sort -u
}

write_jdk_image() { # HOME
  local library root
  root=$(mktemp -d "$CACHE/jdk.XXXXXX")
  # shellcheck disable=SC2064 # the value of now
  trap "rm -rf '$root'" EXIT
  mkdir "$root/jdk" || return
  # Distributions link out of the JDK's folder; dangling links stay behind.
  cp -RL "$1/bin" "$1/conf" "$1/lib" "$1/release" "$root/jdk/" 2>/dev/null || true
  rm -f "$root/jdk/lib/src.zip"
  [[ -f $root/jdk/lib/server/libjvm.so ]] || return
  while read -r library; do
    mkdir -p "$root${library%/*}" && cp -L "$library" "$root$library" || return
  done < <(jdk_libraries "$1")
  mkfs.ext2 -q -m 0 -d "$root" "$jdk_image.new" "$(($(du -sm "$root" | cut -f 1) * 11 / 10 + 16))M" >/dev/null &&
    mv "$jdk_image.new" "$jdk_image"
}
