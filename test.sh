#!/usr/bin/env bash
# The one test command: installs what the tests need and this machine lacks, builds once, runs every test project and ends with
# the sum `N passed, M failed` (`, K skipped`). Exit code 0 only if tests ran and none failed. Asks nothing.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '\n== %s\n' "$*"; }
warn() { printf 'test.sh: %s\n' "$*" >&2; }

# Packages by the file that shows whether they are there.
missing_packages() {
  command -v redis-server >/dev/null || echo redis-server
  command -v mosquitto >/dev/null || [ -x /usr/sbin/mosquitto ] || echo mosquitto
  command -v mosquitto_pub >/dev/null || echo mosquitto-clients
  command -v curl >/dev/null || echo curl
  command -v node >/dev/null || echo nodejs
  command -v npm >/dev/null || echo npm
  /usr/bin/python3 -c 'import paho.mqtt' 2>/dev/null || echo python3-paho-mqtt
}

# Packages of servers start them when they are installed, unless policy-rc.d forbids it; the tests start their own.
install_packages() {
  local policy=/usr/sbin/policy-rc.d made_policy=no status=0
  if ! [ -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | $1 tee "$policy" >/dev/null && $1 chmod 755 "$policy" && made_policy=yes
  fi
  $1 env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get -qq update &&
    $1 env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${@:2}" || status=1
  [ "$made_policy" = no ] || $1 rm -f "$policy"
  return $status
}

mapfile -t missing < <(missing_packages)
if [ ${#missing[@]} -gt 0 ]; then
  say "Installing ${missing[*]}"
  as_root=none
  if [ "$(id -u)" = 0 ]; then as_root=; elif sudo -n true 2>/dev/null; then as_root='sudo -n'; fi
  if ! command -v apt-get >/dev/null || [ "$as_root" = none ]; then
    warn "cannot install ${missing[*]}: apt-get as root is needed. Tests that need them will be skipped."
  elif ! install_packages "$as_root" "${missing[@]}" </dev/null; then
    warn "not all of ${missing[*]} could be installed. Tests that need them will be skipped."
  fi
fi

mqttjs=tests/OrleansMqtt.Interop.Tests/mqttjs
if [ -f "$mqttjs/package-lock.json" ] && command -v npm >/dev/null; then
  say "npm ci in $mqttjs"
  (cd "$mqttjs" && npm ci --no-audit --no-fund </dev/null) || warn "npm ci failed. Tests that need mqtt.js will be skipped."
fi

say 'Building'
dotnet build OrleansMqtt.sln -c Release -nodeReuse:false -v quiet </dev/null || { warn 'the build failed.'; exit 1; }

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
passed=0 failed=0 skipped=0

# An attribute of the <Counters> element that VSTest's trx logger writes.
counter() { grep -o '<Counters [^>]*' "$2" | grep -o " $1=\"[0-9]*\"" | tr -dc 0-9; }

for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  case $name in *.Benchmarks | *.PromiseCheck) continue ;; esac
  say "$name"
  dotnet test "$project" --no-build -c Release -v quiet --logger "trx;LogFileName=$name.trx" --logger 'console;verbosity=minimal' \
    --results-directory "$results" </dev/null
  status=$?
  trx="$results/$name.trx"
  project_failed=0 executed=0
  if [ -f "$trx" ]; then
    executed=$(counter executed "$trx")
    project_failed=$((executed - $(counter passed "$trx")))
    passed=$((passed + executed - project_failed))
    skipped=$((skipped + $(counter total "$trx") - executed))
  fi
  # A test host that died, or a project in which nothing ran, has no failed test to show; it counts as one.
  if [ "$project_failed" -eq 0 ] && { [ "$status" -ne 0 ] || ! [ -f "$trx" ] || [ "$(counter total "$trx")" -eq 0 ]; }; then
    warn "$name did not run to its end."
    project_failed=1
  fi
  failed=$((failed + project_failed))
done

printf '\n%d passed, %d failed' "$passed" "$failed"
[ "$skipped" -eq 0 ] || printf ', %d skipped' "$skipped"
printf '\n'
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
