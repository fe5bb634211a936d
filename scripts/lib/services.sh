# shellcheck shell=bash disable=SC2034,SC2154
# The services that tests and benchmarks run against, private to one run: PostgreSQL, and an S3 stand-in.
# Sourced after common.sh. Each start_* sets the variables that tests read; stop_services ends what was started.

services_folder=''
postgres_control=()
s3_process=''

open_services_folder() {
  [ -n "$services_folder" ] && return
  services_folder=$(mktemp -d "${TMPDIR:-/tmp}/ishara-services.XXXXXX")
  chmod 755 "$services_folder"
  trap stop_services EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

stop_services() {
  [ ${#postgres_control[@]} -eq 0 ] || "${postgres_control[@]}" -m immediate stop >/dev/null 2>&1 || true
  [ -z "$s3_process" ] || kill "$s3_process" 2>/dev/null || true
  [ -z "$services_folder" ] || rm -rf "$services_folder"
}

# PostgreSQL refuses to run as root: there it runs as the user that its package made.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

# Sets ISHARA_TEST_POSTGRES_URL. Durability is off: the data lives as long as the run, and its log is kept short.
start_postgres() {
  open_services_folder
  local binaries port data="$services_folder/postgres"
  binaries=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
  [ -n "$binaries" ] || die "PostgreSQL is installed, but its programs are not under /usr/lib/postgresql"
  mkdir "$data"
  [ "$(id -u)" != 0 ] || chown postgres "$data"
  as_postgres "$binaries/initdb" -D "$data/cluster" -U ishara -A trust -E UTF8 --locale=C -N >"$data.log" 2>&1 ||
    { cat "$data.log" >&2; die "initdb failed"; }
  port=$(free_port)
  postgres_control=(as_postgres "$binaries/pg_ctl" -D "$data/cluster")
  "${postgres_control[@]}" -w -l "$data/server.log" start -o "-p $port -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories=$data -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
    -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=128MB -c max_connections=200" \
    >/dev/null || { cat "$data/server.log" >&2; die "PostgreSQL did not start"; }
  as_postgres "$binaries/createdb" -h 127.0.0.1 -p "$port" -U ishara ishara_test
  export ISHARA_TEST_POSTGRES_URL="postgres://ishara@127.0.0.1:$port/ishara_test"
}

# Programs from the Python index that tests need, in one place, renewed when the list changes.
python_tools() {
  local list=tests/requirements.txt tools=target/test-tools/python
  if ! cmp -s "$list" "$tools/requirements.txt"; then
    say "Installing the Python test tools"
    rm -rf "$tools"
    python3 -m venv "$tools"
    "$tools/bin/pip" install -q --disable-pip-version-check -r "$list"
    cp "$list" "$tools/requirements.txt"
  fi
  export ISHARA_TEST_PYTHON="$root/$tools/bin/python"
}

# Sets ISHARA_TEST_S3_ENDPOINT and ISHARA_TEST_S3_BUCKET; any access key is accepted.
start_s3() {
  open_services_folder
  python_tools
  local port
  port=$(free_port)
  target/test-tools/python/bin/moto_server -H 127.0.0.1 -p "$port" >"$services_folder/s3.log" 2>&1 &
  s3_process=$!
  wait_until 60 curl -sf "http://127.0.0.1:$port/moto-api/" ||
    { cat "$services_folder/s3.log" >&2; die "the S3 stand-in did not start"; }
  export ISHARA_TEST_S3_ENDPOINT="http://127.0.0.1:$port" ISHARA_TEST_S3_BUCKET=ishara-test
  curl -sf -X PUT "$ISHARA_TEST_S3_ENDPOINT/$ISHARA_TEST_S3_BUCKET" >/dev/null || die "the S3 stand-in made no bucket"
}
