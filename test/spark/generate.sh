#!/bin/sh
# Writes the generated code of the Spark Connect protocol anew, from server/engine/spark/connect/spark_connect.proto.
# Needs the registry for two tools that are no dependencies: nothing else of the project uses them.
set -e
folder=$(cd "$(dirname "$0")/../../server/engine/spark/connect" && pwd)
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
cd "$tools"
npm init -y >/dev/null
npm install --silent @bufbuild/buf @bufbuild/protoc-gen-es@^2.17.0
cat >buf.gen.yaml <<END
version: v2
plugins:
  - local: ./node_modules/.bin/protoc-gen-es
    out: $folder/generated
    opt: [target=ts, import_extension=js, ts_nocheck=true]
END
cp "$folder"/*.proto .
npx buf generate
