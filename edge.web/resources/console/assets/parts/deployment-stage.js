// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {api, segment} from '../api.js';
import {count} from '../format.js';
import {live} from '../live.js';
import {session} from '../session.js';
import {stateWord} from './state-word.js';
import {t} from '../texts.js';
import './meter-bar.js';

/** Where it can be undone, or taken back. */
const WAITING = ['queued', 'probation', 'awaiting-confirmation'];

/** How far a deployment is, how long it is still watched, and the buttons that keep it or undo it. */
class DeploymentStage extends View {
  static topics = ['flow'];
  static properties = {state: {attribute: false}, busy: {state: true}, problem: {state: true}, said: {state: true}};

  render() {
    const {id, stage, since, until} = this.state;
    const left = until === undefined ? undefined : Math.max(0, Math.ceil((Date.parse(until) - live.now()) / 1000));
    const whole = until === undefined ? 0 : (Date.parse(until) - Date.parse(since)) / 1000;
    const awaiting = stage === 'awaiting-confirmation';
    return html`<div class="stage ${awaiting ? 'note warn' : ''}">
      <p class="row" role="status">${stateWord(awaiting ? 'warn' : 'calm', t.stages[stage])}
        ${left === undefined ? nothing : html`<strong class="countdown" aria-hidden="true">${t.countdown(count(Math.floor(left / 60)), String(left % 60).padStart(2, '0'))}</strong>`}</p>
      ${left === undefined ? nothing : html`<meter-bar .value=${whole ? left / whole : 0}></meter-bar>`}
      ${awaiting ? html`<p>${t.awaitingHint}</p>` : stage === 'probation' ? html`<p class="quiet small">${t.probationHint}</p>` : nothing}
      ${this.problem ? html`<p class="note bad" role="alert">${this.problem}</p>` : nothing}
      ${WAITING.includes(stage) && session.may('engineer') ? html`<span class="row">
        ${awaiting ? html`<button class="primary" ?disabled=${this.busy || this.said} @click=${() => this.say(id, 'confirm')}>${this.busy ? t.working : t.keepIt}</button>` : nothing}
        <button ?disabled=${this.busy || this.said} @click=${() => this.say(id, 'undo')}>${stage === 'queued' ? t.takeBack : t.undoNow}</button></span>` : nothing}</div>`;
  }

  async say(id, what) {
    this.busy = true;
    this.problem = '';
    try {
      await api.post(`/deployments/${segment(id)}/${what}`, {});
      this.said = true;
    } catch (error) {
      this.problem = error.message;
    } finally {
      this.busy = false;
    }
  }
}
customElements.define('deployment-stage', DeploymentStage);
