import { Refusal } from '../refusal.ts'
import { download, type Progress } from './download.ts'
import type { PullFolder } from './folder.ts'
import type { Network } from './network.ts'
import type { Patience } from './patience.ts'

/** Where CEPII keeps its archives. */
export const baciServer = 'https://www.cepii.fr'

export interface BaciRequest {
  readonly server: URL
  readonly edition: 'HS92' | 'HS96' | 'HS02' | 'HS07' | 'HS12' | 'HS17' | 'HS22'
  /** Year and month of publication, such as 202601. */
  readonly vintage: string
  readonly folder: PullFolder
  readonly network: Network
  readonly patience: Patience
  readonly progress: (file: string, progress: Progress) => void
}

/**
 * Pull BACI's archive of an edition, whole and with its checksum.
 * @returns the archive's name in the folder
 * @throws Refusal where there is no such archive, or it cannot be had
 */
export async function pullBaci(request: BaciRequest): Promise<string> {
  const { edition, vintage, server, folder, network, patience } = request
  if (!/^\d{6}$/.test(vintage))
    throw new Refusal(
      'wrong_use',
      'pull/vintage',
      `--vintage ${vintage}: year and month of publication, such as 202601`,
    )
  const name = `BACI_${edition}_V${vintage}.zip`
  if (await folder.holds(name)) {
    patience.tell(`${name}: there already, and whole`)
    return name
  }
  const address = new URL(`/DATA_DOWNLOAD/baci/data/${name}`, server)
  const progress = (made: Progress) => request.progress(name, made)
  const sha256 = await download({ address, name, network, folder, patience, progress })
  if (sha256 === undefined)
    throw new Refusal(
      'refused',
      'pull/missing',
      `${address.href}: no such file. The publisher's page says which vintages there are: http://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37`,
    )
  patience.tell(`${name}: sha256 ${sha256}`)
  return name
}
