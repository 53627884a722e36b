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

/** How far a deployment is, how long it is still watched, and the button that keeps it. */
class DeploymentStage extends View {
  static topics = ['flow'];
  static properties = {state: {attribute: false}, busy: {state: true}, problem: {state: true}, confirmed: {state: true}};

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
      ${awaiting && session.may('engineer') ? html`<span><button class="primary" ?disabled=${this.busy || this.confirmed}
        @click=${() => this.confirm(id)}>${this.busy ? t.working : t.keepIt}</button></span>` : nothing}</div>`;
  }

  async confirm(id) {
    this.busy = true;
    this.problem = '';
    try {
      await api.post(`/deployments/${segment(id)}/confirm`, {});
      this.confirmed = true;
    } catch (error) {
      this.problem = error.message;
    } finally {
      this.busy = false;
    }
  }
}
customElements.define('deployment-stage', DeploymentStage);
