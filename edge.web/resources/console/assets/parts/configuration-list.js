// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {View} from '../view.js';
import {segment} from '../api.js';
import {live} from '../live.js';
import {place} from '../place.js';
import {session} from '../session.js';
import {LoadedData} from './loaded-data.js';
import {stateWord} from './state-word.js';
import {timeAgo} from './time-ago.js';
import {t} from '../texts.js';
import './in-page.js';
import './search-field.js';

export const CONFIGURATION_STATES = {applied: 'ok', waiting: 'calm', refused: 'critical'};
const ORDER = {refused: 0, waiting: 1, applied: 2};
const PID = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*(~[A-Za-z0-9_.-]{1,64})?$/;

/** Every configuration file and what became of it. */
class ConfigurationList extends View {
  static properties = {creating: {state: true}, problem: {state: true}};

  files = new LoadedData(this, '/configurations', 5);

  connectedCallback() {
    super.connectedCallback();
    live.watch();
  }

  render() {
    return html`<div class="page-head"><h1>${t.pages.configuration}</h1><span class="spacer"></span>
        <search-field class="search" label=${t.filterConfigurations} @changed=${() => this.requestUpdate()}></search-field>
        ${session.may('engineer') ? html`<button class="primary" @click=${() => this.creating = true}>${t.newConfiguration}</button>` : nothing}</div>
      <div class="stack">
        ${this.creating ? html`<in-page @dismiss=${() => this.creating = false}><form class="panel body card" @submit=${this.create}><label class="field"><span>${t.pid}</span>
          <input name="pid" class="mono" autocapitalize="none" spellcheck="false" required aria-invalid=${this.problem ? 'true' : 'false'}>
          <span class="hint">${t.pidHint}</span>${this.problem ? html`<span class="field-problem" role="alert">${this.problem}</span>` : nothing}</label>
          <span class="row"><button class="primary">${t.create}</button>
          <button type="button" @click=${() => this.creating = false}>${t.cancel}</button></span></form></in-page>` : nothing}
        <div class="panel">${this.files.show(({items}) => this.table(items))}</div></div>`;
  }

  table(items) {
    const wanted = place.query('q').toLowerCase();
    const shown = items.filter((file) => file.pid.toLowerCase().includes(wanted))
      .sort((a, b) => ORDER[a.status] - ORDER[b.status] || (a.pid < b.pid ? -1 : 1));
    if (!items.length) {
      return html`<p class="empty">${t.noConfigurations}</p>`;
    }
    return shown.length ? html`<table class="flow"><thead><tr><th>${t.pid}</th><th>${t.state}</th><th>${t.changed}</th></tr></thead>
      <tbody>${repeat(shown, (file) => file.pid, (file) => {
        const path = `/configuration/${segment(file.pid)}`;
        return html`<tr class="link" @click=${(event) => event.target.closest('a') || place.go(path)}>
          <td class="lead"><a href=${path}>${file.pid}</a>${file.problems.map((problem) =>
            html`<span class="sub bad">${problem.line ? t.problemAt(problem.line, problem.column) + ': ' : ''}${problem.attribute ? problem.attribute + ': ' : ''}${problem.message}</span>`)}</td>
          <td>${stateWord(CONFIGURATION_STATES[file.status], t.configurationStates[file.status])}</td>
          <td class="quiet">${timeAgo(file.changed)}</td></tr>`;
      })}</tbody></table>` : html`<p class="empty">${t.nothingMatches(place.query('q'))}</p>`;
  }

  create(event) {
    event.preventDefault();
    const pid = new FormData(event.target).get('pid').trim();
    this.problem = PID.test(pid) ? '' : t.pidWrong;
    if (!this.problem) {
      place.go(`/configuration/${segment(pid)}?new=1`);
    }
  }
}
customElements.define('configuration-list', ConfigurationList);
