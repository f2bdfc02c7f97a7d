import { post } from './api.js';
import { here, replace } from './address.js';
import { html, nothing, Part } from './part.js';
import { store } from './store.js';

let refusal = '';

/** Uses the one-time link in the fragment of the address, which no server and no log has seen. */
export async function logInByLink() {
  const link = new URLSearchParams(location.hash.slice(1)).get('login');
  if (link) {
    history.replaceState(null, '', location.pathname + location.search);
    try {
      await post(['login'], { link });
    } catch (failure) {
      refusal = failure.message;
      replace('/login');
    }
  }
}

/** `<fanfare-login>` */
class Login extends Part {
  start() {
    queueMicrotask(() => queueMicrotask(() => this.querySelector('input').focus()));
  }

  async #submit(event) {
    event.preventDefault();
    const fields = new FormData(event.target);
    await this.load(async () => {
      refusal = '';
      await post(['login'], { name: fields.get('name'), password: fields.get('password') });
      await store.start();
      const next = here().params.get('next') ?? '/';
      replace(next.startsWith('/') && !next.startsWith('//') ? next : '/');
    });
  }

  view() {
    const hasEnded = here().params.get('why') === 'ended';
    return html`<form class="login" @submit=${(event) => this.#submit(event)}>
      <h1>Log in</h1>
      ${hasEnded && !refusal && !this.failure
        ? html`<p class="note">The session has ended: it was idle for too long, or the server was restarted.</p>`
        : nothing}
      ${refusal && !this.failure ? html`<p class="problem" role="alert">${refusal}</p>` : nothing}
      ${this.problem()}
      <label>Name <input name="name" autocomplete="username" required /></label>
      <label>
        Password <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <button class="main">Log in</button>
      <p class="hint">
        Without users, the server prints a link when it starts; <code>fanfare console link</code> prints
        another one.
      </p>
    </form>`;
  }
}

customElements.define('fanfare-login', Login);
