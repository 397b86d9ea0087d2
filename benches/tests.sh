#!/usr/bin/env bash
# Times `connrun test` on 1,000 tests in ten files. Usage: benches/tests.sh [BINARY], from the package's root.
set -eu
binary=$(realpath "${1:-target/release/connrun}")
connector=$(realpath connectors/customers.conn)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp "$connector" "$folder"
for file in $(seq 0 9); do
  {
    echo 'settings: { api_token: any }'
    echo 'tests:'
    for test in $(seq 0 99); do
      id=$((file * 100 + test))
      cat <<TEST
- name: customer $id
  path: actions.get_customer_by_id
  input: { id: $id }
  exchanges:
  - request: GET https://api.my-app.com/v1/customers.json?api_token=any&id=$id
    response:
      json: { customer: { id: $id, name: John Smith, created_at: '2017-01-02T12:34:56Z', address: { city: Anytown } } }
  expect:
    requests: ['GET https://api.my-app.com/v1/customers.json?api_token=any&id=$id']
TEST
    done
  } > "$folder/t$file.test.yaml"
done
cd "$folder"
time "$binary" test
