// Stands in for Niivue's reader of Zarr stores: every volume here is NIfTI, and what is never read need not be carried.

function refuse(): never {
  throw new Error('This page reads NIfTI volumes only; a Zarr store was asked for.')
}

export class FetchStore {
  constructor() {
    refuse()
  }
}
export class Location {
  constructor() {
    refuse()
  }
}
export const root = refuse
export const open = refuse
export const get = refuse
export const slice = refuse
