import type { Place } from './places.ts';

/** Scripts know all words by themselves: to start a program at each Tab would take longer than to type on. Where no word fits, files are offered. */
export const scripts = {
  bash: (places: readonly Place[]): string => `# Completion of boucle for bash: source <(boucle completion bash)
_boucle() {
  local at='' word found=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in ${walkable(places)}) at="$at $word" ;; esac
  done
  case "$at" in
${places.map(({ at, next }) => `    ${quoted(at)}) found=${quoted(next.map(({ word }) => word).join(' '))} ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$found" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -o bashdefault -F _boucle boucle
`,
  zsh: (places: readonly Place[]): string => `#compdef boucle
# Completion of boucle for zsh: source <(boucle completion zsh)
_boucle() {
  local at='' word
  local -a found
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in (${walkable(places)}) at="$at $word" ;; esac
  done
  case "$at" in
${places.map(({ at, next }) => `    (${quoted(at)}) found=(${next.map(({ word, about }) => quoted(`${word}:${about}`)).join(' ')}) ;;`).join('\n')}
  esac
  _describe 'boucle' found || _files
}
compdef _boucle boucle
`,
  fish: (places: readonly Place[]): string => `# Completion of boucle for fish: boucle completion fish | source
function __boucle_at
  set -l at ''
  for word in (commandline -opc)[2..]
    contains -- "$at $word" ${places
      .slice(1)
      .map(({ at }) => quoted(at))
      .join(' ')}; and set at "$at $word"
  end
  test "$at" = "$argv[1]"
end
complete -c boucle -e
${places.flatMap(({ at, next }) => next.map(({ word, about }) => fishLine(at, word, about))).join('\n')}
`,
} as const;
export type Shell = keyof typeof scripts;

const fishLine = (at: string, word: string, about: string): string => {
  const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`;
  return `complete -c boucle -n ${quoted(`__boucle_at ${quoted(at)}`)} ${what} -d ${quoted(about)}`;
};

/** Patterns of the places that words lead to. */
const walkable = (places: readonly Place[]): string =>
  places
    .slice(1)
    .map(({ at }) => quoted(at))
    .join('|');
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
