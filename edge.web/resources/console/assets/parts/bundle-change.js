// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {api} from '../api.js';
import {span} from '../format.js';
import {stateWord} from './state-word.js';
import {t} from '../texts.js';

/** The bundle that serves this page. */
const OWN = 'edge.web';
const OUTCOMES = {done: 'ok', refused: 'warn', 'rolled-back': 'warn', failed: 'critical'};

/**
 * One change to the bundles, from what would happen through carrying it out to what became of it. Tells `carried-out` and,
 * when it is closed, `finished`.
 */
class BundleChange extends View {
  static properties = {change: {attribute: false}, plan: {attribute: false}, busy: {state: true}, report: {state: true},
    problem: {state: true}, typed: {state: true}};

  willUpdate(changed) {
    if (changed.has('change') && this.change && !this.plan) {
      this.ask();
    }
  }

  async ask() {
    try {
      this.plan = await api.post('/deployments/plan', body(this.change));
    } catch (error) {
      this.problem = error.message;
    }
  }

  render() {
    const name = this.change.name ?? this.change.bundle;
    const ownEnd = this.change.bundle === OWN && this.change.action !== 'start';
    const dangerous = ownEnd || this.change.action === 'uninstall';
    return html`<div class="note change" role="group" aria-label=${t.changeTitles[this.change.action](name)}>
      <h3>${t.changeTitles[this.change.action](name)}</h3>
      ${this.problem ? html`<p class="bad" role="alert">${this.problem}</p>` : nothing}
      ${this.report ? this.result() : !this.plan ? this.problem ? this.leave(t.close) : html`<p class="quiet">${t.loading}</p>`
        : this.plan.possible ? html`<p class="quiet small">${t.planTitle}</p>
          <ul class="effects">${this.plan.effects.length ? this.plan.effects.map((effect) => html`<li>${effect}</li>`) : html`<li>${t.nothingElse}</li>`}</ul>
          ${ownEnd ? html`<p class="note warn">${t.ownEnd}</p>` : nothing}
          ${dangerous ? html`<label class="field"><span class="small">${t.typeToConfirm(name)}</span>
            <input autocapitalize="none" spellcheck="false" @input=${(event) => this.typed = event.target.value}></label>` : nothing}
          <span class="row"><button class="small ${dangerous ? 'danger' : 'primary'}" ?disabled=${this.busy || dangerous && this.typed !== name}
            @click=${this.apply}>${this.busy ? t.applying : t.changeTitles[this.change.action](name)}</button>
            ${this.busy ? nothing : this.leave(t.cancel)}</span>`
        : html`<p class="bad">${t.planImpossible}</p><ul class="effects">${this.plan.problems.map((problem) => html`<li>${problem}</li>`)}</ul>
          ${this.leave(t.close)}`}</div>`;
  }

  result() {
    const {outcome, detail, summary, tookMillis} = this.report;
    return html`<p role="status">${outcome ? stateWord(OUTCOMES[outcome], t.outcomes[outcome]) : nothing}
        ${summary ?? ''} ${tookMillis === undefined ? nothing : html`<span class="quiet">${t.took(tookMillis < 1000 ? `${tookMillis} ms` : span(tookMillis))}</span>`}</p>
      ${detail ? html`<p>${detail}</p>` : nothing}${this.leave(t.close)}`;
  }

  leave(word) {
    return html`<span><button class="small" @click=${() => this.dispatchEvent(new CustomEvent('finished', {bubbles: true}))}>${word}</button></span>`;
  }

  async apply() {
    this.busy = true;
    this.problem = '';
    try {
      this.report = await api.post('/deployments', body(this.change));
    } catch (error) {
      this.problem = error.message;
    } finally {
      this.busy = false;
      this.dispatchEvent(new CustomEvent('carried-out', {bubbles: true}));
    }
  }
}

const body = ({action, bundle, upload}) => ({changes: [{action, bundle, upload}]});

customElements.define('bundle-change', BundleChange);
