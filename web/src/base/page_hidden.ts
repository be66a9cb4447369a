// Whether the page is hidden behind the login form. Meanwhile it takes no keys, and what is modal, which would make that form
// inert, is closed; it comes back unanswered.

import { Store } from './store.ts'

export const pageHidden = new Store(false)
