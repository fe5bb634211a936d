# shellcheck shell=bash disable=SC2034,SC2154
# Shared by the scripts: where we are, how we speak, which programs and packages we need.
# Sourced, never run. The caller has set -euo pipefail.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root" || exit

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }
note() { printf '    %s\n' "$*"; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# A package is named plainly where only dpkg can tell, and as command=package where any copy of the command will do.
build_packages=(build-essential pkg-config clang libclang-dev libavcodec-dev libavformat-dev libavutil-dev
  libavfilter-dev libswscale-dev libswresample-dev ca-certificates ffmpeg=ffmpeg curl=curl)
test_packages=(git=git postgresql chromium=chromium fonts-noto-core python3=python3 python3-venv node=nodejs npm=npm
  strace=strace nginx=nginx-light)
bench_packages=(wrk=wrk)

missing_packages() {
  local entry
  for entry in "$@"; do
    case $entry in
      *=*) command -v "${entry%%=*}" >/dev/null 2>&1 || echo "${entry#*=}" ;;
      *) dpkg-query -W -f='${Status}' "$entry" 2>/dev/null | grep -q 'ok installed' || echo "$entry" ;;
    esac
  done
}

need_packages() {
  local missing as_root=()
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null || die "these Debian packages are needed, and apt-get is not here: "$missing
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "run this as root or install sudo; these packages are needed: "$missing
    as_root=(sudo)
  fi
  say "Installing the system packages that are missing: "$missing
  "${as_root[@]}" apt-get update -q
  # shellcheck disable=SC2086
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
}

need_rust() {
  local wanted=1.95 found
  command -v cargo >/dev/null || PATH="$HOME/.cargo/bin:$PATH"
  command -v cargo >/dev/null || die "Rust $wanted or newer is needed and cargo is not on the PATH. \
Install it with rustup (https://rustup.rs), then run this again."
  found=$(rustc --version | cut -d' ' -f2)
  [ "$(printf '%s\n' "$wanted" "$found" | sort -V | head -n 1)" = "$wanted" ] ||
    die "Rust $wanted or newer is needed and this is $found (Debian's own is too old). \
With rustup: rustup update stable. Without it: https://rustup.rs"
}

# Prints a TCP port of the loopback address that nobody listens on.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 10000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

# Runs "$@" until it succeeds, ten times a second, for at most $1 seconds.
wait_until() {
  local left=$(($1 * 10))
  shift
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || return 1
    sleep 0.1
  done
}
