// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {View} from '../view.js';
import {live} from '../live.js';
import {place} from '../place.js';
import {session} from '../session.js';
import {count, span} from '../format.js';
import {LoadedData} from '../parts/loaded-data.js';
import {stateWord} from '../parts/state-word.js';
import {timeAgo} from '../parts/time-ago.js';
import {t} from '../texts.js';
import '../parts/search-field.js';
import '../parts/bundle-change.js';
import '../parts/bundle-upload.js';

const OUTCOMES = {done: 'ok', refused: 'warn', 'rolled-back': 'warn', failed: 'critical'};

/** The bundles of the gateway: what they are doing, why one does not, and changing the set of them. */
class PageBundles extends View {
  static topics = ['bundles', 'flow'];
  static properties = {change: {state: true}, uploading: {state: true}};

  history = new LoadedData(this, '/deployments?limit=20', 10);

  connectedCallback() {
    super.connectedCallback();
    live.watch();
    this.addEventListener('finished', () => {
      this.change = undefined;
      this.uploading = false;
      this.history.load();
    });
    this.addEventListener('carried-out', () => this.history.load());
  }

  render() {
    const bundles = live.state.bundles;
    const system = place.query('system') === '1';
    const wanted = place.query('q').toLowerCase();
    const shown = (bundles ?? []).filter((bundle) => (system || bundle.origin !== 'system' || bundle.problems.length)
      && `${bundle.name} ${bundle.title}`.toLowerCase().includes(wanted));
    shown.sort((a, b) => (a.problems.length ? 0 : 1) - (b.problems.length ? 0 : 1) || (a.name < b.name ? -1 : 1));
    return html`<div class="page-head"><h1>${t.pages.bundles}</h1><span class="quiet">${bundles ? count(bundles.length) : ''}</span>
        <span class="spacer"></span>
        <label class="row"><input type="checkbox" .checked=${system} @change=${(event) => {
          place.filter('system', event.target.checked ? '1' : '');
          this.requestUpdate();
        }}>${t.showSystem}</label>
        <search-field class="search" label=${t.filterBundles} @changed=${() => this.requestUpdate()}></search-field>
        ${session.may('engineer') ? html`<button class="primary" @click=${() => this.uploading = true}>${t.deploy}</button>` : nothing}</div>
      <div class="stack">
        ${this.uploading ? html`<bundle-upload></bundle-upload>` : nothing}
        <div class="panel">${bundles === undefined
          ? html`<div class="skeleton" aria-label=${t.loading}>${Array.from({length: 9}, () => html`<span></span>`)}</div>`
          : shown.length === 0 ? html`<p class="empty">${t.nothingMatches(place.query('q'))}</p>`
          : html`<table class="flow"><thead><tr><th>${t.bundle}</th><th>${t.version}</th><th>${t.state}</th><th></th></tr></thead>
            <tbody>${repeat(shown, (bundle) => bundle.name, (bundle) => this.row(bundle))}</tbody></table>`}</div>
        <section class="panel"><header><h2>${t.history}</h2></header>${this.history.show(({items}) => items.length
          ? html`<table class="flow"><tbody>${items.map((report) => html`<tr><td class="shrink quiet">${timeAgo(report.time)}</td>
            <td class="shrink">${stateWord(OUTCOMES[report.outcome], t.outcomes[report.outcome])}</td>
            <td class="lead">${report.summary}${report.detail ? html`<span class="sub">${report.detail}</span>` : nothing}</td>
            <td class="shrink">${report.caller}</td><td class="shrink quiet nowrap">${t.took(report.tookMillis < 1000 ? `${report.tookMillis} ms` : span(report.tookMillis))}</td></tr>`)}</tbody></table>`
          : html`<p class="empty">${t.noHistory}</p>`)}</section></div>`;
  }

  row(bundle) {
    const troubled = bundle.problems.length > 0;
    const state = troubled ? 'critical' : bundle.phase === 'active' ? 'ok' : 'calm';
    const changing = this.change?.bundle === bundle.name;
    return html`<tr><td class="lead">${bundle.name}<span class="sub">${bundle.title === bundle.name ? '' : `${bundle.title} · `}${t.origins[bundle.origin]}</span>
        ${bundle.problems.map((problem) => html`<p class="note bad">${problem}</p>`)}
        ${bundle.components.length ? html`<details><summary class="small quiet">${t.components} (${bundle.components.length})</summary>
          <ul class="small mono">${bundle.components.map((component) => html`<li>${component}</li>`)}</ul></details>` : nothing}
        ${changing ? html`<bundle-change .change=${this.change}></bundle-change>` : nothing}</td>
      <td class="nowrap">${bundle.version}</td><td>${stateWord(state, t.bundlePhases[bundle.phase])}</td>
      <td class="number">${session.may('engineer') && bundle.origin !== 'system' && !changing ? html`<span class="row actions">
        ${bundle.phase === 'active' ? this.button('stop', bundle) : this.button('start', bundle)}
        ${bundle.origin === 'deployed' ? this.button('uninstall', bundle) : nothing}</span>` : nothing}</td></tr>`;
  }

  button(action, bundle) {
    return html`<button class="small ${action === 'uninstall' ? 'danger' : ''}"
      @click=${() => this.change = {action, bundle: bundle.name}}>${t[action]}</button>`;
  }
}
customElements.define('page-bundles', PageBundles);

export const page = () => html`<page-bundles></page-bundles>`;
