# Sourced by demo and test: what a bare Debian or Ubuntu machine with Python 3.11 lacks, and nothing else.
# Sets PYTHON and SIMGEN to the commands in .venv. Safe to repeat: a prepared machine takes under a second.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
ROOT=$PWD

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 2; }

# library that must load -> Debian package that has it (Open3D links against these)
LIBRARIES="libusb-1.0.so.0:libusb-1.0-0 libGL.so.1:libgl1 libEGL.so.1:libegl1 libX11.so.6:libx11-6 libudev.so.1:libudev1 libidn2.so.0:libidn2-0 libgomp.so.1:libgomp1"

apt_install() {
  command -v apt-get >/dev/null || die "install these packages, then run this again: $*"
  local sudo=""
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null || die "run as root, or first: sudo apt-get install -y $*"
    sudo="sudo -n"
  fi
  say "installing $*"
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

missing_packages() {
  local known pair
  known=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
  for pair in $LIBRARIES; do
    case "$known" in *"${pair%%:*}"*) ;; *) echo "${pair##*:}" ;; esac
  done
}

find_python() {
  local candidate
  for candidate in python3.11 python3; do
    if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  die "Python 3.11 is needed (PyBullet has no wheels for newer ones); none was found on the PATH"
}

packages=$(missing_packages)
[ -z "$packages" ] || apt_install $packages

PYTHON=$ROOT/.venv/bin/python
SIMGEN=$ROOT/.venv/bin/simgen
if [ ! -x "$PYTHON" ]; then
  base=$(find_python)
  "$base" -c 'import ensurepip' 2>/dev/null || apt_install python3.11-venv
  say "creating .venv"
  "$base" -m venv .venv
fi

# the lock file and the project's own metadata decide what is installed
stamp=$(cat requirements.lock pyproject.toml | sha256sum | cut -d' ' -f1)
if [ "$(cat .venv/.stamp 2>/dev/null || true)" != "$stamp" ] || [ ! -x "$SIMGEN" ]; then
  say "installing Python packages (a few minutes the first time)"
  "$PYTHON" -m pip install --quiet --disable-pip-version-check -r requirements.lock
  "$PYTHON" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
  echo "$stamp" > .venv/.stamp
fi
