// Whether dialogs may stand: while the page is hidden behind the login form, what is modal would make that inert. They come back
// unanswered.

import { Store } from './store.ts'

export const dialogsHidden = new Store(false)
