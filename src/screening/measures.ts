/** What the data must offer, or the question name, before a measure has a value. */
export const needs = ['exports', 'coalition'] as const
export type Need = (typeof needs)[number]

/**
 * What a criterion of a method may compare. The formulas stand in `measures/criterion-values.sql`, each under its name;
 * where part of the purchase has no known partner, each has a value at either end of what that part may be.
 */
export const measures = {
  import_hhi: {
    about: 'concentration of suppliers: sum of squared shares of imports, in a bloc’s of those from outside',
  },
  extra_share: { about: 'imports from outside a bloc by all its imports, those among members too' },
  imports_to_exports: { about: 'imports by exports', needs: 'exports' },
  supplier_share: { about: 'share of imports that the supplier sells, the one asked about or the leading one' },
  supplier_world_share: { about: 'share of world exports that this supplier sells', needs: 'exports', of_world: true },
  supplier_to_others: {
    about: 'what this supplier sells to the importer by all that others export',
    needs: 'exports',
    of_world: true,
  },
  coalition_share: { about: 'share of imports that the coalition sells', needs: 'coalition' },
  world_hhi: {
    about: 'concentration of world exports: sum of squared shares of exporters',
    needs: 'exports',
    of_world: true,
  },
  world_hhi_without: { about: 'the same without the importer’s own exports', needs: 'exports', of_world: true },
  lead_exporter_share: {
    about: 'share of world exports that the largest exporter sells',
    needs: 'exports',
    of_world: true,
  },
  effective_supplier_ratio: {
    about: 'effective suppliers that the importer uses by effective exporters in the world',
    needs: 'exports',
    of_world: true,
  },
} as const satisfies Record<string, { about: string; needs?: Need; of_world?: true }>

export type MeasureName = keyof typeof measures
export const measureNames = Object.keys(measures) as [MeasureName, ...MeasureName[]]

const declared: Readonly<
  Record<MeasureName, { readonly about: string; readonly needs?: Need; readonly of_world?: true }>
> = measures

/** What must be there before a measure has a value. */
export const needOf = (measure: MeasureName): Need | undefined => declared[measure].needs

/** Whether it compares with what others than the importer sell to the world. */
export const isOfWorld = (measure: MeasureName): boolean => declared[measure].of_world === true
