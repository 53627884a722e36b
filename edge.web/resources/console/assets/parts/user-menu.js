// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {setTheme, theme} from '../theme.js';
import {t} from '../texts.js';

/** Who is signed in; appearance; signing out. */
class UserMenu extends View {
  static properties = {me: {attribute: false}, open: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    this.outside = (event) => {
      if (this.open && !this.contains(event.target)) {
        this.open = false;
      }
    };
    document.addEventListener('pointerdown', this.outside);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.outside);
  }

  render() {
    return html`<button class="small" aria-expanded=${this.open ? 'true' : 'false'} aria-haspopup="true"
        @click=${() => this.open = !this.open}>${this.me?.name ?? ''}</button>
      ${this.open && this.me ? html`<div class="menu panel" @keydown=${this.key}>
        <p><strong>${this.me.name}</strong><br><span class="quiet">${t.roles[this.me.role]}</span></p>
        <div><p class="quiet small">${t.theme}</p><div class="segments">${['system', 'light', 'dark'].map((name) =>
          html`<button aria-pressed=${theme() === name ? 'true' : 'false'} @click=${() => this.choose(name)}>${t.themes[name]}</button>`)}
        </div></div>
        <button @click=${() => this.dispatchEvent(new CustomEvent('sign-out', {bubbles: true}))}>${t.signOut}</button>
      </div>` : nothing}`;
  }

  updated(changed) {
    if (changed.has('open') && this.open) {
      this.querySelector('.menu button').focus();
    }
  }

  choose(name) {
    setTheme(name);
    this.requestUpdate();
  }

  key(event) {
    if (event.key === 'Escape') {
      this.open = false;
      this.querySelector('button').focus();
    }
  }
}
customElements.define('user-menu', UserMenu);
