#!/usr/bin/env bash
# debian.sh [freeze]: sees to the Debian packages: installs what is missing when root, else prints the one line that
# does. Elsewhere than on Debian and its kin it only says what Qt needs. `freeze` asks for PyInstaller's needs too.
set -euo pipefail

# To run at all, drawn in memory.
needed=(libegl1 libgl1 libglib2.0-0 libxkbcommon0 libdbus-1-3 libfontconfig1 fonts-noto-cjk)
# To open a window on X11 or Wayland.
for_a_display=(libx11-xcb1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0
    libxcb-render-util0 libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libwayland-cursor0 libwayland-egl1)

# For the tests: the power cut is replayed from system calls, and simulated beneath SQLite's own library; codes on the
# screen are read by zbar; the clerk page is used in a browser.
for_tests=(strace libsqlite3-0 libzbar0 chromium)

# For prompts, where sound is on.
for_sound=(libpulse0)

if ! command -v dpkg-query >/dev/null; then
    echo "This is not Debian. Should Qt not start, install what your system calls: ${needed[*]} ${for_a_display[*]}"
    exit 0
fi

missing() {
    local package
    for package in "$@"; do
        # Debian 13 and Ubuntu 24.04 name some libraries with a t64 at the end.
        case $(dpkg-query --show --showformat '<${db:Status-Status}>' "$package" "${package}t64" 2>/dev/null) in
            *"<installed>"*) ;;
            *) printf '%s ' "$package" ;;
        esac
    done
}

if ! command -v python3 >/dev/null; then
    needed+=(python3 python3-venv)
elif ! "${PYTHON:-python3}" -c 'import ensurepip' 2>/dev/null && ! python3.11 -c 'import ensurepip' 2>/dev/null; then
    needed+=(python3-venv)
fi

if [ "${1:-}" = freeze ]; then
    command -v objcopy >/dev/null || needed+=(binutils)
    # Debian's python3 is linked without the shared library that a frozen program starts.
    [ "$(.venv/bin/python -c 'import sys; print(sys.base_prefix)')" != /usr ] || needed+=(libpython3.11)
fi

lacking="$(missing "${needed[@]}" "${for_a_display[@]}" "${for_sound[@]}" "${for_tests[@]}")"
if [ -z "$lacking" ]; then
    exit 0
fi
line="apt-get update && apt-get install -y --no-install-recommends ${lacking% }"
if command -v sudo >/dev/null; then
    line="sudo sh -c '$line'"
else
    line="su -c '$line'"
fi

if [ "$(id -u)" -eq 0 ]; then
    echo "Installing Debian packages: $lacking"
    export DEBIAN_FRONTEND=noninteractive
    if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends $lacking >/dev/null; } </dev/null; then
        echo "apt-get could not install all of them."
    fi
fi

if [ -z "$(missing "${needed[@]}" "${for_a_display[@]}")" ]; then
    [ -z "$(missing "${for_sound[@]}" "${for_tests[@]}")" ] || { echo "For sound and all of the tests, run this line:"; echo "$line"; }
    exit 0
fi
if [ -z "$(missing "${needed[@]}")" ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    echo "To open a window on a display later, run this line:"
    echo "$line"
    exit 0
fi
echo "Debian packages are missing. Run this line, then the same make command again:"
echo "$line"
exit 1
