#!/usr/bin/env bash
# Builds the services and lays out what goes into their images: DIR/SERVICE/{natives,lib,app}, layers that change
# together. Needs no container engine.
#
#   deploy/images/assemble.sh DIR
#
# MAVEN_ARGS are options for Maven: -o, say, or -Pgpu for a worker on graphics processors. What an earlier build has left
# in these folders goes first: two versions of a library, or both ONNX Runtimes, would be a matter of luck.
set -euo pipefail

[[ $# -eq 1 ]] || {
  sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}
mkdir -p "$1"
target=$(cd -- "$1" && pwd)
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
services=(frame-producer inference-worker tracker-streams matcher)
for service in "${services[@]}"; do
  rm -rf "$service/target/image" "$service/target/$service"-*.jar "$target/$service/"{natives,lib,app}
done

# shellcheck disable=SC2086 # a list of words
./mvnw -q ${MAVEN_ARGS:-} -Dmaven.test.skip=true -Dspotless.check.skip=true package dependency:copy-dependencies \
  -DincludeScope=runtime -Dmdep.useSubDirectoryPerType=false -DoutputDirectory='${project.build.directory}/image' \
  -pl "$(IFS=, && echo "${services[*]}")" -am

for service in "${services[@]}"; do
  layers=$target/$service
  mkdir -p "$layers/natives" "$layers/lib" "$layers/app"
  for jar in "$service"/target/image/*.jar; do
    case ${jar##*/} in
      events-* | operations-*) layer=app ;;
      *-linux-x86_64.jar | *-linux-arm64.jar | onnxruntime-* | onnxruntime_gpu-* | rocksdbjni-*) layer=natives ;;
      *) layer=lib ;;
    esac
    cp -p "$jar" "$layers/$layer/"
  done
  cp -p "$service/target/$service"-*.jar "$layers/app/"
done
