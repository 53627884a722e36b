// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {View} from '../view.js';
import {span} from '../format.js';
import {LoadedData} from './loaded-data.js';
import {OUTCOMES} from './deployment-change.js';
import {stateWord} from './state-word.js';
import {timeAgo} from './time-ago.js';
import {toldText} from './told-text.js';
import {t} from '../texts.js';
import './deployment-stage.js';

/** Deployments that are under way, each with its countdown. Shows nothing while there are none. */
class DeploymentsRunning extends View {
  running = new LoadedData(this, '/deployments/running', 2);

  render() {
    // One that is shown where it was asked for is not shown twice.
    const shown = new Set([...document.querySelectorAll('deployment-change')].map((change) => change.stage?.id));
    const items = (this.running.data?.items ?? []).filter((state) => !shown.has(state.id));
    return items.length ? html`<section class="panel"><header><h2>${t.underWay}</h2></header>
      <div class="body stack">${repeat(items, (state) => state.id, (state) => html`<div>
        <p><strong>${state.summary}</strong> <span class="quiet">${state.caller}</span></p>
        <deployment-stage .state=${state}></deployment-stage></div>`)}</div></section>` : nothing;
  }
}
customElements.define('deployments-running', DeploymentsRunning);

/** What became of deployments: who wanted what, when, why, and the end of it. */
class DeploymentList extends View {
  static topics = ['flow'];

  history = new LoadedData(this, '/deployments?limit=50', 10);

  render() {
    return html`<section class="panel"><header><h2>${t.history}</h2></header>${this.history.show(({items}) => items.length
      ? html`<table class="flow"><thead><tr><th>${t.time}</th><th>${t.outcome}</th><th>${t.whatWasIt}</th><th>${t.who}</th><th>${t.duration}</th></tr></thead>
        <tbody>${repeat(items, (report) => report.id, (report) => html`<tr><td class="shrink quiet">${timeAgo(report.time)}</td>
          <td class="shrink">${stateWord(OUTCOMES[report.outcome], t.outcomes[report.outcome])}</td>
          <td class="lead">${report.summary}${report.why ? html`<span class="sub">${t.because(report.why)}</span>` : nothing}
            ${report.detail ? html`<span class="sub">${toldText(report.detail)}</span>` : nothing}
            ${report.findings.length ? html`<details><summary class="small quiet">${t.findings} (${report.findings.length})</summary>
              <ul class="effects small">${report.findings.map((finding) => html`<li>${finding}</li>`)}</ul></details>` : nothing}</td>
          <td class="shrink">${report.caller}</td>
          <td class="shrink quiet nowrap" data-label=${t.duration}>${report.tookMillis < 1000 ? `${report.tookMillis} ms` : span(report.tookMillis)}
            ${report.generation ? html`<span class="sub">${t.madeGeneration(report.generation)}</span>` : nothing}</td></tr>`)}</tbody></table>`
      : html`<p class="empty">${t.noHistory}</p>`)}</section>`;
  }
}
customElements.define('deployment-list', DeploymentList);
