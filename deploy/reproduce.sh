#!/usr/bin/env bash
# Builds the checkout twice, each time from a fresh copy in another directory, and compares every jar of Paseo byte by
# byte. Ends with 0 where they are the same, with 1 and their names where they are not.
#
#   deploy/reproduce.sh [MAVEN OPTIONS]
set -euo pipefail

checkout=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

sums() {
  (cd "$1" && find . -path '*/target/*.jar' -not -path '*/target/lib/*' -not -path '*/target/image/*' -print0 |
    sort -z | xargs -0 sha256sum)
}

for copy in first second-of-another-length; do
  mkdir "$work/$copy"
  (cd "$checkout" && git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$work/$copy")
  (cd "$work/$copy" && ./mvnw -q "$@" -Dmaven.test.skip=true -Dspotless.check.skip=true package) >&2
done
sums "$work/first" >"$work/first.sums"
sums "$work/second-of-another-length" >"$work/second.sums"
[[ -s $work/first.sums ]] || {
  echo "nothing was built" >&2
  exit 1
}
if diff "$work/first.sums" "$work/second.sums"; then
  echo "$(wc -l <"$work/first.sums") jars, twice the same bytes"
else
  exit 1
fi
