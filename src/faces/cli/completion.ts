import type { Command } from 'commander'

interface Words {
  readonly name: string
  readonly about: string
  readonly flags: readonly { flag: string; about: string; takesValue: boolean }[]
  readonly words: readonly string[]
}

function wordsOf(program: Command): Words[] {
  return program.commands.map((command) => ({
    name: command.name(),
    about: command.description(),
    flags: [command, ...command.commands]
      .flatMap((one) => one.options)
      .filter((option, place, all) => all.findIndex((other) => other.long === option.long) === place)
      .map((option) => ({ flag: option.long ?? '', about: option.description, takesValue: option.required })),
    words: command.commands.map((one) => one.name()),
  }))
}

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", '’')}'`

function branches(commands: readonly Words[]): string {
  return commands
    .map(
      ({ name, words, flags }) => `    ${name}) words='${[...words, ...flags.map(({ flag }) => flag)].join(' ')}' ;;`,
    )
    .join('\n')
}

const scripts = {
  bash: (commands: readonly Words[]) => `_chokepoint() {
  local words
  case "\${COMP_WORDS[1]}" in
${branches(commands)}
  esac
  [ "$COMP_CWORD" -eq 1 ] && words='${commands.map(({ name }) => name).join(' ')} --help --version'
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _chokepoint chokepoint
`,
  zsh: (commands: readonly Words[]) => `#compdef chokepoint
_chokepoint() {
  local words_of="\${words[2]}" position=$CURRENT
  () {
  local words
  case "$1" in
${branches(commands)}
  esac
  [ "$2" -eq 2 ] && words='${commands.map(({ name }) => name).join(' ')} --help --version'
  compadd -- \${=words}
  } "$words_of" "$position"
  [ "$position" -gt 2 ] && _files
}
compdef _chokepoint chokepoint
`,
  fish: (commands: readonly Words[]) =>
    commands
      .flatMap(({ name, about, flags, words }) => [
        `complete -c chokepoint -n __fish_use_subcommand -f -a ${name} -d ${quoted(about)}`,
        ...words.map((word) => `complete -c chokepoint -n '__fish_seen_subcommand_from ${name}' -f -a ${word}`),
        ...flags.map(
          ({ flag, about: meaning, takesValue }) =>
            `complete -c chokepoint -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}${takesValue ? ' -r' : ''} -d ${quoted(meaning)}`,
        ),
      ])
      .join('\n')
      .concat('\n'),
}

export const shells = ['bash', 'zsh', 'fish'] as const

/** The script that makes a shell complete commands and flags. */
export const completion = (shell: (typeof shells)[number], program: Command): string => scripts[shell](wordsOf(program))
