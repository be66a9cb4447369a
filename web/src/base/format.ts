// Numbers, dates and names as radiology writes them. Pure.

export const kDash = '–'

/** DICOM's Family^Given^Middle^Prefix^Suffix → "Family, Given Middle". Only the first representation is shown. */
export function personName(name: string): string {
  const [family = '', given = '', middle = ''] = name.split('=')[0].split('^')
  const rest = [given, middle].filter(Boolean).join(' ')
  return [family, rest].filter(Boolean).join(', ') || kDash
}

/** DICOM's YYYYMMDD → YYYY-MM-DD; anything else stays as it is. */
export const dicomDate = (date: string): string => (/^\d{8}$/.test(date) ? `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}` : date || kDash)

/** Whole years at the study's date; null when a date is missing. */
export function ageYears(birth: string, study: string): number | null {
  if (!/^\d{8}$/.test(birth) || !/^\d{8}$/.test(study)) return null
  const years = Math.floor((Number(study) - Number(birth)) / 10000)
  return years >= 0 && years < 150 ? years : null
}

/** Never 0 % or 100 %: a model does not know that. */
export function percent(p: number | null | undefined): string {
  if (p === null || p === undefined || !Number.isFinite(p)) return kDash
  if (p > 0 && p < 0.01) return '< 1 %'
  if (p < 1 && p > 0.99) return '> 99 %'
  return `${Math.round(p * 100)} %`
}

export function fixed(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined || !Number.isFinite(value) ? kDash : value.toFixed(digits)
}

/** µm²/s → 10⁻³ mm²/s, as radiologists read ADC. */
export const adc = (um2_s: number | null | undefined): string => fixed(um2_s === null || um2_s === undefined ? null : um2_s / 1000, 2)

const two = (n: number): string => String(n).padStart(2, '0')

/** Local time, to the minute. */
export function dateTime(at: number | null | undefined): string {
  if (!at) return kDash
  const d = new Date(at * 1000)
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}`
}

/** Without the year: for lists of what came lately. */
export const shortDateTime = (at: number | null | undefined): string => (at ? dateTime(at).slice(5) : kDash)

export function bytes(n: number | undefined): string {
  if (n === undefined) return ''
  if (n < 1000) return `${n} B`
  if (n < 1e6) return `${Math.round(n / 1e3)} kB`
  return `${(n / 1e6).toFixed(1)} MB`
}

/** A quantity to three significant digits, without exponents; counts above 100 whole. */
export function quantity(value: number): string {
  if (!Number.isFinite(value)) return kDash
  const size = Math.abs(value)
  if (size >= 100) return value.toFixed(0)
  if (size >= 10) return value.toFixed(1)
  return value.toFixed(2)
}

const kDiffusivity = 'µm²/s'

/** Diffusivities come in µm²/s and are read in 10⁻³ mm²/s; every other unit stays as it is. */
export const shownUnit = (unit: string): string => (unit === kDiffusivity ? '·10⁻³ mm²/s' : unit)
export const shownValue = (value: number, unit: string): string => (unit === kDiffusivity && Number.isFinite(value) ? (value / 1000).toFixed(2) : quantity(value))
