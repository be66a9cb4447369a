import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startMock } from '../../mock/server.ts'
import { launch, logIn, openPage, openStudy, studyHash, tab, visit } from './browser.ts'

test('a link to a study leads there after the login, with its slice', async () => {
  const mock = await startMock()
  const browser = await launch()
  const { page } = await openPage(browser, mock, {})
  await page.goto(`${mock.url}/${studyHash(mock, 1, '?version=analysis&slice=9')}`)
  await page.getByLabel('Name').fill('meyer')
  await page.getByLabel('Password').fill('wrong')
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByText('Name or password is wrong.').waitFor()
  await logIn(page, 'meyer')
  await page.locator('[data-testid=pane-0][data-slice="9"]').waitFor()
  await browser.close()
  await mock.close()
})

test('a session that ends hides the page and brings it back as it was', () =>
  visit({}, async (v) => {
    await openStudy(v, 0, '?slice=7')
    await tab(v.page, 'Why')
    v.mock.sessions.clear()
    await v.page.getByTestId('login').waitFor()
    assert.equal(await v.page.getByTestId('study').isVisible(), false)
    await v.page.keyboard.press('Escape')
    await v.page.getByRole('button', { name: 'Log in' }).focus()
    await v.page.keyboard.press('ArrowDown')
    await logIn(v.page, 'meyer')
    assert.equal(await v.page.locator('[data-testid=pane-0]').getAttribute('data-slice'), '7')
    assert.equal(await v.page.getByRole('tab', { name: 'Why' }).getAttribute('aria-selected'), 'true')
  }))

test('the page warns before the session ends, and the session can be kept', () =>
  visit({ idle_s: 4 }, async (v) => {
    await v.page.getByTestId('session-ends').waitFor()
    await v.page.getByRole('button', { name: 'Stay logged in' }).click()
    await v.page.getByTestId('session-ends').waitFor({ state: 'detached' })
    await v.page.getByTestId('login').waitFor({ timeout: 8000 })
    await v.page.getByText('The session ended because the page was not used.').waitFor()
    assert.equal(v.mock.sessions.size, 0)
  }))

test('use in one window keeps the session of another', () =>
  visit({ idle_s: 4 }, async (v) => {
    const other = await v.context.newPage()
    await other.goto(v.mock.url)
    await other.locator('header.top-bar').waitFor()
    for (let n = 0; n < 12; n++) {
      await other.mouse.click(4, 400)
      await other.waitForTimeout(500)
    }
    assert.equal(v.mock.sessions.size, 1)
    assert.equal(await v.page.getByTestId('login').count(), 0)
    assert.equal(await v.page.getByTestId('session-ends').count(), 0, 'nor does it warn')
  }))

test('the node is told of the last use too, and only once', () =>
  visit({ idle_s: 12 }, async (v) => {
    await v.page.getByTestId('row').first().waitFor()
    const asked = (): number => v.mock.asked.get('GET /api/session') ?? 0
    const before = asked()
    await v.page.mouse.click(4, 400)
    await v.page.waitForTimeout(500)
    assert.equal(asked(), before)
    await v.page.waitForTimeout(4500)
    assert.equal(asked(), before + 1)
  }))

test('a session that ends under an open dialog lets one log in, and the dialog is there again', () =>
  visit({}, async (v) => {
    await openStudy(v, 0)
    await tab(v.page, 'Review')
    await v.page.getByTestId('edit').click()
    await v.page.getByTestId('edit-reason').fill('Kept.')
    await v.page.getByTestId('discard-edit').click()
    await v.page.getByTestId('question').waitFor()
    v.mock.sessions.clear()
    await v.page.getByTestId('login').waitFor()
    assert.equal(await v.page.locator('dialog[open]').count(), 0)
    await logIn(v.page, 'meyer')
    await v.page.getByTestId('question').locator('[data-answer=stay]').click()
    assert.equal(await v.page.getByTestId('edit-reason').inputValue(), 'Kept.')
  }))

test('a page notices that another window has logged in as somebody else', () =>
  visit({ idle_s: 8 }, async (v) => {
    await v.page.locator('header.top-bar').getByText('Dr. A. Meyer').waitFor()
    await v.context.request.post(`${v.mock.url}/api/login`, { data: { name: 'rossi', password: 'reading-room' } })
    await v.page.mouse.click(4, 400)
    await v.page.locator('header.top-bar').getByText('Dr. B. Rossi').waitFor({ timeout: 6000 })
  }))

test('who cannot be logged out is told so, and stays', () =>
  visit({}, async (v) => {
    const told = v.page.getByTestId('announcer').getByText('You are still logged in')
    await v.page.route('**/api/logout', (route) => route.fulfill({ status: 403, json: { error: 'Not from this page.' } }))
    await v.page.getByTestId('logout').click()
    await told.and(v.page.getByText('Not from this page.')).waitFor()
    assert.equal(await v.page.getByTestId('login').count(), 0)
    await v.page.unroute('**/api/logout')
    await v.page.route('**/api/logout', (route) => route.abort('internetdisconnected'))
    await v.page.getByTestId('logout').click()
    await told.and(v.page.getByText('The node does not answer.')).waitFor()
    assert.equal(await v.page.getByTestId('login').count(), 0)
    await v.page.unroute('**/api/logout')
    await v.page.getByTestId('logout').click()
    await v.page.getByTestId('login').waitFor()
    assert.equal(v.mock.sessions.size, 0)
  }))

test('the password can be changed', () =>
  visit({ at: '#/account' }, async (v) => {
    await v.page.getByLabel('Old password').fill('wrong')
    await v.page.getByLabel('New password', { exact: true }).fill('a-longer-one')
    await v.page.getByLabel('New password again').fill('a-longer-one')
    await v.page.getByRole('button', { name: 'Change the password' }).click()
    await v.page.getByText('The old password is wrong.').waitFor()
    await v.page.getByLabel('Old password').fill('reading-room')
    await v.page.getByRole('button', { name: 'Change the password' }).click()
    await v.page.getByTestId('announcer').getByText('The password is changed.').waitFor()
    await v.page.getByTestId('logout').click()
    await v.page.getByTestId('login').waitFor()
    assert.equal(v.mock.users[0].password, 'a-longer-one')
  }))

test('a node that is away is said in a banner, and nothing is lost', () =>
  visit({}, async (v) => {
    await openStudy(v, 0)
    await tab(v.page, 'Review')
    await v.page.getByTestId('edit').click()
    await v.page.getByTestId('edit-reason').fill('Kept.')
    await v.context.setOffline(true)
    await v.page.getByTestId('save-edit').click()
    await v.page.getByTestId('away').waitFor()
    assert.equal(await v.page.getByTestId('edit-reason').inputValue(), 'Kept.')
    await v.context.setOffline(false)
    await v.page.getByTestId('save-edit').click()
    await v.page.getByTestId('edit-panel').waitFor({ state: 'detached' })
    assert.equal(await v.page.getByTestId('away').count(), 0)
    assert.equal(v.mock.studies[0].versions.at(-1)?.reason, 'Kept.')
  }))

test('administrators add and disable users and search the audit trail; readers cannot', () =>
  visit({ as: 'admin', at: '#/users' }, async (v) => {
    await v.page.getByLabel('Login name').fill('nowak')
    await v.page.getByLabel('Full name, as reviews carry it').fill('Dr. Z. Nowak')
    await v.page.getByLabel('First password').fill('long-enough')
    await v.page.getByRole('button', { name: 'Add', exact: true }).click()
    const row = v.page.getByTestId('users').getByRole('row', { name: /nowak/ })
    await row.waitFor()
    await row.getByRole('button', { name: 'Disable' }).click()
    await row.getByText('✕ Disabled').waitFor()
    await row.getByLabel('Role of nowak').selectOption('admin')
    await v.page.waitForTimeout(200)
    assert.equal(v.mock.users.find((u) => u.name === 'nowak')?.role, 'admin')
    await row.getByRole('button', { name: 'New password' }).click()
    await v.page.getByRole('dialog').getByLabel('New password').fill('another-one')
    await v.page.getByRole('button', { name: 'Set the password' }).click()
    await v.page.getByRole('link', { name: 'Audit trail' }).click()
    await v.page.getByLabel('Search').fill('nowak')
    await v.page.getByLabel('Search').press('Tab')
    await v.page.waitForFunction(() => document.querySelectorAll('[data-testid=audit] tbody tr').length > 0 && !document.body.textContent?.includes('login failed'))
    assert.match((await v.page.getByTestId('audit').textContent()) ?? '', /user changed/)
    assert.match(await v.page.evaluate(() => location.hash), /search=nowak/)
  }))
