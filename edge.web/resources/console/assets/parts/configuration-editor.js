// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {live as liveValue} from 'lit/directives/live.js';
import {View} from '../view.js';
import {api, segment} from '../api.js';
import {live} from '../live.js';
import {place} from '../place.js';
import {session} from '../session.js';
import {CONFIGURATION_STATES} from './configuration-list.js';
import {stateWord} from './state-word.js';
import {t} from '../texts.js';
import './deployment-change.js';

/** The text of one configuration, with what is wrong beside the lines. Saved only onto the state that was seen. */
class ConfigurationEditor extends View {
  static properties = {pid: {attribute: false}, file: {state: true}, text: {state: true}, problems: {state: true},
    note: {state: true}, busy: {state: true}, changes: {state: true}, stale: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    live.watch();
    this.leaving = (event) => {
      if (this.isChanged()) {
        event.preventDefault();
      }
    };
    addEventListener('beforeunload', this.leaving);
    place.unsaved = () => this.isChanged() ? t.leaveUnsaved(this.pid) : '';
    this.addEventListener('carried-out', (event) => this.carriedOut(event.detail));
    this.addEventListener('finished', () => {
      this.changes = undefined;
      this.querySelector('textarea').focus();
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('beforeunload', this.leaving);
    place.unsaved = () => '';
  }

  willUpdate(changed) {
    if (changed.has('pid')) {
      this.load();
    }
  }

  async load() {
    this.file = undefined;
    this.note = undefined;
    this.stale = false;
    this.problems = [];
    try {
      const {body} = await api.exchange('GET', `/configurations/${segment(this.pid)}`);
      this.file = body;
      this.text = body.text;
      this.problems = body.problems;
    } catch (error) {
      if (error.status === 404 && session.may('engineer')) {
        this.file = {pid: this.pid, text: '', problems: [], fresh: true};
        this.text = '{\n}\n';
        this.note = place.query('new') ? undefined : {state: 'warn', text: t.ifMissing(this.pid)};
      } else {
        this.note = {state: 'bad', text: error.message};
      }
    }
  }

  isChanged() {
    return this.file !== undefined && this.text !== this.file.text;
  }

  render() {
    const file = this.file;
    const editable = session.may('engineer');
    return html`<div class="page-head"><h1><a href="/configuration">${t.pages.configuration}</a> <span class="quiet">/</span> ${this.pid}</h1>
        ${file && !file.fresh ? stateWord(CONFIGURATION_STATES[file.status], t.configurationStates[file.status]) : nothing}
        ${this.isChanged() ? html`<span class="warn">${t.unsaved}</span>` : nothing}</div>
      <div class="stack">
      ${this.note ? html`<p class="note ${this.note.state}" role="status">${this.note.text}</p>` : nothing}
      ${this.stale ? html`<div class="note warn" role="alert">${t.changedMeanwhile}<span><button class="small" @click=${this.load}>${t.loadTheirs}</button></span></div>` : nothing}
      ${file ? html`<div class="editor panel"><div class="gutter mono" aria-hidden="true">${this.lines().map((line) =>
            html`<span class=${line.problem ? 'bad' : ''}>${line.number}</span>`)}</div>
          <textarea class="mono" aria-label=${t.text} spellcheck="false" autocapitalize="none" wrap="off" ?readonly=${!editable}
            rows=${Math.min(40, Math.max(12, this.text.split('\n').length + 1))} .value=${liveValue(this.text)} @input=${this.input}
            aria-invalid=${this.problems.length ? 'true' : 'false'} @scroll=${this.scrolled} @keydown=${this.key}></textarea></div>
        ${this.problems.length ? html`<ul class="problems">${this.problems.map((problem) => html`<li class="note bad">
          <span>${problem.line ? html`<button class="plain" @click=${() => this.goTo(problem)}>${t.problemAt(problem.line, problem.column)}</button>` : nothing}
          ${problem.attribute ? html`<strong>${problem.attribute}</strong> ` : nothing}${problem.message}</span></li>`)}</ul>` : nothing}
        ${editable ? html`<div class="row">
          <button class="primary" ?disabled=${this.busy || this.changes || !this.isChanged()} @click=${this.save}>${t.save}</button>
          <button ?disabled=${this.busy} @click=${this.check}>${t.check}</button>
          <button ?disabled=${this.busy || !this.isChanged()} @click=${() => this.revert()}>${t.revert}</button>
          <span class="spacer"></span>
          ${file.fresh ? nothing : html`<button class="danger" ?disabled=${this.changes} @click=${this.deleteFile}>${t.deleteConfiguration}</button>`}</div>
          ${this.changes ? html`<deployment-change .caption=${this.changes[0].action === 'configure' ? t.applyTo(this.pid) : t.deletingTitle(this.pid)}
            .changes=${this.changes} .typing=${this.changes[0].action === 'configure' ? '' : this.pid}></deployment-change>` : nothing}
          <p class="quiet small">${t.maskHint}</p>` : html`<p class="quiet small">${t.onlyLooking}</p>`}`
        : this.note ? nothing : html`<div class="panel skeleton" aria-label=${t.loading}><span></span><span></span><span></span></div>`}</div>`;
  }

  lines() {
    return this.text.split('\n').map((_, i) => ({number: i + 1,
      problem: this.problems.some((problem) => problem.line === i + 1)}));
  }

  input(event) {
    this.text = event.target.value;
    this.note = undefined;
  }

  scrolled(event) {
    this.querySelector('.gutter').scrollTop = event.target.scrollTop;
  }

  key(event) {
    if (event.key === 's' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (this.isChanged()) {
        this.save();
      }
    }
  }

  goTo(problem) {
    const area = this.querySelector('textarea');
    const before = this.text.split('\n').slice(0, problem.line - 1).join('\n').length;
    const at = before + (problem.line > 1 ? 1 : 0) + Math.max(0, (problem.column || 1) - 1);
    area.focus();
    area.setSelectionRange(at, at + 1);
  }

  revert() {
    this.text = this.file.fresh ? '{\n}\n' : this.file.text;
    this.problems = this.file.problems;
  }

  async check() {
    await this.ask(async () => {
      const {problems} = await api.call('POST', `/configurations/${segment(this.pid)}/check`, {text: this.text});
      this.problems = problems;
      this.note = problems.length ? undefined : {state: 'good', text: t.noProblems};
    });
  }

  /** What is wrong is told beside the lines; what is right goes on with what it would do. */
  async save() {
    await this.check();
    if (!this.problems.length && this.note?.state !== 'bad') {
      this.note = undefined;
      this.changes = [{action: 'configure', pid: this.pid, text: this.text,
        ...(this.file.fresh ? {} : {etag: this.file.etag})}];
    }
  }

  deleteFile() {
    this.changes = [{action: 'unconfigure', pid: this.pid}];
  }

  /** What became of it stays to be read; the text is the one in force now. */
  async carriedOut(report) {
    if (report.outcome !== 'done') {
      return;
    }
    if (this.changes[0].action === 'unconfigure') {
      this.text = this.file.text;
      place.go('/configuration');
    } else {
      place.filter('new', '');
      await this.load();
    }
  }

  async ask(work) {
    this.busy = true;
    this.note = undefined;
    this.stale = false;
    try {
      await work();
    } catch (error) {
      this.stale = error.status === 412;
      this.problems = error.problems.length ? error.problems : this.problems;
      this.note = this.stale ? undefined : {state: 'bad', text: error.message};
    } finally {
      this.busy = false;
    }
  }
}
customElements.define('configuration-editor', ConfigurationEditor);
