#!/bin/sh
# Checks what editors make of the schema of scenario files: run.sh [SCHEMA]. Without a file the schema is what bin/pantomime
# prints. Needs Node and npm.
set -eu
schema=${1:-}
case $schema in
'') ;;
/*) ;;
*) schema=$PWD/$schema ;;
esac
cd "$(dirname "$0")"
if [ -z "$schema" ]; then
	schema=$(mktemp)
	trap 'rm -f "$schema"' EXIT
	../../bin/pantomime schema >"$schema"
fi
npm ci --no-audit --no-fund --loglevel=error
SCHEMA=$schema node --test ./*.test.js
