import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core'
import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useReducer, useState } from 'preact/hooks'

/** From so many rows on only those in view are in the page. */
export const manyRows = 200

/** Which of many rows are in view of what scrolls them, and how much lies before and behind. */
export function useVirtual(scroller: RefObject<HTMLElement | null>, count: number, height: number) {
  const [, again] = useReducer((times: number) => times + 1, 0)
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => again(undefined as never),
  }
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLTableRowElement>(options))
  virtualizer.setOptions({ ...virtualizer.options, ...options })
  useEffect(() => virtualizer._didMount(), [virtualizer])
  useLayoutEffect(() => virtualizer._willUpdate())
  const items: readonly VirtualItem[] = virtualizer.getVirtualItems()
  const before = items[0]?.start ?? 0
  const behind = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0)
  return { items, before, behind, measure: (row: HTMLTableRowElement | null) => virtualizer.measureElement(row) }
}
