// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {api, segment} from '../api.js';
import {live} from '../live.js';
import {signatureLine} from './signature-line.js';
import {stateWord} from './state-word.js';
import {t} from '../texts.js';

/** One bundle: what it does, who signed it, what is in it. */
class BundleView extends View {
  static topics = ['bundles'];
  static properties = {name: {attribute: false}, signature: {state: true}, parts: {state: true}, problem: {state: true}};

  willUpdate(changed) {
    if (changed.has('name')) {
      this.load();
    }
  }

  async load() {
    this.signature = undefined;
    this.parts = undefined;
    this.problem = '';
    const name = this.name;
    try {
      const signature = await api.get(`/bundles/${segment(name)}/signature`);
      if (name === this.name) {
        this.signature = signature;
      }
      const {components} = await api.get(`/bundles/${segment(name)}/sbom`);
      if (name === this.name) {
        this.parts = components ?? [];
      }
    } catch (error) {
      this.problem = name === this.name ? error.message : this.problem;
    }
  }

  render() {
    const bundle = live.state.bundles?.find((one) => one.name === this.name);
    return html`<div class="page-head"><h1><a href="/bundles">${t.pages.bundles}</a> <span class="quiet">/</span> ${this.name}</h1>
        ${bundle ? stateWord(bundle.problems.length ? 'critical' : bundle.phase === 'active' ? 'ok' : 'calm', t.bundlePhases[bundle.phase]) : nothing}</div>
      <div class="stack">
      ${bundle?.problems.map((problem) => html`<p class="note bad">${problem}</p>`)}
      ${bundle ? html`<section class="panel"><div class="body"><dl class="facts"><dt>${t.version}</dt><dd>${bundle.version}</dd>
        <dt>${t.title}</dt><dd>${bundle.title}</dd><dt>${t.from}</dt><dd>${t.origins[bundle.origin]}</dd>
        <dt>${t.signedBy}</dt><dd>${this.signature === undefined ? this.problem ? t.noValue : t.loading : this.signature.signature
          ? signatureLine(this.signature.signature) : t.imageNotAsked}</dd>
        ${bundle.components.length ? html`<dt>${t.components}</dt><dd><ul class="small mono">${bundle.components.map((one) => html`<li>${one}</li>`)}</ul></dd>` : nothing}
        </dl></div></section>` : live.state.bundles ? html`<p class="note bad">${t.noSuchBundle(this.name)}</p>` : nothing}
      <section class="panel"><header><h2>${t.partsOf}</h2><span class="spacer"></span>
        ${this.parts ? html`<a class="small" href=${`/api/v1/bundles/${segment(this.name)}/sbom`} target="_blank" download>${t.download}</a>` : nothing}</header>
        ${this.problem ? html`<p class="empty">${this.problem}</p>` : this.parts === undefined
          ? html`<div class="skeleton" aria-label=${t.loading}><span></span><span></span><span></span></div>`
          : this.parts.length ? html`<table class="flow"><thead><tr><th>${t.part}</th><th>${t.version}</th><th>${t.licence}</th></tr></thead>
            <tbody>${this.parts.map((part) => html`<tr><td class="lead">${part.name}<span class="sub">${part.purl ?? part.group ?? ''}</span></td>
              <td>${part.version}</td><td>${(part.licenses ?? []).map((one) => one.expression ?? one.license?.id ?? one.license?.name).join(', ')}</td></tr>`)}</tbody></table>`
          : html`<p class="empty">${t.onlyItself}</p>`}</section></div>`;
  }
}
customElements.define('bundle-view', BundleView);
