// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {exact} from '../format.js';
import {live} from '../live.js';
import {LoadedData} from './loaded-data.js';
import {stateWord} from './state-word.js';
import {t} from '../texts.js';

/** Whose bundles this gateway lets in. */
class TrustList extends View {
  trust = new LoadedData(this, '/trust');

  render() {
    return html`<section class="panel"><header><h2>${t.trust}</h2><span class="spacer"></span>
        <a class="small" href="/configuration/edge.runtime.trust">${t.configure}</a></header>
      ${this.trust.show(({policy, certificates, problems}) => html`<div class="body stack"><p>${t.policies[policy]}</p>
        ${problems.map((problem) => html`<p class="note warn">${problem}</p>`)}</div>
        ${certificates.length ? html`<table class="flow"><thead><tr><th>${t.certificate}</th><th>${t.trustedFor}</th><th>${t.state}</th></tr></thead>
          <tbody>${certificates.map((one) => html`<tr><td class="lead">${one.subject}<span class="sub mono">${one.fingerprint}</span></td>
            <td>${t.uses[one.use]}</td><td>${this.state(one)}</td></tr>`)}</tbody></table>`
        : html`<p class="empty">${t.nobodyTrusted}</p>`}`)}</section>`;
  }

  state({revoked, until}) {
    if (revoked) {
      return stateWord('critical', t.standings.revoked);
    }
    return Date.parse(until) < live.now() ? stateWord('warn', t.standings.expired) : html`<span class="nowrap">${t.validUntil(exact(until))}</span>`;
  }
}
customElements.define('trust-list', TrustList);
