// The frame around all screens: where one is, where one can go, who one is.
import { go, here, screen, watch } from './address.js';
import { Keyboard } from './keyboard.js';
import { html, nothing, Part } from './part.js';
import { find, ofApp, ofNode } from './screens.js';
import { store } from './store.js';

const THEME_SIGNS = { system: '◐', light: '☀', dark: '☾' };

/** `<fanfare-shell>` */
class Shell extends Part {
  #isReady = false;
  #shown = null;

  start() {
    this.until(watch((isOtherPath) => this.#moved(isOtherPath)));
    this.until(store.watch(() => this.update()));
    new Keyboard(this).start();
  }

  ready() {
    this.#isReady = true;
    this.#moved(true);
  }

  async #moved(isOtherPath) {
    if (!this.#isReady) {
      return;
    }
    this.update();
    if (!isOtherPath && this.#shown) {
      this.#shown.addressChanged?.();
      return;
    }
    const path = here().path;
    const { title, load } = find(here().segments);
    const tag = await load();
    if (path === here().path) {
      const isFirst = this.#shown === null;
      this.#shown = document.createElement(tag);
      document.title = `${title} · Fanfare`;
      this.querySelector('main').replaceChildren(this.#shown);
      if (!isFirst) {
        this.querySelector('main').focus();
        scrollTo(0, 0);
      }
    }
  }

  /** The screen that is shown now. */
  get shown() {
    return this.#shown;
  }

  /** Shows the list of keys, which most people never load. */
  async showHelp() {
    await import('./help.js');
    this.querySelector('fanfare-help').open();
  }

  view() {
    return html`
      <a class="skip" href="#main">Skip to content</a>
      <header>
        <a class="brand" href="/"><img src="/favicon.svg" alt="" width="22" height="22" />Fanfare</a>
        ${store.me ? [this.#chooser(), this.#navigation(), this.#person()] : nothing}
      </header>
      <main id="main" tabindex="-1"></main>
      <fanfare-help></fanfare-help>
    `;
  }

  #chooser() {
    const { segments } = here();
    const place = ofApp().find((each) => segments[0] === 'apps' && each.place === segments[2])?.place ?? 'live';
    const apps = [...new Set([...store.me.apps, store.app].filter(Boolean))];
    return html`<label class="chooser"
      >app
      <select @change=${(event) => go(screen(event.target.value, [place]))}>
        ${apps.map((id) => html`<option value=${id} ?selected=${id === store.app}>${id}</option>`)}
      </select></label
    >`;
  }

  #navigation() {
    const { segments } = here();
    const at = segments[0] === 'apps' ? segments[2] : segments[0] ?? '';
    const link = (href, place, title) =>
      html`<a href=${href} aria-current=${place === at ? 'page' : 'false'}>${title}</a>`;
    return html`<nav aria-label="Screens">
      ${ofApp().map(({ place, title }) => link(screen(store.app ?? '', [place]), place, title))}
      <span class="gap" aria-hidden="true"></span>
      ${ofNode().map(({ place, title }) => link(`/${place}`, place, title))}
    </nav>`;
  }

  #person() {
    return html`<div class="person">
      <span class="who">${store.me.name} <small>${store.me.role}</small></span>
      <button
        class="sign"
        aria-label="Theme: ${store.theme}"
        title="Theme: ${store.theme}"
        @click=${() => store.nextTheme()}
      >
        ${THEME_SIGNS[store.theme]}
      </button>
      <button class="sign" aria-label="Keyboard" title="Keyboard (?)" @click=${() => this.showHelp()}>
        ?
      </button>
      <button class="sign" aria-label="Log out" title="Log out" @click=${() => store.logOut()}>⎋</button>
    </div>`;
  }
}

customElements.define('fanfare-shell', Shell);
