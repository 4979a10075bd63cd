#!/usr/bin/env bash
# environment.sh FOLDER [QT_VERSION]: makes a virtual environment of exactly what constraints.txt pins, and of this
# checkout. With QT_VERSION, that version of PySide6 takes the place of the pinned one.
set -euo pipefail
cd "$(dirname "$0")/.."
folder="$PWD/$1"
qt_version="${2:-}"
wanted=3.11

bash setup/debian.sh

python=
for candidate in ${PYTHON:-python3.11 python3}; do
    if [ "$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$wanted" ]; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Python $wanted is needed. Found here: ${PYTHON:-python3} is $("${PYTHON:-python3}" --version 2>&1 || true)."
    echo "Install it (on Debian 12: apt-get install python3 python3-venv), or name it: make setup PYTHON=/path/to/python$wanted"
    exit 1
fi

# One that was moved, or broken half-way, is made anew: its scripts name the folder that they were made for.
if ! grep -qsx "command = .* $folder" "$folder/pyvenv.cfg" ||
    [ "$("$folder/bin/python" -c 'import pip, sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" != "$wanted" ]; then
    echo "Creating $1 with $("$python" --version)"
    "$python" -m venv --clear "$folder"
fi

pip() { "$folder/bin/python" -m pip --disable-pip-version-check --no-input "$@" </dev/null; }

pins="$folder/pins.txt"
if [ -n "$qt_version" ]; then
    sed -E "s/^(PySide6_Addons|PySide6_Essentials|shiboken6)==.*/\1==$qt_version/" constraints.txt >"$pins"
else
    cp constraints.txt "$pins"
fi
echo "Installing the pinned packages"
if ! pip install --quiet --no-deps -r "$pins"; then
    if [ "$(uname -m)" = aarch64 ]; then
        echo "On arm64 this version of Qt asks for glibc 2.39 or newer; here is $(getconf GNU_LIBC_VERSION)."
    fi
    exit 1
fi
pip install --quiet --no-deps --no-build-isolation --editable .
pip check >/dev/null || { pip check; exit 1; }

if ! QT_QPA_PLATFORM=offscreen "$folder/bin/python" -c 'import PySide6.QtQuick'; then
    echo "Qt cannot be loaded: the line above names the library that this system lacks."
    exit 1
fi
