import { z } from 'zod'
import type { Analysis } from '../../analyses/analysis.ts'
import { analysisList } from '../../analyses/index.ts'
import { toolVersion } from '../../index.ts'
import { type Property, remotePropertiesOf } from '../parameters.ts'
import { deliveryOf, representations } from './question.ts'

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` })

const problemAnswer = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: reference('Problem') } },
})

/** A parameter as OpenAPI has it: lists are separated by commas. */
function parameterOf(name: string, property: Property) {
  const { description = '', ...schema } = property
  return {
    name,
    in: 'query',
    description,
    required: false,
    schema,
    ...(property.type === 'array' ? { style: 'form', explode: false } : {}),
  }
}

const list = (items: object) => ({ type: 'array', items })
const text = { type: 'string' }
const textOrNull = { type: ['string', 'null'] }

function answerSchema(analysis: Analysis) {
  const { $schema: _, ...row } = z.toJSONSchema(analysis.columns, { io: 'output' })
  // Columns may be chosen, so none is required.
  const { required: __, ...columns } = row
  return { allOf: [reference('Answer'), { type: 'object', properties: { rows: list(columns) } }] }
}

function operationOf(analysis: Analysis) {
  const properties = { ...remotePropertiesOf(analysis), ...deliveryOf(analysis) }
  return {
    get: {
      operationId: analysis.name,
      summary: analysis.question,
      description: [...analysis.limits, `Sources: ${analysis.sources.join('; ')}`].join('\n\n'),
      parameters: Object.entries(properties).map(([name, property]) => parameterOf(name, property)),
      responses: {
        200: {
          description: 'The answer; where the data cannot carry the question no rows, and in JSON the reason',
          headers: {
            ETag: { schema: text },
            Link: { schema: text, description: 'In CSV: next page, and what it says' },
          },
          content: {
            [representations.json]: { schema: answerSchema(analysis) },
            [representations.csv]: { schema: text },
            [representations.parquet]: { schema: { type: 'string', format: 'binary' } },
          },
        },
        304: { description: 'As the ETag says' },
        400: problemAnswer('A parameter cannot be as it is'),
        410: problemAnswer('The cursor is of other data'),
        422: problemAnswer('Beyond the limits in rows, time or memory'),
        default: problemAnswer('Any other problem'),
      },
    },
  }
}

/** The statement behind an answer: the same parameters, less those of delivery. */
function statementOf(analysis: Analysis) {
  const { columns } = deliveryOf(analysis)
  const properties = { ...remotePropertiesOf(analysis), ...(columns ? { columns } : {}) }
  return {
    get: {
      operationId: `${analysis.name}-statement`,
      summary: `The statement that answers: ${analysis.question}`,
      parameters: Object.entries(properties).map(([name, property]) => parameterOf(name, property)),
      responses: {
        200: {
          description: 'Statement and values, for the engine’s shell',
          content: { 'text/plain': { schema: text } },
        },
        default: problemAnswer('Any problem'),
      },
    },
  }
}

/** A route that tells what one must know to ask. */
function read(
  operationId: string,
  summary: string,
  names: { readonly path?: Readonly<Record<string, string>>; readonly query?: Readonly<Record<string, string>> } = {},
) {
  const parameters = Object.entries(names).flatMap(([place, described]) =>
    Object.entries(described as Readonly<Record<string, string>>).map(([name, description]) => ({
      name,
      in: place,
      description,
      required: place === 'path',
      schema: text,
    })),
  )
  return {
    get: {
      operationId,
      summary,
      parameters,
      responses: { 200: { description: summary }, default: problemAnswer('Any problem') },
    },
  }
}

const components = {
  schemas: {
    Problem: {
      type: 'object',
      required: ['type', 'title', 'status', 'detail', 'code', 'request_id'],
      properties: {
        type: text,
        title: text,
        status: { type: 'integer' },
        detail: text,
        code: { ...text, description: 'Stable: area/what' },
        errors: list({
          type: 'object',
          required: ['parameter', 'received', 'allowed'],
          properties: { parameter: text, received: text, allowed: text },
        }),
        request_id: text,
      },
    },
    Dataset: {
      type: 'object',
      properties: {
        name: text,
        version: text,
        kind: text,
        currency: { ...text, description: 'Empty where it holds no money' },
        valuation: text,
        edition: { ...text, description: 'Nomenclature of its last period, empty where it holds no flows' },
        all_goods: { type: ['boolean', 'null'], description: 'Whether its products together are all goods' },
        sources: list(text),
      },
    },
    Answer: {
      type: 'object',
      required: [
        'analysis',
        'title',
        'parameters',
        'dataset',
        'datasets',
        'tool_version',
        'columns',
        'rows',
        'caveats',
      ],
      properties: {
        analysis: text,
        title: text,
        parameters: { type: 'object', description: 'As resolved: codes in place of names' },
        dataset: { anyOf: [reference('Dataset'), { type: 'null' }] },
        datasets: list(reference('Dataset')),
        tool_version: text,
        columns: list({ type: 'object', properties: { name: text, type: text, unit: text, description: text } }),
        rows: list({ type: 'object', description: 'Whole numbers beyond 2^53 as decimal text' }),
        caveats: list(text),
        sources: list(text),
        headline: { ...textOrNull, description: 'The finding in a sentence' },
        reason: { ...textOrNull, description: 'Why there are no rows' },
        failed: { ...textOrNull, description: 'A check that was asked for and did not hold' },
        next: { ...textOrNull, description: 'Address of the next page' },
        names: {
          type: 'object',
          additionalProperties: text,
          description: 'What the codes in the rows are called, economies and products',
        },
        estimated: { ...list({ type: 'integer' }), description: 'Periods that the publisher has estimated' },
        incomplete: { ...list({ type: 'integer' }), description: 'Years that have fewer than twelve months' },
        doubted: {
          ...list({
            type: 'object',
            properties: { importer: text, supplier: text, periods: list({ type: 'integer' }) },
          }),
          description: 'Series in these rows that the dataset doubts, for what is drawn of them',
        },
        events: {
          ...list({ type: 'object', properties: { date: text, text, source: text } }),
          description: 'Controls that concern these rows, for what is drawn over time',
        },
      },
    },
  },
}

/** Every route of the interface, from the declarations: OpenAPI 3.1. */
export function openapi(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Chokepoint',
      version: toolVersion,
      description: 'Where an economy hangs on a supplier that it cannot replace. Every route reads; none writes.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: {
      '/api/v1': {
        get: { operationId: 'index', summary: 'The analyses', responses: { 200: { description: 'A list' } } },
      },
      '/api/v1/datasets': read('datasets', 'The datasets loaded'),
      '/api/v1/datasets/{name}': read('dataset', 'A dataset with its account, coverage and doubts', {
        path: { name: 'name or name@version' },
      }),
      '/api/v1/methods': read('methods', 'Every analysis as declared, and the methods of screening'),
      '/api/v1/methods/{name}': read('method', 'An analysis as declared', { path: { name: 'Of the analysis' } }),
      '/api/v1/economies': read('economies', 'Economies and groups that a text may mean', {
        query: { text: 'A code, or the beginning of a name in any language' },
      }),
      '/api/v1/groups': read('groups', 'Named lists of economies, of products and of controlled goods', {
        query: { dataset: 'name or name@version, to be told how many codes of each list it holds' },
      }),
      '/api/v1/products': read('products', 'Products of a dataset that a text may mean', {
        query: { dataset: 'name or name@version', text: 'The beginning of a code, or words of a description' },
      }),
      ...Object.fromEntries(
        analysisList.flatMap((analysis) => [
          [`/api/v1/${analysis.name}`, operationOf(analysis)],
          [`/api/v1/${analysis.name}/statement`, statementOf(analysis)],
        ]),
      ),
    },
    components,
  }
}
