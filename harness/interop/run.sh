#!/bin/sh
# Walks both networks with client libraries that are not ours: needs bin/pantomime, Go, Node and npm.
# With CI=true the libraries for Node run on a second version too, which npm fetches.
set -eu
cd "$(dirname "$0")"
second=24.21.0
PANTOMIME="${PANTOMIME:-$PWD/../../bin/pantomime}"
export PANTOMIME
(cd go && go test -count=1 ./...)
npm ci --no-audit --no-fund --loglevel=error
node --test --test-concurrency=1 ./*.test.js
if [ "${CI:-}" = true ]; then
	echo "on Node $second"
	npx --yes "--package=node@$second" -- node --test --test-concurrency=1 ./*.test.js
fi
