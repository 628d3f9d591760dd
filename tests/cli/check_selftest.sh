#!/bin/bash
# acestep selftest as an installed program runs it: no models, no configuration, one folder for files.
# Usage: check_selftest.sh BINARY SOURCE_DIR AUDIO_FACTS
set -u
. "$(dirname "$0")/checks.sh"
mkdir tmp
export TMPDIR=$work/tmp
run 0 selftest
is_empty err
equal "$(($(grep -c '^ok ' out) >= 30))" 1 "at least 30 checks"
lacks out FAILED
nothing_in tmp
nothing_in cache
nothing_in output
TMPDIR=$work/absent run 1 selftest bytes
has out "no folder can be made in $work/absent (set TMPDIR"
finish
