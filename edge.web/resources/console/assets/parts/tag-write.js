// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {api, segment} from '../api.js';
import {session} from '../session.js';
import {t} from '../texts.js';

/** Writes a tag: a switch for what is on or off, else a value that is typed in and confirmed. Only for who may. */
class TagWrite extends View {
  static properties = {tag: {attribute: false}, value: {attribute: false}, open: {state: true}, busy: {state: true},
    said: {state: true}};

  render() {
    if (!session.may('operator')) {
      return nothing;
    }
    const said = !this.said ? nothing : this.said.good ? html`<span class="said good" role="status">${this.said.text}</span>`
      : html`<span class="problem note bad" role="alert">${this.said.text}</span>`;
    if (this.tag.type === 'bool') {
      return html`${said}<button class="switch" role="switch" aria-checked=${this.value === true ? 'true' : 'false'}
        aria-label=${t.setTag(this.tag.name)} ?disabled=${this.busy} @click=${() => this.write(this.value !== true)}></button>`;
    }
    return this.open ? html`<input aria-label=${t.setTag(this.tag.name)} .value=${this.typed ?? String(this.value ?? '')}
        inputmode=${this.tag.type === 'text' || this.tag.type === 'bytes' ? 'text' : 'decimal'}
        aria-invalid=${this.said && !this.said.good ? 'true' : 'false'} ?disabled=${this.busy} @keydown=${this.key} @input=${(event) => this.typed = event.target.value}>
        <button class="small primary" ?disabled=${this.busy} @click=${this.confirm}>${t.write}</button>${said}`
      : html`${said}<button class="small" aria-label=${t.setTag(this.tag.name)} @click=${this.show}>${t.set}</button>`;
  }

  async show() {
    this.open = true;
    this.said = undefined;
    this.typed = undefined;
    await this.updateComplete;
    this.querySelector('input').select();
  }

  key(event) {
    if (event.key === 'Enter') {
      this.confirm();
    } else if (event.key === 'Escape') {
      this.said = undefined;
      this.close();
    }
  }

  async close() {
    this.open = false;
    await this.updateComplete;
    this.querySelector('button').focus();
  }

  confirm() {
    const text = this.querySelector('input').value.trim();
    const textual = this.tag.type === 'text' || this.tag.type === 'bytes';
    const number = Number(text.replace(',', '.'));
    // What is no number, or too long for one, goes as it was typed: the gateway knows best what is wrong with it.
    this.write(textual || text === '' || !Number.isFinite(number) || /^-?\d{16,}$/.test(text) ? text : number);
  }

  async write(next) {
    this.busy = true;
    this.said = undefined;
    try {
      await api.put(`/devices/${segment(this.tag.device)}/tags/${segment(this.tag.name)}/value`, {value: next});
      if (this.open) {
        this.close();
      }
      this.said = {good: true, text: t.written};
      setTimeout(() => this.said = undefined, 3000);
    } catch (error) {
      this.said = {good: false, text: error.message};
    } finally {
      this.busy = false;
    }
  }
}
customElements.define('tag-write', TagWrite);
