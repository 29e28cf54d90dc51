#!/bin/sh
set -e
if command -v systemd-sysusers >/dev/null; then
	systemd-sysusers hoctap.conf
elif ! getent passwd hoctap >/dev/null; then
	adduser --system --group --no-create-home --home /var/lib/hoctap hoctap
fi
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
	systemctl enable hoctap.socket hoctap.service >/dev/null
	systemctl start hoctap.socket
	systemctl restart hoctap.service # after an upgrade the new program takes over; the socket stays
fi
