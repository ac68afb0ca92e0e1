import { type Command, Option } from 'commander'
import type { Analysis } from '../../analyses/analysis.ts'
import { Refusal } from '../../refusal.ts'
import { allowed, type Property, partsOf, propertiesOf, typed } from '../parameters.ts'

const flagOf = (name: string) => `--${name.replaceAll('_', '-')}`

/** A list as typed: separated by commas. Nothing at all is refused, for an empty list would mean everything. */
export function commaList(flag: string, text: string): string[] {
  const parts = partsOf(text)
  if (parts.length === 0)
    throw new Refusal('wrong_use', 'parameter/empty', `${flag} received nothing. Name at least one, or leave it out`)
  return parts
}

function optionOf(name: string, property: Property): Option {
  const flag = flagOf(name)
  const usual = property.default
  const notes = [
    property.unit ? `in ${property.unit}` : '',
    property.enum ? allowed(property) : '',
    (typeof usual === 'string' && usual !== '') || typeof usual === 'number' ? `default ${usual}` : '',
  ].filter((note) => note !== '')
  const text = `${property.description ?? ''}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`
  if (property.type === 'boolean') return new Option(flag, text)
  const option = new Option(`${flag} <${property.type === 'array' ? 'a,b' : property.enum ? 'word' : 'value'}>`, text)
  if (property.type === 'array')
    return option.argParser((given: string, before: (string | number | boolean)[] | undefined) => [
      ...(before ?? []),
      ...commaList(flag, given).map((part) => typed(part, property.items?.type)),
    ])
  return option.argParser((given: string) => typed(given, property.type))
}

/** Give a command one flag for each parameter. */
export function addParameters(command: Command, analysis: Pick<Analysis, 'parameters'>): void {
  for (const [name, property] of Object.entries(propertiesOf(analysis))) command.addOption(optionOf(name, property))
}

/**
 * The parameters that were typed, checked.
 * @throws Refusal that names the flag, what it received and what it takes
 */
export function givenParameters(
  analysis: Pick<Analysis, 'parameters'>,
  options: Record<string, unknown>,
): Record<string, unknown> {
  const properties = propertiesOf(analysis)
  const given: Record<string, unknown> = {}
  for (const name of Object.keys(properties)) {
    const value = options[new Option(flagOf(name)).attributeName()]
    if (value !== undefined) given[name] = value
  }
  const checked = analysis.parameters.safeParse(given)
  if (checked.success) return given
  const lines = checked.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? '')
    const property = properties[name]
    if (!property) return issue.message
    const takes = issue.code === 'custom' ? issue.message : `It takes ${allowed(property)}`
    return `${flagOf(name)} received "${String(given[name] ?? '')}". ${takes}`
  })
  const first = String(checked.error.issues[0]?.path[0] ?? 'together')
  throw new Refusal('wrong_use', `parameter/${first.replaceAll('_', '-')}`, lines.join('\n'))
}
