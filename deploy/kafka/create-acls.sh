#!/usr/bin/env bash
# Gives the four services the rights of acls.txt, each under the principal User:SERVICE.
#
#   create-acls.sh --bootstrap-server HOST:PORT [--command-config admin.properties]
#
# KAFKA_ACLS names Kafka's own tool where it is not kafka-acls.sh on the PATH. It can be run again at any time.
set -euo pipefail

tool=${KAFKA_ACLS:-kafka-acls.sh}
rules=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/acls.txt

[[ $# -gt 0 ]] || {
  sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

while read -r service resource name operations; do
  [[ -n $service && $service != \#* ]] || continue
  pattern=literal
  if [[ $name == ?*\* ]]; then
    pattern=prefixed
    name=${name%\*}
  fi
  arguments=()
  for operation in ${operations//,/ }; do
    arguments+=(--operation "$operation")
  done
  # No wildcard of the shell is meant by the name *.
  "$tool" "$@" --add --force --allow-principal "User:$service" "--$resource" "$name" \
    --resource-pattern-type "$pattern" "${arguments[@]}" </dev/null
done <"$rules"
