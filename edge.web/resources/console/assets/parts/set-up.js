// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {api} from '../api.js';
import {t} from '../texts.js';

const HERE = ['localhost', '127.0.0.1', '[::1]'];

/** The first run: creates the first administrator. Tells `signed-in`. */
class SetUp extends View {
  static properties = {status: {attribute: false}, problem: {state: true}, differ: {state: true}, busy: {state: true}};

  render() {
    const labels = this.status.labels;
    return html`<p class="where">${labels.org} / ${labels.site} / ${labels.gateway}</p><h1>${t.setUp}</h1>
      <form class="panel card" @submit=${this.submit}>
        <p>${t.setUpIntro}</p>
        <label class="field"><span>${t.name}</span>
          <input name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required></label>
        <label class="field"><span>${t.password}</span>
          <input name="password" type="password" autocomplete="new-password" required>
          <span class="hint">${t.passwordHint}</span></label>
        <label class="field"><span>${t.repeat}</span>
          <input name="repeat" type="password" autocomplete="new-password" required
            aria-invalid=${this.differ ? 'true' : 'false'}>
          ${this.differ ? html`<span class="field-problem" role="alert">${t.passwordsDiffer}</span>` : nothing}</label>
        ${HERE.includes(location.hostname) ? nothing : html`<label class="field"><span>${t.setUpCode}</span>
          <input name="code" class="mono" autocomplete="one-time-code" autocapitalize="none" spellcheck="false">
          <span class="hint">${t.setUpCodeHint}</span></label>`}
        ${this.problem ? html`<p class="note bad" role="alert">${this.problem}</p>` : nothing}
        <button class="primary" ?disabled=${this.busy}>${this.busy ? t.working : t.createAdministrator}</button>
      </form>`;
  }

  firstUpdated() {
    this.querySelector('input').focus();
  }

  async submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    this.differ = form.get('password') !== form.get('repeat');
    this.problem = '';
    if (this.differ) {
      return;
    }
    this.busy = true;
    try {
      const me = await api.post('/set-up', {name: form.get('name'), password: form.get('password'),
        code: (form.get('code') ?? '').trim()});
      this.dispatchEvent(new CustomEvent('signed-in', {detail: me, bubbles: true}));
    } catch (error) {
      this.problem = error.message;
    } finally {
      this.busy = false;
    }
  }
}
customElements.define('set-up', SetUp);
