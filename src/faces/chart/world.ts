import type { Feature, Geometry } from 'geojson'
import { feature } from 'topojson-client'
import type { Topology } from 'topojson-specification'

/** The shipped map: borders at 1:110 million by economy, and places for economies too small to be seen on it. */
export interface World {
  readonly topology: Topology
  /** Economy, longitude, latitude. */
  readonly small: readonly (readonly [string, number, number])[]
}

/** A map as loaded, where it is one. */
export const worldFrom = (loaded: unknown): World | undefined =>
  typeof loaded === 'object' && loaded !== null && 'topology' in loaded && 'small' in loaded
    ? (loaded as World)
    : undefined

/** The land of each economy; ids are its codes. */
export function lands({ topology }: World): readonly Feature<Geometry>[] {
  const all = feature(topology, topology.objects['countries'] as never) as unknown as { features: Feature<Geometry>[] }
  return all.features
}
