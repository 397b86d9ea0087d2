#!/usr/bin/env bash
# versus.sh [RUNS]: times connrun against Ruby on the programs of benches/programs and the methods of benches/methods.txt,
# in turn, in one run; last the start. Medians of processor time, which a busy machine disturbs less than the clock.
#
# `versus.sh count` counts instructions with valgrind instead: slower, but nearly the same each time.
#
# Every figure is less the start of an empty program, the methods' less the loop around them too; the ratio is
# connrun / ruby (below 1 connrun is faster). Needs `ruby` with ActiveSupport on the path (Debian: ruby-activesupport) and
# `cargo build --release` done, or CONNRUN set to another build. ONLY='map select' measures those methods alone.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-7}
connrun=${CONNRUN:-target/release/connrun}
rails=(ruby -ractive_support/core_ext/object/blank)
command -v ruby >/dev/null || { echo "ruby is not installed (Debian: apt-get install ruby)"; exit 2; }
[ -x "$connrun" ] || { echo "$connrun is missing: cargo build --release"; exit 2; }
[ "$runs" != count ] || command -v valgrind >/dev/null || { echo "valgrind is not installed"; exit 2; }

counts=$(mktemp)
trap 'rm -f "$counts"' EXIT

# What a command costs: microseconds of processor time, or instructions.
cost() {
  if [ "$runs" = count ]; then
    # Not /dev/null: the tool replaces the file that it writes.
    valgrind --tool=callgrind --callgrind-out-file="$counts" "$@" 2>&1 >/dev/null | awk '/refs:|Collected/ { print $NF; exit }'
  else
    local TIMEFORMAT='%U %S'
    { time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ printf "%.0f\n", ($1 + $2) * 1000000 }'
  fi
}

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# Medians of the commands `ours` and `theirs`, run in turn.
pair() {
  local a=() b=() times=$runs
  [ "$runs" != count ] || times=1
  for _ in $(seq "$times"); do
    a+=("$(cost "${ours[@]}")")
    b+=("$(cost "${theirs[@]}")")
  done
  echo "$(printf '%s\n' "${a[@]}" | median) $(printf '%s\n' "${b[@]}" | median)"
}

unit=ms
[ "$runs" != count ] || unit=Minstr
ours=("$connrun" eval 1)
theirs=(ruby --disable-gems -e 1)
read -r empty_ours empty_theirs < <(pair)
if [ -z "${ONLY:-}" ]; then
  printf '%-10s %16s %16s %8s\n' program "connrun_$unit" "ruby_$unit" ratio
  for program in benches/programs/*.rb; do
    ours=("$connrun" eval "$(cat "$program")")
    theirs=(ruby --disable-gems "$program")
    read -r a b < <(pair)
    awk -v n="$(basename "$program" .rb)" -v a="$((a - empty_ours))" -v b="$((b - empty_theirs))" -v s="$([ $unit = ms ] && echo 1000 || echo 1000000)" '
      BEGIN { printf "%-10s %16.1f %16.1f %8.2f\n", n, a / s, b / s, a / b }'
  done
fi

# A program that makes a call ten times in each of so many turns.
loop_of() {
  local setup=$1 call=$2 turns=$3
  echo "$setup; i = 0; while i < $turns; $call; $call; $call; $call; $call; $call; $call; $call; $call; $call; i += 1; end"
}

# How many turns take Ruby a fifth of a second; instructions need few.
turns_of() {
  local turns=1000 spent
  if [ "$runs" = count ]; then echo 2000; return; fi
  theirs=("${rails[@]}" -e 1)
  read -r _ spent < <(ours=(true) runs=1 pair)
  local start=$spent
  while [ $((spent - start)) -lt 100000 ] && [ $turns -lt 1000000 ]; do
    turns=$((turns * 4))
    spent=$(cost "${rails[@]}" -e "$(loop_of "$1" "$2" $turns)")
  done
  echo $turns
}

unit=ns
[ "$runs" != count ] || unit=instr
printf '\n%-10s %16s %16s %8s\n' method "connrun_$unit" "ruby_$unit" ratio
while IFS='|' read -r name setup call; do
  name=${name%% *}
  [[ -z "${ONLY:-}" || " $ONLY " == *" $name "* ]] || continue
  turns=$(turns_of "$setup" "$call")
  # The loop without the call; `i` keeps Ruby from leaving it out.
  ours=("$connrun" eval "$setup; i = 0; while i < $turns; i += 1; end")
  theirs=("${rails[@]}" -e "$setup; i = 0; while i < $turns; i += 1; end")
  read -r empty_a empty_b < <(pair)
  code=$(loop_of "$setup" "$call" "$turns")
  ours=("$connrun" eval "$code")
  theirs=("${rails[@]}" -e "$code")
  read -r a b < <(pair)
  awk -v n="$name" -v a="$((a - empty_a))" -v b="$((b - empty_b))" -v t="$((turns * 10))" -v s="$([ $unit = ns ] && echo 1000 || echo 1)" '
    BEGIN { a = a * s / t; b = b * s / t; printf "%-10s %16.1f %16.1f %8.2f\n", n, a, b, a / b }'
done < <(grep -v '^#' benches/methods.txt)

# The start, on the clock: a hello-world action against an empty Ruby program.
if [ "$runs" != count ] && [ -z "${ONLY:-}" ]; then
  cost() {
    local start=${EPOCHREALTIME/./} end
    "$@" >/dev/null 2>&1
    end=${EPOCHREALTIME/./}
    echo $((end - start))
  }
  ours=("$connrun" exec action hello -c benches/hello.conn)
  theirs=(ruby -e 1)
  read -r a b < <(pair)
  awk -v a="$a" -v b="$b" 'BEGIN { printf "\nstart: exec of a hello action %.1f ms, ruby -e 1 %.1f ms, ratio %.2f\n", a / 1000, b / 1000, a / b }'
fi
