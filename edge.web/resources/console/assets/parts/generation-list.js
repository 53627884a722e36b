// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {View} from '../view.js';
import {api} from '../api.js';
import {session} from '../session.js';
import {LoadedData} from './loaded-data.js';
import {diff} from './deployment-plan.js';
import {stateWord} from './state-word.js';
import {timeAgo} from './time-ago.js';
import {t} from '../texts.js';
import './deployment-change.js';
import './in-page.js';

/** The sets of bundles and configurations that are kept: what differs between two of them, and the way back to one. */
class GenerationList extends View {
  static topics = ['flow'];
  static properties = {comparing: {state: true}, lines: {state: true}, problem: {state: true}, back: {state: true}};

  generations = new LoadedData(this, '/generations', 10);

  connectedCallback() {
    super.connectedCallback();
    this.addEventListener('carried-out', () => this.generations.load());
    this.addEventListener('finished', () => this.back = undefined);
  }

  render() {
    return html`<section class="panel"><header><h2>${t.generations}</h2><span class="quiet small">${t.generationsHint}</span></header>
      ${this.generations.show(({items}) => items.length ? html`<table class="flow"><thead><tr><th class="number">${t.number}</th><th>${t.time}</th>
        <th>${t.whatWasIt}</th><th>${t.who}</th><th><span class="visually-hidden">${t.actions}</span></th></tr></thead><tbody>${repeat(items, (one) => one.number, (one) => this.row(one, items))}</tbody></table>`
      : html`<p class="empty">${t.noGenerations}</p>`)}</section>`;
  }

  row(one, items) {
    const current = items.find((other) => other.current);
    const engineer = session.may('engineer');
    return html`<tr><td class="shrink number">${one.number}</td><td class="shrink quiet">${timeAgo(one.time)}</td>
      <td class="lead">${one.summary}${one.why ? html`<span class="sub">${t.because(one.why)}</span>` : nothing}
        <span class="row">${one.current ? stateWord('ok', t.inForce) : nothing}${one.proven ? nothing : html`<span class="chip" title=${t.notProvenHint}>${t.notProven}</span>`}
        ${one.bundles.map((bundle) => html`<a class="chip" href=${`/bundles/${encodeURIComponent(bundle.name)}`}>${bundle.name} ${bundle.version}</a>`)}</span>
        ${this.comparing === one.number ? html`<in-page class="note" role="group" aria-label=${t.compare} @dismiss=${() => this.comparing = undefined}><h3>${t.comparedWith(one.number, current.number)}</h3>
          ${this.problem ? html`<p class="bad" role="alert">${this.problem}</p>` : this.lines === undefined ? html`<p class="quiet">${t.loading}</p>`
            : this.lines.length ? diff(this.lines) : html`<p>${t.noDifference}</p>`}
          <span><button class="small" @click=${() => this.comparing = undefined}>${t.close}</button></span></in-page>` : nothing}
        ${this.back === one.number ? html`<deployment-change .caption=${t.goBackTo(one.number)} .generation=${one.number}></deployment-change>` : nothing}</td>
      <td class="shrink">${one.caller}</td>
      <td class="number">${engineer && !one.current && current ? html`<span class="row actions">
        <button class="small" @click=${() => this.compare(one.number, current.number)}>${t.compare}</button>
        <button class="small" @click=${() => this.back = one.number}>${t.goBack}</button></span>` : nothing}</td></tr>`;
  }

  async compare(number, current) {
    this.comparing = number;
    this.lines = undefined;
    this.problem = '';
    try {
      this.lines = (await api.get(`/generations/${number}/compare/${current}`)).lines;
    } catch (error) {
      this.problem = error.message;
    }
  }
}
customElements.define('generation-list', GenerationList);
