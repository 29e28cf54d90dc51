#!/bin/sh
set -e
# An upgrade ($1 = upgrade) leaves the old program running until the new one is in place.
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
	systemctl disable --now hoctap.service hoctap.socket >/dev/null
fi
