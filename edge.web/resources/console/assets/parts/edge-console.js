// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {api} from '../api.js';
import {live} from '../live.js';
import {place} from '../place.js';
import {session} from '../session.js';
import {t} from '../texts.js';
import './app-header.js';
import './app-navigation.js';
import './sign-in.js';
import './search-everything.js';
import './set-up.js';

const PAGES = ['overview', 'devices', 'broker', 'uplinks', 'bundles', 'configuration', 'log', 'security', 'system'];

/** The whole console: the door, or the frame with one page in it. */
class EdgeConsole extends View {
  static properties = {phase: {state: true}, status: {state: true}, page: {state: true}, notice: {state: true},
    kept: {state: true}};

  constructor() {
    super();
    this.phase = 'loading';
    this.notice = '';
  }

  connectedCallback() {
    super.connectedCallback();
    api.onSignedOut(() => this.sessionEnded());
    place.subscribe((moved) => {
      this.showPage();
      if (moved) {
        window.scrollTo(0, 0);
      }
    });
    this.addEventListener('signed-in', (event) => this.signedIn(event.detail));
    this.addEventListener('sign-out', () => this.signOut());
    this.begin();
  }

  async begin() {
    try {
      this.status = await api.get('/status');
      document.title = this.status.labels.gateway;
      if (this.status.needsSetUp) {
        this.phase = 'set-up';
      } else {
        this.signedIn(await api.get('/session'));
      }
    } catch (error) {
      if (error.status === 401) {
        this.phase = 'sign-in';
      } else {
        this.notice = error.message;
        this.phase = 'unreachable';
        setTimeout(() => this.begin(), 3000);
      }
    }
  }

  async signedIn(me) {
    if (this.kept && this.kept !== me.name) {
      // What one person left there is not for another one.
      this.kept = undefined;
      await this.updateComplete;
    }
    session.me = me;
    this.notice = '';
    this.phase = 'in';
    if (!this.kept) {
      this.showPage();
    }
    this.kept = undefined;
    live.start(() => this.sessionEnded());
  }

  /** A page with something typed stays as it is, out of sight, for the same person to go on. */
  sessionEnded() {
    if (this.phase === 'in') {
      this.kept = place.unsaved() ? session.me.name : undefined;
      this.signedOut(t.sessionOver);
    } else {
      this.phase = 'sign-in';
    }
  }

  signedOut(notice) {
    session.me = undefined;
    live.stop();
    this.notice = notice;
    this.phase = 'sign-in';
  }

  async signOut() {
    live.stop();
    try {
      await api.delete('/session');
    } finally {
      this.kept = undefined;
      this.signedOut('');
    }
  }

  /** A page's code is fetched when it is first shown. */
  async showPage() {
    if (this.phase !== 'in') {
      return;
    }
    const name = place.segments[0] ?? 'overview';
    if (!PAGES.includes(name)) {
      this.page = html`<div class="empty"><h1>${t.gone}</h1><a href="/">${t.pages.overview}</a></div>`;
      return;
    }
    try {
      const module = await import(`/assets/pages/page-${name}.js`);
      if ((place.segments[0] ?? 'overview') === name) {
        this.page = module.page();
        this.requestUpdate();
      }
    } catch (error) {
      console.error(error);
      this.page = html`<div class="note bad">${t.unreachable}
        <span><button @click=${() => this.showPage()}>${t.retry}</button></span></div>`;
    }
  }

  render() {
    return html`${this.phase === 'in' ? nothing : this.door()}${this.phase === 'in' || this.kept ? this.frame() : nothing}`;
  }

  frame() {
    const away = this.phase !== 'in';
    return html`<div class="inside" ?hidden=${away}><a class="skip" href="#content" @click=${this.skip}>${t.skip}</a>
      <div class="frame"><app-header role="banner"></app-header><app-navigation></app-navigation>
      <main id="content" tabindex="-1">${this.page}</main></div><search-everything></search-everything></div>`;
  }

  door() {
    switch (this.phase) {
      case 'set-up':
        return html`<main class="door"><set-up .status=${this.status}></set-up></main>`;
      case 'sign-in':
        return html`<main class="door"><sign-in .status=${this.status} .notice=${this.notice}></sign-in></main>`;
      case 'unreachable':
        return html`<main class="door"><div class="note bad" role="alert">${this.notice}</div></main>`;
      default:
        return html`<main class="door"><div class="skeleton" aria-label=${t.loading}><span></span><span></span><span></span></div></main>`;
    }
  }

  skip(event) {
    event.preventDefault();
    this.querySelector('#content').focus();
  }
}
customElements.define('edge-console', EdgeConsole);
