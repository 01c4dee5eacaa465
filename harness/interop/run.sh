#!/bin/sh
# Walks both networks with client libraries that are not ours: needs bin/pantomime, Node and npm.
set -eu
cd "$(dirname "$0")"
npm ci --no-audit --no-fund --loglevel=error
node --test --test-concurrency=1 ./*.test.js
