// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {View} from '../view.js';
import {live} from '../live.js';
import {place} from '../place.js';
import {session} from '../session.js';
import {segment} from '../api.js';
import {count} from '../format.js';
import {stateWord} from '../parts/state-word.js';
import {t} from '../texts.js';
import '../parts/search-field.js';
import '../parts/bundle-upload.js';
import '../parts/bundle-view.js';
import '../parts/deployment-change.js';
import '../parts/deployment-list.js';
import '../parts/generation-list.js';

/** The bundle that serves this page: nobody could start it again from here. */
const OWN = 'edge.web';

/** The bundles of the gateway: what they are doing, why one does not, and changing the set of them. */
class PageBundles extends View {
  static topics = ['bundles', 'flow'];
  static properties = {change: {state: true}, uploading: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    live.watch();
    this.addEventListener('finished', () => {
      const opener = this.change && `${this.change.action} ${this.change.bundle}`;
      this.change = undefined;
      this.uploading = false;
      // The buttons of a row are away while something is done to its bundle.
      this.updateComplete.then(() => opener && this.querySelector(`[data-opens="${CSS.escape(opener)}"]`)?.focus());
    });
  }

  render() {
    const bundles = live.state.bundles;
    const system = place.query('system') === '1';
    const wanted = place.query('q').toLowerCase();
    const shown = (bundles ?? []).filter((bundle) => (system || bundle.origin !== 'system' || bundle.problems.length)
      && `${bundle.name} ${bundle.title}`.toLowerCase().includes(wanted));
    shown.sort((a, b) => (a.problems.length ? 0 : 1) - (b.problems.length ? 0 : 1) || (a.name < b.name ? -1 : 1));
    return html`<div class="page-head"><h1>${t.pages.bundles}</h1><span class="quiet">${!bundles ? '' : shown.length === bundles.length
          ? count(shown.length) : t.shownOf(count(shown.length), count(bundles.length))}</span>
        ${tabs(false)}<span class="spacer"></span>
        <label class="row"><input type="checkbox" .checked=${system} @change=${(event) => {
          place.filter('system', event.target.checked ? '1' : '');
          this.requestUpdate();
        }}>${t.showSystem}</label>
        <a class="small" href="/api/v1/sbom" target="_blank" download>${t.sbom}</a>
        <search-field class="search" label=${t.filterBundles} @changed=${() => this.requestUpdate()}></search-field>
        ${session.may('engineer') ? html`<button class="primary" @click=${() => this.uploading = true}>${t.deploy}</button>` : nothing}</div>
      <div class="stack">
        <deployments-running></deployments-running>
        ${this.uploading ? html`<bundle-upload></bundle-upload>` : nothing}
        <div class="panel">${bundles === undefined
          ? html`<div class="skeleton" aria-label=${t.loading}>${Array.from({length: 9}, () => html`<span></span>`)}</div>`
          : shown.length === 0 ? html`<p class="empty">${t.nothingMatches(place.query('q'))}</p>`
          : html`<table class="flow"><thead><tr><th>${t.bundle}</th><th>${t.version}</th><th>${t.state}</th><th><span class="visually-hidden">${t.actions}</span></th></tr></thead>
            <tbody>${repeat(shown, (bundle) => bundle.name, (bundle) => this.row(bundle))}</tbody></table>`}</div></div>`;
  }

  row(bundle) {
    const troubled = bundle.problems.length > 0;
    const state = troubled ? 'critical' : bundle.phase === 'active' ? 'ok' : 'calm';
    const changing = this.change?.bundle === bundle.name;
    return html`<tr><td class="lead"><a href=${`/bundles/${segment(bundle.name)}`}>${bundle.name}</a><span class="sub">${bundle.title === bundle.name ? '' : `${bundle.title} · `}${t.origins[bundle.origin]}</span>
        ${bundle.problems.map((problem) => html`<p class="note bad">${problem}</p>`)}
        ${bundle.components.length ? html`<details><summary class="small quiet">${t.components} (${bundle.components.length})</summary>
          <ul class="small mono">${bundle.components.map((component) => html`<li>${component}</li>`)}</ul></details>` : nothing}
        ${changing ? this.changing(this.change) : nothing}</td>
      <td class="nowrap">${bundle.version}</td><td>${stateWord(state, t.bundlePhases[bundle.phase])}</td>
      <td class="number">${session.may('engineer') && bundle.origin !== 'system' && !changing ? html`<span class="row actions">
        ${bundle.phase !== 'active' ? this.button('start', bundle) : bundle.name === OWN ? nothing : this.button('stop', bundle)}
        ${bundle.origin === 'deployed' ? this.button('uninstall', bundle) : nothing}</span>` : nothing}</td></tr>`;
  }

  changing({action, bundle}) {
    return html`<deployment-change .caption=${t.changeTitles[action](bundle)} .changes=${[{action, bundle}]}
      .typing=${action === 'uninstall' ? bundle : ''}></deployment-change>`;
  }

  button(action, bundle) {
    return html`<button class="small ${action === 'uninstall' ? 'danger' : ''}" data-opens=${`${action} ${bundle.name}`}
      @click=${() => this.change = {action, bundle: bundle.name}}>${t[action]}</button>`;
  }
}
customElements.define('page-bundles', PageBundles);

/** What was deployed and what is kept of it. */
class PageDeployments extends View {
  connectedCallback() {
    super.connectedCallback();
    live.watch();
  }

  render() {
    return html`<div class="page-head"><h1>${t.pages.bundles}</h1>${tabs(true)}</div>
      <div class="stack"><deployments-running></deployments-running><deployment-list></deployment-list><generation-list></generation-list></div>`;
  }
}
customElements.define('page-deployments', PageDeployments);

const tabs = (deployments) => html`<nav class="tabs" aria-label=${t.pages.bundles}>
  <a href="/bundles" aria-current=${deployments ? 'false' : 'page'}>${t.pages.bundles}</a>
  <a href="/bundles?view=deployments" aria-current=${deployments ? 'page' : 'false'}>${t.deployments}</a></nav>`;

/** All bundles, or one of them: /bundles/NAME, or the deployments: /bundles?view=deployments. */
export const page = () => place.segments.length > 1 ? html`<bundle-view .name=${place.segments[1]}></bundle-view>`
  : place.query('view') === 'deployments' ? html`<page-deployments></page-deployments>` : html`<page-bundles></page-bundles>`;
