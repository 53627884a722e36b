// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {api, segment} from '../api.js';
import {session} from '../session.js';
import {t} from '../texts.js';
import './deployment-change.js';

/** A device's tag list in other formats: saving it, and taking one with a look at what it gives before it is put in force. */
class TagList extends View {
  static properties = {pid: {attribute: false}, formats: {state: true}, format: {state: true}, found: {state: true},
    problem: {state: true}, changes: {state: true}, open: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    this.addEventListener('finished', (event) => this.finished(event.detail));
  }

  willUpdate(changed) {
    if (changed.has('pid')) {
      this.formats = this.found = this.format = undefined;
      this.problem = '';
      this.open = false;
      this.changes = undefined;
      this.load(this.pid);
    }
  }

  async load(pid) {
    try {
      const {items} = await api.get(`/configurations/${segment(pid)}/formats`);
      if (pid === this.pid) {
        this.formats = items;
        this.format = items[0]?.id;
      }
    } catch {
      // A driver without other formats, or a device without a configuration: there is nothing to offer.
    }
  }

  render() {
    if (!this.formats) {
      return nothing;
    }
    return html`<section class="panel"><header><h2>${t.tagList}</h2><span class="spacer"></span>
        ${this.formats.filter((one) => one.writable).map((one) => html`<a class="button small" download
          href=${`/api/v1/configurations/${segment(this.pid)}/list?format=${one.id}`}>${t.saveAs(one.label)}</a>`)}
        ${session.may('engineer') ? html`<button class="small" aria-expanded=${this.open} @click=${() => this.open = !this.open}>${t.importList}</button>` : nothing}</header>
      ${this.open ? html`<div class="body stack">${this.take()}</div>` : nothing}</section>`;
  }

  take() {
    return html`<p>${t.importHint}</p>
      <p><label>${t.format} <select @change=${(event) => this.choose(event.target.value)}>
        ${this.formats.map((one) => html`<option value=${one.id} ?selected=${one.id === this.format}>${one.label}</option>`)}</select></label>
      <label class="button file"><input class="visually-hidden" type="file" @change=${(event) => this.read(event.target)}>${t.chooseList}</label></p>
      ${this.problem ? html`<p class="note bad" role="alert">${this.problem}</p>` : nothing}
      ${this.found ? this.preview() : nothing}`;
  }

  preview() {
    const {items, warnings} = this.found;
    return html`${warnings.length ? html`<h3>${t.importWarnings(warnings.length)}</h3><ul>${warnings.map((one) => html`<li>
        ${one.line ? html`<span class="quiet">${t.problemAt(one.line, one.column)}:</span> ` : nothing}
        ${one.attribute ? html`<span class="mono">${one.attribute}</span>: ` : nothing}${one.message}</li>`)}</ul>` : nothing}
      ${items.map((item) => html`<details ?open=${items.length === 1}><summary><span class="mono">${item.pid}</span>
        <span class="quiet">${item.etag ? t.importReplaces : t.importCreates}</span></summary>
        ${item.problems.map((one) => html`<p class="note bad">${one.line ? `${t.problemAt(one.line, one.column)}: ` : ''}${one.message}</p>`)}
        <pre class="mono">${item.text}</pre></details>`)}
      ${this.changes ? html`<deployment-change .caption=${t.importApply(items.length)} .changes=${this.changes}></deployment-change>`
        : items.length ? html`<p><button class="primary" ?disabled=${items.some((item) => item.problems.length)} @click=${this.apply}>${t.importApply(items.length)}</button></p>` : nothing}`;
  }

  choose(format) {
    this.format = format;
    this.changes = undefined;
    this.found = undefined;
  }

  async read(input) {
    const [file] = input.files;
    input.value = '';
    if (!file) {
      return;
    }
    this.problem = '';
    this.changes = undefined;
    this.found = undefined;
    try {
      this.found = (await api.exchange('POST', `/configurations/${segment(this.pid)}/import?format=${this.format}`,
        {text: await file.text()})).body;
    } catch (error) {
      this.problem = error.message;
    }
  }

  /** All of them together, or none. */
  apply() {
    this.changes = this.found.items.map(({pid, text, etag}) => ({action: 'configure', pid, text, etag: etag ?? ''}));
  }

  finished(report) {
    this.changes = undefined;
    if (report?.outcome === 'done') {
      this.found = undefined;
    }
  }
}
customElements.define('tag-list', TagList);
