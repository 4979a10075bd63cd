#!/usr/bin/env bash
# freeze.sh PYTHON: freezes the app to dist/kiosk, then proves the frozen program by its own morning, offscreen.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1

bash setup/debian.sh freeze
"$python" -m PyInstaller --noconfirm --log-level ERROR --distpath dist --workpath build/freeze kiosk.spec
output="$(mktemp -d)"
trap 'rm -rf "$output"' EXIT
echo "dist/kiosk: $(du -sm dist/kiosk | cut -f1) MB"

status=0
env -i HOME="$output" PATH=/usr/bin:/bin LC_ALL=C.UTF-8 QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software \
    dist/kiosk/kiosk demo --output "$output/morning" </dev/null || status=$?
echo "dist/kiosk/kiosk demo: exit code $status"
exit "$status"
