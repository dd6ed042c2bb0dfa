# What zsh's completion offers for a line: complete.zsh SCRIPT FOLDER LINE. A zsh in a terminal of its own is given the
# line and a tab; instead of showing what is found it prints it.
zmodload zsh/zpty
setting='
autoload -Uz compinit; compinit -u -D
source '${(q)1}'
cd '${(q)2}'
bindkey "^I" complete-word
zstyle ":completion:*" insert-tab false
setopt no_list_beep
compprefuncs=()
comppostfuncs=( exit )
compadd () {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
  typeset -a __found
  builtin compadd -A __found "$@"
  local each; for each in $__found; do print -r -- "FOUND:$each"; done
}
echo READY
'
print -r -- "$setting" > $2/.setting.zsh
zpty inner "TERM=dumb PS1= PS2= zsh -f -i"
zpty -w inner "source ${(q)2}/.setting.zsh"
zpty -r inner out '*READY*'
zpty -w -n inner "$3"$'\t'
while zpty -r inner out; do print -rn -- "$out"; done
