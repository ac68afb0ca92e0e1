/** Custom properties of the drawings and their light values; on white, with contrasts of 3:1 at least for graphics. */
export const light: Readonly<Record<string, string>> = {
  ground: '#FFFFFF',
  text: '#14181F',
  muted: '#4B5563',
  link: '#0B57D0',
  rule: '#D5DAE0',
  'rule-strong': '#7A828C',
  s1: '#D67428',
  s2: '#152A96',
  s3: '#1A7072',
  s4: '#571349',
  s5: '#1E97FE',
  s6: '#534910',
  others: '#8A929C',
  q0: '#E6EEF8',
  q1: '#B5CCE8',
  q2: '#7FA5D3',
  q3: '#4A7BB8',
  q4: '#22508F',
  q5: '#0C2A57',
  shore: '#FFFFFF',
  coast: '#9AA5B1',
  'no-data': '#EEF0F2',
}

/** The dark ones; the sequential scale turns round, so that more is always further from the ground. */
const dark: Readonly<Record<string, string>> = {
  ground: '#14181F',
  text: '#E8ECF1',
  muted: '#AAB4C0',
  link: '#8AB8FF',
  rule: '#343C47',
  'rule-strong': '#7D8794',
  s1: '#E48F4D',
  s2: '#5EA2F7',
  s3: '#A4FADA',
  s4: '#BA33B3',
  s5: '#6ED7EB',
  s6: '#E5D125',
  others: '#8A929C',
  q0: '#0C2A57',
  q1: '#22508F',
  q2: '#4A7BB8',
  q3: '#7FA5D3',
  q4: '#B5CCE8',
  q5: '#E6EEF8',
  shore: '#14181F',
  coast: '#5B6673',
  'no-data': '#262D37',
}

/** On paper the ground is white whatever the theme, and greys are a little darker. */
const print = {
  ...light,
  text: '#000000',
  muted: '#333333',
  link: '#000000',
  rule: '#999999',
  'rule-strong': '#666666',
}

const said = (values: Readonly<Record<string, string>>) =>
  Object.entries(values)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';')

/** What drawings look like, for a page: values by theme, tooltip, focus, brush; print repeats the light values last. */
export const chartStyles: string = `:root{${said(light)}}
@media (prefers-color-scheme:dark){:root{${said(dark)}}}
@media print{:root{${said(print)}}}
.chart{display:block;width:100%;height:auto;overflow:visible;font:13px var(--font,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif);color:var(--muted);font-variant-numeric:tabular-nums}
.chart-frame{position:relative}
.chart[data-kind=points]{user-select:none}
.chart-frame:focus-visible{outline:3px solid var(--link);outline-offset:4px}
.chart-ring{fill:none;stroke:var(--text);stroke-width:2;pointer-events:none}
.chart-brush{fill:var(--link);fill-opacity:.08;stroke:var(--link);stroke-width:1;pointer-events:none}
.chart-faded{opacity:.18}
.chart-tip{position:absolute;z-index:2;pointer-events:none;background:var(--ground);color:var(--text);border:1px solid var(--rule-strong);border-radius:3px;padding:.5rem .75rem;font-size:.875rem;line-height:1.4;max-width:17rem;box-shadow:0 2px 8px rgb(0 0 0 / 18%);font-variant-numeric:tabular-nums}
.chart-tip[hidden]{display:none}
.chart-tip div:first-child{font-weight:650}
.chart-live{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media print{.chart-tip,.chart-ring,.chart-brush{display:none}.chart{break-inside:avoid;print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`
