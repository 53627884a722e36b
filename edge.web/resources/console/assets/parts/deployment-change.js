// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {api} from '../api.js';
import {span} from '../format.js';
import {planView} from './deployment-plan.js';
import {stateWord} from './state-word.js';
import {toldText} from './told-text.js';
import {t} from '../texts.js';
import './deployment-stage.js';
import './in-page.js';

export const OUTCOMES = {done: 'ok', refused: 'warn', 'rolled-back': 'warn', failed: 'critical'};
const LOOK = 700;
const CONFIRM_TIMES = [60, 120, 300, 900, 3600];
const PROBATIONS = [0, 30, 120, 600];

/**
 * One deployment, from what would happen through carrying it out to what became of it. Tells `taken-on` when the gateway has
 * it, `carried-out` with the report and, when it is closed, `finished`.
 */
class DeploymentChange extends View {
  static properties = {
    /** What it is, for people. */
    caption: {attribute: false},
    /** The changes as the REST API takes them, or else the number of a generation to go back to. */
    changes: {attribute: false},
    generation: {attribute: false},
    /** What would happen, if that is known already. */
    plan: {attribute: false},
    /** What has to be typed first; empty if it is not dangerous. */
    typing: {attribute: false},
    busy: {state: true}, report: {state: true}, problem: {state: true}, typed: {state: true}, stage: {state: true},
    downgrade: {state: true},
  };

  connectedCallback() {
    super.connectedCallback();
    if (!this.plan) {
      this.ask();
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  /** Whoever pressed a button that is gone now is not sent back to the top of the page. */
  updated(changed) {
    if ((changed.has('stage') || changed.has('report')) && document.activeElement === document.body) {
      this.firstElementChild.focus();
    }
  }

  async ask() {
    this.problem = '';
    try {
      this.plan = this.generation === undefined ? await api.post('/deployments/plan', this.body())
        : await api.get(`/generations/${this.generation}/plan`);
    } catch (error) {
      this.problem = error.message;
    }
  }

  body(options = {}) {
    return {changes: this.changes, ...(this.downgrade ? {allowDowngrade: true} : {}), ...options};
  }

  render() {
    return html`<in-page class="note change" role="group" aria-label=${this.caption} @dismiss=${this.dismissed}><h3>${this.caption}</h3>
      ${this.problem ? html`<p class="bad" role="alert">${this.problem}</p>` : nothing}
      ${this.report ? this.result() : this.stage ? html`<deployment-stage .state=${this.stage}></deployment-stage>`
        : this.plan ? this.planned() : this.problem ? this.leave(t.close) : html`<p class="quiet">${t.loading}</p>`}</in-page>`;
  }

  planned() {
    if (!this.plan.possible) {
      const older = this.changes?.some((change) => change.action === 'install') && !this.downgrade
        && this.plan.problems.some((problem) => problem.includes('downgrade'));
      return html`${planView(this.plan)}<span class="row">${older ? html`<button class="small" @click=${this.allowDowngrade}>${t.allowDowngrade}</button>` : nothing}
        ${this.leave(t.close)}</span>`;
    }
    const dangerous = Boolean(this.typing);
    return html`${planView(this.plan)}
      <form @submit=${this.apply}>
        <label class="field"><span class="small">${t.why}</span><input name="why" maxlength="200" placeholder=${this.generation === undefined ? t.whyHint : t.backHint} autocomplete="off"></label>
        ${this.generation === undefined ? html`<div class="row">
          <label class="field"><span class="small">${t.watchFor}</span><select name="probation"><option value="">${t.asConfigured}</option>
            ${PROBATIONS.map((seconds) => html`<option value=${seconds}>${seconds ? span(seconds * 1000) : t.notAtAll}</option>`)}</select></label>
          <label class="field"><span class="small">${t.confirmWithin}</span><select name="confirm"><option value="">${t.asConfigured}</option><option value="0">${t.notNeeded}</option>
            ${CONFIRM_TIMES.map((seconds) => html`<option value=${seconds}>${span(seconds * 1000)}</option>`)}</select></label></div>
          <p class="quiet small">${t.confirmHint}</p>` : nothing}
        ${dangerous ? html`<label class="field"><span class="small">${t.typeToConfirm(this.typing)}</span>
          <input autocapitalize="none" autocomplete="off" spellcheck="false" @input=${(event) => this.typed = event.target.value}></label>` : nothing}
        <span class="row"><button class=${dangerous ? 'danger' : 'primary'} ?disabled=${this.busy || dangerous && this.typed !== this.typing}>
          ${this.busy ? t.applying : this.caption}</button>${this.busy ? nothing : this.leave(t.cancel)}</span></form>`;
  }

  result() {
    const {outcome, detail, summary, tookMillis, findings} = this.report;
    return html`<p role="status">${outcome ? stateWord(OUTCOMES[outcome], t.outcomes[outcome]) : nothing}
        ${summary ?? ''} ${tookMillis === undefined ? nothing : html`<span class="quiet">${t.took(tookMillis < 1000 ? `${tookMillis} ms` : span(tookMillis))}</span>`}</p>
      ${detail ? html`<p>${toldText(detail)}</p>` : nothing}
      ${t.outcomeMeans[outcome] ? html`<p class="quiet">${t.outcomeMeans[outcome]}</p>` : nothing}
      ${findings?.length ? html`<ul class="effects">${findings.map((finding) => html`<li>${finding}</li>`)}</ul>` : nothing}${this.leave(t.close)}`;
  }

  leave(word) {
    return html`<span><button type="button" class="small" @click=${this.finish}>${word}</button></span>`;
  }

  finish() {
    this.dispatchEvent(new CustomEvent('finished', {bubbles: true, detail: this.report}));
  }

  /** What is being carried out is not put out of sight by a key. */
  dismissed() {
    if (!this.busy) {
      this.finish();
    }
  }

  async allowDowngrade() {
    this.downgrade = true;
    this.plan = undefined;
    await this.ask();
  }

  async apply(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const options = {why: form.get('why').trim()};
    if (form.get('probation')) {
      options.probation = Number(form.get('probation'));
    }
    if (form.get('confirm')) {
      options.confirmWithin = Number(form.get('confirm'));
    }
    this.busy = true;
    this.problem = '';
    try {
      const answer = this.generation === undefined ? await once('/deployments?wait=0', this.body(options))
        : await once(`/generations/${this.generation}/rollback?wait=0`, {why: options.why});
      this.dispatchEvent(new CustomEvent('taken-on', {bubbles: true}));
      if (answer.outcome) {
        this.end(answer);
      } else {
        this.follow(answer.id);
      }
    } catch (error) {
      this.problem = error.message;
      this.busy = false;
    }
  }

  /** Until it is no longer under way; then the history knows. A console that is being replaced answers again soon. */
  async follow(id) {
    try {
      const {items} = await api.get('/deployments/running');
      const state = items.find((one) => one.id === id);
      if (state) {
        this.stage = state;
      } else {
        const history = await api.get('/deployments?limit=50');
        const report = history.items.find((one) => one.id === id);
        if (report) {
          this.end(report);
          return;
        }
      }
      this.problem = '';
    } catch (error) {
      this.problem = error.message;
    }
    if (this.isConnected) {
      this.timer = setTimeout(() => this.follow(id), LOOK);
    }
  }

  end(report) {
    this.busy = false;
    this.stage = undefined;
    this.report = report;
    this.dispatchEvent(new CustomEvent('carried-out', {bubbles: true, detail: report}));
  }
}
customElements.define('deployment-change', DeploymentChange);

/** A request whose answer is lost is sent again: the gateway carries it out once. */
async function once(path, json) {
  const headers = {'Idempotency-Key': crypto.randomUUID()};
  try {
    return await api.call('POST', path, {json, headers});
  } catch (error) {
    if (error.status !== 0) {
      throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK));
    return api.call('POST', path, {json, headers});
  }
}
