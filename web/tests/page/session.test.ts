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
