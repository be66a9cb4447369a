// What labels are called on the page. The labels come from the model's data; one that is not in the table is shown as it is.

const kTitles: Record<string, string> = {
  warthin: 'Warthin tumour',
  pleomorphic: 'Pleomorphic adenoma',
  malignant: 'Malignant tumour',
}

const sentence = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ')

export const classTitle = (name: string): string => kTitles[name] ?? sentence(name)

/** Classes that must never disappear behind a likelier benign one. */
export const isMalignant = (name: string): boolean => /malig|carcin|cancer|lymphom|metasta/i.test(name)

export const kVerdictWords: Record<string, string> = {
  class: 'Class',
  indeterminate: 'Indeterminate',
  no_tumour_found: 'No tumour found',
  refused: 'Refused',
  '': '',
}
