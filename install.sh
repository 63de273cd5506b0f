#!/usr/bin/env bash
# EdgeLine on a Debian machine: brings what is missing, builds the programs, hands over to them.
# Everything that can be C# is C#: this file only starts it.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
programs=$root/.demo/programs
# The SDK itself wants no ICU library then; a fresh Debian has none.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

help() {
  cat <<'TEXT'
usage: ./install.sh VERB [OPTIONS]

  demo    platform, broker, service and two virtual lines on this machine; Ctrl-C ends it with the end card
          (--labels N  --speed max|ITEMS_PER_MINUTE  --faults NAME  --kills N  --report FILE  --exit; demo --help lists all)
  run     the service:                    ./install.sh run --config FILE
  check   every mistake of a site file:   ./install.sh check --config FILE
  doctor  talk to every device, measure the disk
  label   TEMPLATE   the ZPL of a sample label
  test-label LINE   one test label through printer and scanner of a line
  apply   make a running service read its changed files
  ledger  status | find CODE | verify
  enrol   CODE [--line LINE]: a new ledger for a line (config/RECOVERY.md)
  people  add NAME --role ROLE | remove NAME | list
  test    build, format check and all tests (--full: the nightly ones too)
  help    this text

Exit codes: 0 fine, 1 fatal at run time, 2 bad configuration or usage, 3 a check found something.
TEXT
}

say() { printf 'install.sh: %s\n' "$*" >&2; }

need_dotnet() {
  if [[ -x $HOME/.dotnet/dotnet ]] && ! command -v dotnet >/dev/null; then
    export PATH=$HOME/.dotnet:$PATH DOTNET_ROOT=$HOME/.dotnet
  fi
  # Asked in the repository: global.json there says which SDK is enough.
  if ! (cd "$root" && dotnet --version) >/dev/null 2>&1; then
    say "the .NET 10 SDK is missing. This brings it, into ~/.dotnet:"
    say "  wget -qO- https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0"
    exit 1
  fi
}

# Only tests and pictures of labels want it, so the demo goes on without it.
look_for_node() {
  command -v node >/dev/null && return
  say "Node.js is missing; only './install.sh test' and pictures of labels need it. This brings it:  apt-get install -y nodejs npm"
}

as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  elif [[ -t 0 ]]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

# The broker is worth having, not worth failing for: the page works without one.
bring_mosquitto() {
  if [[ " $* " == *" --broker none "* || -x /usr/sbin/mosquitto ]] || command -v mosquitto >/dev/null; then
    return
  fi
  say "installing the Debian package mosquitto (MQTT broker)"
  if command -v apt-get >/dev/null && export DEBIAN_FRONTEND=noninteractive \
    && { as_root apt-get install -qq -y --no-install-recommends mosquitto \
      || { as_root apt-get update -qq && as_root apt-get install -qq -y --no-install-recommends mosquitto; }; } >/dev/null 2>&1; then
    say "mosquitto is installed; the demo starts a broker of its own on a free port"
  else
    say "mosquitto is missing and could not be installed; going on without MQTT. This brings it:  apt-get install -y mosquitto"
  fi
}

# Chinese words on labels are drawn on this PC; the demo's products have Chinese names.
bring_label_font() {
  command -v dpkg-query >/dev/null || return 0
  local package missing=()
  for package in fonts-noto-cjk libfreetype6; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [[ ${#missing[@]} -eq 0 ]] && return
  say "installing the Debian packages ${missing[*]} (Chinese words on labels)"
  export DEBIAN_FRONTEND=noninteractive
  { as_root apt-get install -qq -y --no-install-recommends "${missing[@]}" \
    || { as_root apt-get update -qq && as_root apt-get install -qq -y --no-install-recommends "${missing[@]}"; }; } >/dev/null 2>&1 \
    || say "they could not be installed; lines with Chinese on their labels will be refused. This brings them:  apt-get install -y ${missing[*]}"
}

# Draws the picture of a label on the page; worth having, not worth failing for.
bring_preview() {
  local folder=$root/src/EdgeLine.Service/Panel/preview
  [[ $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]] && return
  if ! command -v npm >/dev/null; then
    say "npm is missing: the page will show no pictures of labels. This brings it:  apt-get install -y nodejs npm"
  elif ! npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error >&2; then
    say "the npm package zpl-renderer-js could not be fetched: the page will show no pictures of labels"
  fi
}

# Publishes again only when a source is newer than the last complete build.
build() {
  need_dotnet
  bring_preview
  local sources=(src Directory.Build.props Directory.Packages.props global.json) newer=none
  if [[ -e $programs/.complete ]]; then
    newer=$(cd "$root" && find "${sources[@]}" \( -name bin -o -name obj \) -prune -o -newer "$programs/.complete" -print -quit)
  fi
  [[ -z $newer ]] && return
  say "building (about a minute the first time)"
  rm -f "$programs/.complete"
  mkdir -p "$programs"
  local log=$root/.demo/build.log project
  : >"$log"
  for project in EdgeLine.Service EdgeLine.IssuingPlatform EdgeLine.Simulator; do
    if ! (cd "$root" && dotnet publish "src/$project" -c Release -o "$programs" --disable-build-servers -p:SatelliteResourceLanguages=en) >>"$log" 2>&1; then
      grep -E 'error|rror:' "$log" | sort -u | head -20 >&2 || tail -20 "$log" >&2
      say "the build failed; all of it is in $log"
      exit 1
    fi
  done
  touch "$programs/.complete"
}

demo() {
  bring_mosquitto "$@"
  bring_label_font
  look_for_node
  build
  local folder=()
  [[ " $* " == *" --folder"* ]] || folder=(--folder "$root/.demo/site")
  exec "$programs/edgeline-sim" demo "${folder[@]}" "$@"
}

verb=${1:-help}
shift || true
case $verb in
  demo) demo "$@" ;;
  run | check | doctor | label | test-label | apply | ledger | enrol | people)
    build
    exec "$programs/edgeline" "$verb" "$@"
    ;;
  test)
    need_dotnet
    exec "$root/tests/run" "$@"
    ;;
  help | -h | --help) help ;;
  *)
    say "unknown verb '$verb'"
    help >&2
    exit 2
    ;;
esac
