import { Command, Option } from 'commander'
import { analysisList } from '../../analyses/index.ts'
import { Refusal } from '../../refusal.ts'
import { readQuestion } from '../../saved-question.ts'
import { type Delivery, deliver, deliveryOptions, formatOf } from './analysis-command.ts'
import { chartIn } from './format/svg.ts'
import { addParameters, commaList, givenParameters } from './parameters.ts'
import { type Terminal, withChokepoint } from './terminal.ts'

const analysisCalled = (name: string) => {
  const found = analysisList.find((one) => one.name === name)
  if (!found)
    throw new Refusal(
      'wrong_use',
      'analysis/unknown',
      `No analysis "${name}". There are ${analysisList.map((one) => one.name).join(', ')}`,
    )
  return found
}

/** `run FILE`: a question that was saved, asked again of the version that it names. */
export function addRun(program: Command, terminal: Terminal): void {
  const command = program
    .command('run')
    .description('Ask a question again that was saved with --save, of the version of the dataset that it names')
    .addHelpText('before', '  chokepoint run question.yaml\n')
    .argument('<file>', 'a YAML file with analysis, parameters and columns')
  deliveryOptions(command).action(async (file: string, options: Delivery) => {
    const format = formatOf(options)
    const question = readQuestion(file, (name) => analysisList.find((one) => one.name === name))
    const analysis = analysisCalled(question.analysis)
    const columns = question.columns ?? (format === 'table' ? analysis.shown : undefined)
    await withChokepoint(terminal.signal, async (chokepoint) =>
      deliver(
        await chokepoint.ask(analysis.name, question.given, {
          ...(columns ? { columns } : {}),
          signal: terminal.signal,
        }),
        format,
        undefined,
        options.out,
        terminal,
        chokepoint.home,
        analysis.chart,
      ),
    )
  })
}

interface DiffOptions extends Delivery {
  readonly analysis: string
  readonly from?: string
  readonly to?: string
}

/** `diff`: one analysis at two versions of a dataset, or at two periods of it. */
export function addDiff(program: Command, terminal: Terminal): void {
  const command = program
    .command('diff')
    .description('What changed in an analysis between two versions of a dataset, or two periods')
    .addHelpText(
      'before',
      '  chokepoint diff russia-imts --analysis dependence --importer Russia --supplier China --from 2022 --to 2024\n  chokepoint diff my-data@old my-data@new --analysis concentration\n',
    )
    .argument('<datasets...>', 'name@old and name@new, or one name with --from and --to; then the analysis’s own flags')
    .requiredOption('--analysis <name>', `One of ${analysisList.map((one) => one.name).join(', ')}`)
    .addOption(new Option('--from <period>', 'Period that is compared with'))
    .addOption(new Option('--to <period>', 'Period that is compared'))
    .option('--columns <a,b>', 'Columns compared; those shown by the analysis where left out')
    .allowUnknownOption()
  deliveryOptions(command).action(async (words: string[], options: DiffOptions) => {
    if (formatOf(options) === 'svg') chartIn('diff', undefined)
    const analysis = analysisCalled(options.analysis)
    const first = words.findIndex((word) => word.startsWith('-'))
    const datasets = first < 0 ? words : words.slice(0, first)
    const [from, to] = [datasets[0] as string, datasets[1] ?? (datasets[0] as string)]
    const periods = options.from !== undefined || options.to !== undefined
    if (
      datasets.length > 2 ||
      (datasets.length === 1 && !periods) ||
      (periods && (options.from === undefined || options.to === undefined))
    )
      throw new Refusal(
        'wrong_use',
        'diff/sides',
        'compare what? Two versions, NAME@old NAME@new, or one dataset with --from and --to',
      )
    const own = new Command().exitOverride().configureOutput({ writeErr: () => {} })
    addParameters(own, analysis)
    try {
      own.parse(first < 0 ? [] : words.slice(first), { from: 'user' })
    } catch (error) {
      throw new Refusal(
        'wrong_use',
        'diff/flag',
        `${analysis.name}: ${(error as Error).message.replace(/^error: /, '')}`,
      )
    }
    const sides = {
      from: { dataset: from, ...(options.from === undefined ? {} : { period: options.from }) },
      to: { dataset: to, ...(options.to === undefined ? {} : { period: options.to }) },
    }
    const columns = options.columns === undefined ? undefined : commaList('--columns', options.columns)
    await withChokepoint(terminal.signal, async (chokepoint) =>
      deliver(
        await chokepoint.diff(analysis.name, givenParameters(analysis, own.opts()), sides, {
          ...(columns ? { columns } : {}),
          signal: terminal.signal,
        }),
        formatOf(options),
        undefined,
        options.out,
        terminal,
        chokepoint.home,
      ),
    )
  })
}
