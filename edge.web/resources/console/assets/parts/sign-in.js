// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {api} from '../api.js';
import {t} from '../texts.js';

/** The form to sign in with. Tells `signed-in`. */
class SignIn extends View {
  static properties = {status: {attribute: false}, notice: {attribute: false}, problem: {state: true},
    busy: {state: true}};

  render() {
    const labels = this.status?.labels;
    return html`${labels ? html`<p class="where">${labels.org} / ${labels.site}</p><h1>${labels.gateway}</h1>` : nothing}
      <form class="panel card" @submit=${this.submit}>
        ${this.notice && !this.problem ? html`<p class="note" role="status">${this.notice}</p>` : nothing}
        <label class="field"><span>${t.name}</span>
          <input name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required></label>
        <label class="field"><span>${t.password}</span>
          <input name="password" type="password" autocomplete="current-password" required></label>
        ${this.problem ? html`<p class="note bad" role="alert">${this.problem}</p>` : nothing}
        <button class="primary" ?disabled=${this.busy}>${this.busy ? t.working : t.signIn}</button>
      </form>`;
  }

  firstUpdated() {
    this.querySelector('input').focus();
  }

  async submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    this.busy = true;
    this.problem = '';
    try {
      const me = await api.post('/session', {name: form.get('name'), password: form.get('password')});
      this.dispatchEvent(new CustomEvent('signed-in', {detail: me, bubbles: true}));
    } catch (error) {
      this.problem = error.message;
      await this.updateComplete;
      this.querySelector('[name=password]').select();
    } finally {
      this.busy = false;
    }
  }
}
customElements.define('sign-in', SignIn);
