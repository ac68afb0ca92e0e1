import { render } from 'preact'
import { followLinks, useAddress } from './address.ts'
import { AnalysisPage } from './analysis/analysis-page.tsx'
import { ClaimsPage } from './claims-page.tsx'
import { DatasetPage } from './dataset-page.tsx'
import { DatasetsPage } from './datasets-page.tsx'
import { DiversionPage } from './diversion/diversion-page.tsx'
import { FrontPage } from './front/front-page.tsx'
import { MethodPage } from './method-page.tsx'
import { MethodsPage } from './methods-page.tsx'
import { QuestionsPage } from './questions-page.tsx'
import { Shell, Unknown } from './shell.tsx'

/** The parts of a path; nothing where it is not percent-encoded UTF-8, which no page is called. */
function partsOf(path: string): (string | undefined)[] {
  try {
    return path.split('/').map(decodeURIComponent)
  } catch {
    return []
  }
}

function Page() {
  const address = useAddress()
  const [, section, name] = partsOf(address.path)
  const page = () => {
    if (section === '') return <FrontPage address={address} />
    if (section === 'diversion' && !name) return <DiversionPage address={address} />
    if (section === 'questions' && !name) return <QuestionsPage />
    if (section === 'analysis' && name) return <AnalysisPage key={name} name={name} address={address} />
    if (section === 'claims' && !name) return <ClaimsPage address={address} />
    if (section === 'datasets') return name ? <DatasetPage key={name} name={name} /> : <DatasetsPage />
    if (section === 'methods') return name ? <MethodPage key={name} name={name} /> : <MethodsPage />
    return <Unknown />
  }
  return <Shell path={address.path}>{page()}</Shell>
}

document.addEventListener('click', followLinks)
const place = document.getElementById('page')
if (place) {
  place.textContent = ''
  render(<Page />, place)
}
