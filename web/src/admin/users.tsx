// Who may log in. A user is disabled, never deleted: the audit trail keeps referring to the name.

import { useEffect, useRef, useState } from 'preact/hooks'
import { addUser, changeUser, getUsers, type UserChange } from '../api/client.ts'
import type { Role, Session, User } from '../api/types.ts'
import { tell } from '../base/announce.tsx'
import { Dialog } from '../base/dialog.tsx'
import { dateTime } from '../base/format.ts'

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function AddUser({ onAdded }: { onAdded: () => void }) {
  const form = useRef<HTMLFormElement>(null)
  const [problem, setProblem] = useState('')
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const data = new FormData(form.current ?? undefined)
    const field = (key: string): string => String(data.get(key) ?? '').trim()
    try {
      await addUser({ name: field('name'), full_name: field('full_name'), role: field('role'), password: String(data.get('password') ?? '') })
      form.current?.reset()
      setProblem('')
      tell(`${field('full_name')} can log in now.`)
      onAdded()
    } catch (error) {
      setProblem(messageOf(error))
    }
  }
  return (
    <form class="row-form" ref={form} onSubmit={(e) => void submit(e)} aria-label="Add a user" data-testid="add-user">
      <label>
        Login name
        <input name="name" required autocapitalize="none" autocomplete="off" />
      </label>
      <label>
        Full name, as reviews carry it
        <input name="full_name" required autocomplete="off" />
      </label>
      <label>
        Role
        <select name="role">
          <option value="reader">reader</option>
          <option value="admin">admin</option>
        </select>
      </label>
      <label>
        First password
        <input name="password" type="password" required autocomplete="new-password" />
      </label>
      <button type="submit" class="strong">
        Add
      </button>
      <p class="problem" role="alert">
        {problem}
      </p>
    </form>
  )
}

function NewPassword({ user, onClose, onSet }: { user: User; onClose: () => void; onSet: (password: string) => void }) {
  const [password, setPassword] = useState('')
  return (
    <Dialog title={`New password for ${user.full_name}`} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(e) => {
          e.preventDefault()
          onSet(password)
        }}
      >
        <label>
          New password
          <input type="password" autocomplete="new-password" required value={password} onInput={(e) => setPassword(e.currentTarget.value)} />
        </label>
        <p class="muted">All sessions of this user end.</p>
        <button type="submit" class="strong">
          Set the password
        </button>
      </form>
    </Dialog>
  )
}

interface RowProps {
  user: User
  /** Nobody takes his own rights or account away. */
  isMe: boolean
  onRenew: () => void
  onChange: (user: User, what: UserChange, said: string) => Promise<void>
}

function UserRow({ user, isMe, onRenew, onChange }: RowProps) {
  return (
    <tr class={user.disabled ? 'disabled' : ''}>
      <th scope="row">{user.name}</th>
      <td>{user.full_name}</td>
      <td>
        <select
          aria-label={`Role of ${user.name}`}
          value={user.role}
          disabled={isMe}
          onChange={(e) => void onChange(user, { role: e.currentTarget.value as Role }, `${user.full_name} is ${e.currentTarget.value} now.`)}
        >
          <option value="reader">reader</option>
          <option value="admin">admin</option>
        </select>
      </td>
      <td>{user.disabled ? '✕ Disabled' : '● May log in'}</td>
      <td class="date">{dateTime(user.created)}</td>
      <td class="date">{dateTime(user.last_login)}</td>
      <td class="buttons">
        <button type="button" onClick={onRenew}>
          New password
        </button>
        {!isMe && (
          <button type="button" onClick={() => void onChange(user, { disabled: !user.disabled }, `${user.full_name} ${user.disabled ? 'may log in again' : 'can no longer log in'}.`)}>
            {user.disabled ? 'Enable' : 'Disable'}
          </button>
        )}
      </td>
    </tr>
  )
}

export function Users({ session }: { session: Session }) {
  const [users, setUsers] = useState<User[] | null>(null)
  const [problem, setProblem] = useState('')
  const [renewing, setRenewing] = useState<User | null>(null)
  const load = (): void =>
    void getUsers()
      .then((all) => (setUsers(all), setProblem('')))
      .catch((error: unknown) => setProblem(messageOf(error)))
  useEffect(load, [])
  const change = async (user: User, what: UserChange, said: string): Promise<void> => {
    try {
      await changeUser(user.name, what)
      tell(said)
    } catch (error) {
      setProblem(messageOf(error))
    }
    load()
  }
  return (
    <main id="main" tabIndex={-1} class="narrow wide-narrow">
      <h1>Users</h1>
      <p class="problem" role="alert">
        {problem}
      </p>
      <div class="table-box">
        <table data-testid="users">
          <thead>
            <tr>
              {['Login', 'Full name', 'Role', 'State', 'Created', 'Last login', 'Change'].map((title) => (
                <th scope="col">{title}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(users ?? []).map((user) => (
              <UserRow key={user.name} user={user} isMe={user.name === session.name} onRenew={() => setRenewing(user)} onChange={change} />
            ))}
          </tbody>
        </table>
        {!users && !problem && <p class="empty">Loading the users …</p>}
      </div>
      <h2>Add a user</h2>
      <AddUser onAdded={load} />
      {renewing && (
        <NewPassword
          user={renewing}
          onClose={() => setRenewing(null)}
          onSet={(password) => {
            setRenewing(null)
            void change(renewing, { password }, `${renewing.full_name} has a new password.`)
          }}
        />
      )}
    </main>
  )
}
