import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskOf } from '../../mock/reviews.ts'
import { lesionMask } from '../../mock/volumes.ts'
import { drag, openStudy, paneBox, ready, settled, tab, visit, type Visit } from './browser.ts'

async function beginEdit(v: Visit, n = 0): Promise<void> {
  await openStudy(v, n, '?slice=12')
  await tab(v.page, 'Review')
  await v.page.getByTestId('edit').click()
  await v.page.getByTestId('edit-panel').waitFor()
}

const volumeOf = async ({ page }: Visit, id: number): Promise<number> =>
  Number(/([\d.]+) ml/.exec((await page.getByTestId(`edit-lesion-${id}`).textContent()) ?? '')?.[1] ?? 0)

/** Draws a new lesion below the right gland and gives a reason. */
async function drawLesion(v: Visit): Promise<void> {
  await v.page.getByTestId('new-lesion').click()
  const { at } = await paneBox(v.page, 0)
  await drag(v.page, at(40, 100), at(60, 100))
  await v.page.getByTestId('edit-reason').fill('A second lesion was missed.')
}

async function save({ page }: Visit): Promise<void> {
  await page.getByTestId('save-edit').click()
}

const saved = (v: Visit): Promise<void> => v.page.getByTestId('edit-panel').waitFor({ state: 'detached' })

test('what the brush draws is what the node gets, and what is shown afterwards', () =>
  visit({}, async (v) => {
    await beginEdit(v)
    await drawLesion(v)
    assert.ok((await volumeOf(v, 2)) > 0.4)
    await v.page.getByLabel('Class of lesion 2').selectOption('malignant')
    await v.page.getByLabel('Malignant tumour', { exact: true }).check()
    await save(v)
    await saved(v)
    const [study] = v.mock.studies
    const edit = study.versions.at(-1)
    assert.equal(edit?.kind, 'edit')
    assert.equal(edit?.by, 'Dr. A. Meyer')
    const mask = maskOf(study, edit?.id ?? '')
    const at = (i: number, j: number, k: number): number => mask[i + 128 * (j + 128 * k)]
    assert.equal(at(50, 100, 11), 2, 'drawn on the slice that was shown')
    assert.equal(at(50, 100, 10), 0, 'and on no other')
    assert.equal(at(50, 110, 11), 0)
    const before = lesionMask(study.phantom)
    assert.ok(before.every((id, n) => id === 0 || mask[n] === id), 'the first lesion is as it was')
    assert.equal(study.edits.get(edit?.id ?? '')?.diagnosis.class, 'malignant')
    await v.page.locator(`[data-testid=study][data-version="${edit?.id}"][data-outlines=true]`).waitFor()
    await tab(v.page, 'Findings')
    assert.match((await v.page.getByTestId('headline').textContent()) ?? '', /Edited: Dr\. A\. Meyer.*Malignant tumour/)
    assert.match(await v.page.evaluate(() => location.hash), new RegExp(`version=${edit?.id}`))
  }))

test('undo and redo, eraser, and a ball through slices', () =>
  visit({}, async (v) => {
    await beginEdit(v)
    const { at } = await paneBox(v.page, 0)
    const start = await volumeOf(v, 1)
    await v.page.getByTestId('tool-eraser').click()
    await drag(v.page, at(90, 68), at(104, 68))
    const erased = await volumeOf(v, 1)
    assert.ok(erased < start, `${erased} ml of ${start}`)
    await v.page.keyboard.press('Control+z')
    assert.equal(await volumeOf(v, 1), start)
    await v.page.keyboard.press('Control+Shift+z')
    assert.equal(await volumeOf(v, 1), erased)
    await v.page.getByTestId('undo').click()
    await v.page.getByTestId('tool-brush').click()
    await v.page.mouse.click(...at(60, 100))
    const flat = (await volumeOf(v, 1)) - start
    await v.page.keyboard.press('Control+z')
    await v.page.getByTestId('brush-3d').check()
    await v.page.getByTestId('brush-size').fill('6')
    await v.page.mouse.click(...at(60, 100))
    // 6 mm reach one slice of 4 mm up and one down.
    const deep = (await volumeOf(v, 1)) - start
    assert.ok(deep > 4 * flat, `${deep} ml and ${flat} ml`)
    await v.page.getByRole('button', { name: 'Remove lesion 1' }).click()
    assert.equal(await v.page.getByTestId('edit-lesion-1').count(), 0)
    await v.page.keyboard.press('Control+z')
    assert.ok((await volumeOf(v, 1)) > start)
  }))

/** Draws, and leaves the drawing as a draft. */
async function leaveDraft(v: Visit): Promise<number> {
  await beginEdit(v)
  await drawLesion(v)
  const drawn = await volumeOf(v, 2)
  await v.page.locator('[data-testid=edit-panel][data-kept=true]').waitFor()
  await v.page.reload()
  await ready(v.page)
  await tab(v.page, 'Review')
  return drawn
}

test('a reload in the middle keeps the drawing, and offers it again', () =>
  visit({}, async (v) => {
    const drawn = await leaveDraft(v)
    await v.page.getByTestId('resume-draft').click()
    await v.page.getByTestId('edit-panel').waitFor()
    assert.equal(await volumeOf(v, 2), drawn)
    assert.equal(await v.page.getByTestId('edit-reason').inputValue(), 'A second lesion was missed.')
    await save(v)
    await saved(v)
    assert.equal(v.mock.studies[0].versions.at(-1)?.kind, 'edit')
    await v.page.reload()
    await ready(v.page)
    assert.equal(await v.page.getByTestId('draft').count(), 0)
  }))

test('leaving an unsaved edit asks first', () =>
  visit({}, async (v) => {
    await beginEdit(v)
    await drawLesion(v)
    await v.page.getByRole('button', { name: '‹ Worklist' }).click()
    await v.page.locator('[data-answer=stay]').click()
    assert.equal(await v.page.getByTestId('edit-panel').count(), 1)
    await v.page.goBack()
    await v.page.locator('[data-answer=keep]').click()
    await v.page.getByTestId('worklist').waitFor()
    await openStudy(v, 0)
    await v.page.getByTestId('draft').waitFor()
  }))

test('a conflict keeps the drawing, says who was faster, and lets one look or save on top', () =>
  visit({}, async (v) => {
    await beginEdit(v)
    await drawLesion(v)
    const [study] = v.mock.studies
    study.versions.push({ id: '6', kind: 'edit', at: 1_790_001_000, by: 'Dr. B. Rossi', reason: 'smaller', based_on: 'analysis', state: 'done' })
    study.edits.set('6', { mask: lesionMask(study.phantom), diagnosis: study.diagnosis! })
    await save(v)
    const question = v.page.getByTestId('question')
    assert.match((await question.textContent()) ?? '', /Dr\. B\. Rossi/)
    await question.locator('[data-answer=wait]').click()
    assert.ok((await volumeOf(v, 2)) > 0.4, 'the drawing is still there')
    await save(v)
    await question.locator('[data-answer=look]').click()
    await v.page.locator('[data-testid=study][data-version="6"]').waitFor()
    await v.page.getByTestId('resume-draft').click()
    await v.page.getByTestId('edit-panel').waitFor()
    assert.ok((await volumeOf(v, 2)) > 0.4)
    await save(v)
    await question.locator('[data-answer=over]').click()
    await saved(v)
    assert.equal(study.versions.at(-1)?.based_on, '6')
    assert.equal(study.versions.at(-1)?.by, 'Dr. A. Meyer')
  }))

test('nobody accepts on top of a version that he has not seen', () =>
  visit({}, async (v) => {
    await openStudy(v, 0)
    await tab(v.page, 'Review')
    await v.page.getByTestId('accept').click()
    const [study] = v.mock.studies
    study.versions.push({ id: '6', kind: 'edit', at: 1_790_001_000, by: 'Dr. B. Rossi', reason: 'smaller', based_on: 'analysis', state: 'done' })
    study.edits.set('6', { mask: lesionMask(study.phantom), diagnosis: study.diagnosis! })
    await v.page.getByTestId('confirm').click()
    const look = v.page.getByTestId('question').locator('[data-answer=look]')
    await look.waitFor()
    assert.equal(await v.page.locator('[data-answer=over]').count(), 0)
    await look.click()
    await v.page.locator('[data-testid=study][data-version="6"]').waitFor()
    assert.equal(study.versions.at(-1)?.id, '6')
  }))

test('a new edit does not take the place of a draft unasked', () =>
  visit({}, async (v) => {
    const drawn = await leaveDraft(v)
    const answer = async (id: string): Promise<void> => {
      await v.page.getByTestId('edit').click()
      await v.page.getByTestId('question').locator(`[data-answer=${id}]`).click()
    }
    await answer('cancel')
    assert.equal(await v.page.getByTestId('edit-panel').count(), 0)
    await answer('resume')
    await v.page.getByTestId('edit-panel').waitFor()
    assert.equal(await volumeOf(v, 2), drawn)
    await v.page.reload()
    await ready(v.page)
    await tab(v.page, 'Review')
    await answer('anew')
    await v.page.getByTestId('edit-panel').waitFor()
    assert.equal(await v.page.getByTestId('edit-lesion-2').count(), 0)
    await v.page.reload()
    await ready(v.page)
    assert.equal(await v.page.getByTestId('draft').count(), 0)
  }))

test('while an edit is being saved nothing is drawn on it', () =>
  visit({}, async (v) => {
    await beginEdit(v)
    await drawLesion(v)
    let go = (): void => {}
    const held = new Promise<void>((free) => (go = free))
    await v.page.route('**/reviews', async (route) => {
      await held
      await route.continue()
    })
    const drawn = await volumeOf(v, 2)
    await save(v)
    await v.page.getByText('Saving …').waitFor()
    const { at } = await paneBox(v.page, 0)
    await drag(v.page, at(40, 110), at(60, 110))
    await v.page.keyboard.press('Control+z')
    assert.equal(await volumeOf(v, 2), drawn)
    assert.equal(await v.page.getByTestId('edit-reason').isDisabled(), true)
    go()
    await saved(v)
  }))

/** New images have come and been analysed: the version that was there is gone. */
function analyseAnew({ mock }: Visit, n = 0): void {
  const [study, like] = [mock.studies[0], mock.studies[n]]
  study.phantom = like.phantom
  study.diagnosis = like.diagnosis
  study.versions = [{ ...like.versions[0], id: 'analysis-2' }]
}

test('new images of a study leave the drawing alone, and it is offered on the new answer', () =>
  visit({}, async (v) => {
    await beginEdit(v)
    const { at } = await paneBox(v.page, 0)
    await v.page.getByTestId('new-lesion').click()
    await v.page.mouse.move(...at(40, 100))
    await v.page.mouse.down()
    analyseAnew(v)
    await v.page.getByTestId('version-gone').waitFor()
    await v.page.mouse.move(...at(60, 100), { steps: 3 })
    await v.page.mouse.up()
    await v.page.getByTestId('edit-reason').fill('A second lesion was missed.')
    const drawn = await volumeOf(v, 2)
    assert.ok(drawn > 0.4, `${drawn} ml`)
    await save(v)
    await v.page.getByTestId('question').locator('[data-answer=look]').click()
    await v.page.locator('[data-testid=study][data-version="analysis-2"][data-outlines=true]').waitFor()
    await v.page.getByTestId('resume-draft').click()
    await v.page.getByTestId('question').locator('[data-answer=move]').click()
    await v.page.getByTestId('edit-panel').waitFor()
    assert.equal(await volumeOf(v, 2), drawn)
    await save(v)
    await saved(v)
    assert.equal(v.mock.studies[0].versions.at(-1)?.based_on, 'analysis-2')
  }))

test('a drawing that does not fit the new images is not put on them', () =>
  visit({}, async (v) => {
    await leaveDraft(v)
    analyseAnew(v, 9)
    await v.page.getByTestId('version-gone').getByRole('button').click()
    await v.page.locator('[data-testid=study][data-version="analysis-2"]').waitFor()
    await v.page.getByTestId('resume-draft').click()
    await v.page.getByTestId('question').getByText('does not fit').waitFor()
    assert.equal(await v.page.locator('[data-answer=move]').count(), 0)
    await v.page.locator('[data-answer=wait]').click()
    assert.equal(await v.page.getByTestId('edit-panel').count(), 0)
    assert.equal(await v.page.getByTestId('draft').count(), 1)
  }))

test('accepting and rejecting carry the account\'s name; rejecting needs a reason', () =>
  visit({}, async (v) => {
    await openStudy(v, 0)
    await tab(v.page, 'Review')
    await v.page.getByTestId('accept').click()
    await v.page.getByTestId('confirm').click()
    await v.page.getByText('Last decision: accept by Dr. A. Meyer.').waitFor()
    await v.page.getByTestId('reject').click()
    await v.page.getByTestId('confirm').click()
    assert.equal(v.mock.studies[0].versions.length, 2, 'nothing is sent without a reason')
    await v.page.getByTestId('reason').fill('Motion.')
    await v.page.getByTestId('confirm').click()
    await v.page.getByText('Last decision: reject by Dr. A. Meyer.').waitFor()
    await tab(v.page, 'Versions')
    assert.match((await v.page.getByTestId('versions').textContent()) ?? '', /Rejected.*Motion\..*Accepted.*Program/)
  }))

test('two versions are compared as solid and dashed outlines', () =>
  visit({}, async (v) => {
    const [study] = v.mock.studies
    const mask = lesionMask(study.phantom)
    study.versions.push({ id: '7', kind: 'edit', at: 1_790_001_000, by: 'Dr. B. Rossi', reason: 'smaller', based_on: 'analysis', state: 'done' })
    study.edits.set('7', { mask: mask.map((id, n) => (n % 128 > 97 ? 0 : id)), diagnosis: study.diagnosis! })
    await openStudy(v, 0, '?slice=12&tab=history')
    await v.page.locator('[data-testid=study][data-version="7"]').waitFor()
    await v.page.getByTestId('compare-analysis').click()
    await v.page.getByTestId('legend').getByText('dashed: the program').waitFor()
    assert.match((await v.page.getByTestId('legend').textContent()) ?? '', /solid: Dr\. B\. Rossi/)
    await v.page.locator('[data-version=analysis]').getByRole('button', { name: 'Show' }).click()
    await v.page.getByTestId('older-version').waitFor()
    await settled(v.page)
  }))
