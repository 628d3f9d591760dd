#!/bin/bash
# Shell completion and the manual page: what the scripts offer, and that their readers accept them.
# Usage: check_completion.sh BINARY SOURCE_DIR
set -u
. "$(dirname "$0")/checks.sh"

for shell in bash zsh fish; do
  run 0 completion $shell
  is_empty err
  mv out acestep.$shell
done
run 2 completion tcsh
has err "allowed: bash, zsh, fish"
run 2 completion bsh
has err "did you mean 'bash'?"
run 2 completion
has err "SHELL is missing"

# --- bash: the words of a command line, the last one under the cursor
. ./acestep.bash
compopt() { file_options=$*; } # the real one works during a completion only
mkdir -p folder/inner
touch song.txt "song two.txt" folder/request.json

# As bash does it: = and @ are words of their own, but the @ belongs to what is completed.
offered() {
  COMP_WORDS=(acestep "$@")
  COMP_CWORD=$#
  file_options=''
  local current=${!#} previous=${COMP_WORDS[COMP_CWORD - 1]}
  [[ $current != = ]] || current=''
  [[ $previous != *@ ]] || current=@$current
  _acestep acestep "$current" "$previous"
  found=$(printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort | paste -sd '|')
}
# offers EXPECTED WORDS…: exactly these, sorted, with | between
offers() {
  local expected=$1
  shift
  offered "$@"
  equal "$found" "$expected" "completion of: acestep $*"
}
# offers_also EXPECTED WORDS…: this among others
offers_also() {
  local expected=$1
  shift
  offered "$@"
  equal "$(grep -cF -- "|$expected|" <<<"|$found|")" 1 "'$expected' in the completion of: acestep $*"
}

offers models mo
offers_also generate ""
offers_also help ""
offered ""
equal "$(grep -c help-markdown <<<"$found")" 0 "hidden commands offered"
offers "check|convert|init|show" config ""
offers "download" models dow
offers show config sh
offers_also models help ""
offers download help models d
offers "" help models download ""
offers "bash|fish|zsh" completion ""

# options: the usual spelling first, the others for those who begin to write them
offers "--infer_method|--inference_steps" generate --inf
offers --inference-steps --inference-
offers --thinking generate --think
offers --no-thinking --no-thi
offers --no-use-cot-metas --no-use-cot-m
offers --no-force generate --no-fo
offers --model -p x --mode
offers --hash models verify --ha
offers_also --help models verify --h
offers "" models verify --caption
offers --json models make-tiny folder --js

# values: after a space, after =, and with = inside the word (COMP_WORDBREAKS without it)
offers "auto|bf16|fp16|fp32" --dtype ""
offers "bf16|fp16|fp32" models convert x --dtype ""
offers bf16 --dtype b
offers bf16 generate --dtype = b
offers "auto|bf16|fp16|fp32" generate --dtype =
offers --dtype=bf16 generate --dtype=b
offers --seed-mode=random --seed-mode=r
offers "false|true" --thinking =
offers true --thinking = t
offers "" --bpm ""
offers DEBUG models --log_level DEB

# files and folders
offers "song two.txt|song.txt" -c so
equal "$file_options" "-o filenames" "how files are completed"
offers folder/request.json --config = folder/re
offers folder --checkpoint_dir f
equal "$file_options" "-o filenames" "how folders are completed"
offers --save_dir=folder/inner --save_dir=folder/i
offers "song two.txt|song.txt" inspect song
offers folder models make-tiny fo
offers "@song two.txt|@song.txt" --lyrics @ so
offers "@song two.txt|@song.txt" --lyrics =@ so
offers "" --lyrics so

# the command is found behind options and their values
offers verify --checkpoint_dir models models ver
offers verify --checkpoint_dir = models models ver
offers generate --lyrics @ song.txt gen
offers generate --lyrics =@ song.txt gen
offers verify models -q ver
offers --hash models --checkpoint_dir folder verify --ha

# --- the scripts name every option, in both spellings
"$acestep" generate --help >help
grep -o -- '--\(\[no-\]\)\?[a-z0-9_]*' help | sed 's/\[no-\]//' | sort -u | grep -v '^--version$' >options
equal "$(($(wc -l <options) > 80))" 1 "more than 80 options in the help"
for option in $(cat options); do
  dashed=${option//_/-}
  dashed=--${dashed#--}
  for shell in bash zsh; do
    has acestep.$shell "${option#--}"
    has acestep.$shell "${dashed#--}"
  done
  has acestep.fish " -l ${option#--}"
  has acestep.fish " -l ${dashed#--}"
done

# --- zsh, fish: they read them and complete
# zsh_lists WORDS…: for each a command line, in a terminal; what zsh offers goes to shown
zsh_lists() {
  ZDOTDIR=$work/zsh TERM=dumb python3 "$source_dir/tests/cli/in_terminal.py" shown "$@" '^D' -- zsh -i
  expect_code $? 0 "completion in zsh"
}
if command -v zsh >/dev/null; then
  checks=$((checks + 1))
  zsh -n acestep.zsh || fail "zsh cannot read its completion"
  mkdir zsh
  cp acestep.zsh zsh/_acestep
  cat >zsh/.zshrc <<'ZSHRC'
unset zle_bracketed_paste
unsetopt prompt_sp prompt_cr
fpath=($ZDOTDIR $fpath)
autoload -Uz compinit && compinit -u -D
PS1='ready: '
list_and_drop() { zle list-choices; zle kill-whole-line; zle accept-line; }
zle -N list_and_drop
bindkey '^J' list_and_drop
ZSHRC
  zsh_lists 'acestep models ' 'acestep --dtype ' 'acestep models convert x --dtype ' 'acestep completion ' \
    'acestep generate --infere' 'acestep models verify --ha' 'acestep models -q plan' 'acestep inspect song.'
  for line in 'plan-download  -- which files' 'auto  bf16  fp16  fp32' 'bash  fish  zsh' '--inference_steps' \
    '--hash  -- compare' 'song.txt'; do
    has shown "$line"
  done
  equal "$(grep -cx $'bf16  fp16  fp32\r' shown)" 1 "lists of convert's number types in zsh"
  lacks shown help-markdown
else
  echo "zsh is not installed: its completion is not checked"
fi
fish_offers() {
  equal "$(fish -c "source acestep.fish; complete -C '$2'" | cut -f 1 | sort | tr '\n' ' ')" "$1" \
    "completion in fish of: $2"
}
if command -v fish >/dev/null; then
  checks=$((checks + 1))
  fish -n acestep.fish || fail "fish cannot read its completion"
  fish_offers "models " "acestep mode"
  fish_offers "verify " "acestep models -q ver"
  fish_offers "check convert init show " "acestep config "
  fish_offers "bf16 fp16 fp32 " "acestep models convert x --dtype "
  fish_offers "--dtype=bf16 " "acestep --dtype=bf"
  fish_offers "--inference-steps --inference_steps " "acestep generate --infere"
  fish_offers "folder/ " "acestep --save_dir fol"
  fish_offers "song.txt " "acestep inspect song.t"
  fish_offers "@song.txt " "acestep --lyrics @song.t"
  fish_offers "" "acestep models verify --capt"
else
  echo "fish is not installed: its completion is not checked"
fi

# --- the manual page
run 0 help-man
mv out acestep.1
for title in NAME SYNOPSIS DESCRIPTION COMMANDS OPTIONS ENVIRONMENT FILES 'EXIT STATUS' EXAMPLES; do
  has acestep.1 ".SH \"$title\""
done
if command -v groff >/dev/null; then
  groff -man -Tutf8 -ww acestep.1 >page 2>warnings
  is_empty warnings
  sed 's/\x1b\[[0-9;]*m//g; s/.\x08//g' page >plain
  has plain "--inference_steps"
  has plain "--[no-]thinking"
  has plain '--lyrics @song.txt --duration 60 --seed 7 --output ballad.flac'
  has plain 'finger-picked guitar" \'
  has plain '10 … 600'
else
  echo "groff is not installed: the manual page is not rendered"
fi
if command -v man >/dev/null && command -v groff >/dev/null; then
  man --warnings -l acestep.1 2>warnings >/dev/null
  is_empty warnings
fi

finish
