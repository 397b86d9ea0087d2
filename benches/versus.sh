#!/usr/bin/env bash
# versus.sh [RUNS]: times connrun against Ruby on the programs of benches/programs, in turn, in one run.
#
# Prints, for each program, the medians of the whole process, the same less the start of an empty one, and the ratio
# connrun / ruby of the latter (below 1 connrun is faster); then the same for the methods of benches/methods.txt, and the
# start. Needs `ruby` with ActiveSupport on the path (Debian: ruby-activesupport) and `cargo build --release` done.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-7}
connrun=${CONNRUN:-target/release/connrun}
command -v ruby >/dev/null || { echo "ruby is not installed (Debian: apt-get install ruby)"; exit 2; }
[ -x "$connrun" ] || { echo "$connrun is missing: cargo build --release"; exit 2; }

# Microseconds that a command takes.
time_of() {
  local start=${EPOCHREALTIME/./} end
  "$@" >/dev/null 2>&1
  end=${EPOCHREALTIME/./}
  echo $((end - start))
}

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# Medians of two commands run in turn: "a b".
pair() {
  local a=() b=()
  for _ in $(seq "$runs"); do
    a+=("$(time_of "${first[@]}")")
    b+=("$(time_of "${second[@]}")")
  done
  echo "$(printf '%s\n' "${a[@]}" | median) $(printf '%s\n' "${b[@]}" | median)"
}

first=("$connrun" eval 1)
second=(ruby --disable-gems -e 1)
read -r empty_connrun empty_ruby < <(pair)
printf '%-10s %10s %10s %12s %12s %8s\n' program connrun_ms ruby_ms connrun_net ruby_net ratio
for program in benches/programs/*.rb; do
  first=("$connrun" eval "$(cat "$program")")
  second=(ruby --disable-gems "$program")
  read -r ours theirs < <(pair)
  awk -v n="$(basename "$program" .rb)" -v a="$ours" -v b="$theirs" -v ea="$empty_connrun" -v eb="$empty_ruby" 'BEGIN {
    printf "%-10s %10.1f %10.1f %12.1f %12.1f %8.2f\n", n, a / 1000, b / 1000, (a - ea) / 1000, (b - eb) / 1000, (a - ea) / (b - eb)
  }'
done

# The methods: the loop around them costs both sides, so a loop without a call is taken off too.
times=200000
loop_of() { echo "$1; i = 0; while i < $times; $2; i += 1; end"; }
rails=(ruby -ractive_support -ractive_support/core_ext/object/blank)
first=("$connrun" eval "$(loop_of 'a = 1' 'a')")
second=("${rails[@]}" -e "$(loop_of 'a = 1' 'a')")
read -r empty_connrun empty_ruby < <(pair)
printf '\n%-10s %12s %12s %8s\n' method connrun_ns ruby_ns ratio
while IFS='|' read -r name setup call; do
  name=${name%% *}
  code=$(loop_of "$setup" "$call")
  first=("$connrun" eval "$code")
  second=("${rails[@]}" -e "$code")
  read -r ours theirs < <(pair)
  awk -v n="$name" -v a="$ours" -v b="$theirs" -v ea="$empty_connrun" -v eb="$empty_ruby" -v t="$times" 'BEGIN {
    a = (a - ea) * 1000 / t; b = (b - eb) * 1000 / t
    printf "%-10s %12.0f %12.0f %8.2f\n", n, a, b, a / b
  }'
done < <(grep -v '^#' benches/methods.txt)

# The start: a hello-world action against an empty Ruby program.
first=("$connrun" exec action hello -c benches/hello.conn)
second=(ruby -e 1)
read -r ours theirs < <(pair)
awk -v a="$ours" -v b="$theirs" 'BEGIN { printf "start: exec of a hello action %.1f ms, ruby -e 1 %.1f ms, ratio %.2f\n", a / 1000, b / 1000, a / b }'
