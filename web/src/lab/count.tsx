/** How many patients a row of a table is about; a click lists them. */
export function Count({ n, show }: { n: number; show: () => void }) {
  return (
    <button type="button" class="quiet" onClick={show} aria-label={`${n} patients: show`}>
      {n}
    </button>
  )
}
