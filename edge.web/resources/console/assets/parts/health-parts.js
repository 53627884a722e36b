// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {live} from '../live.js';
import {count, exact, span} from '../format.js';
import {stateWord} from './state-word.js';
import {toldText} from './told-text.js';
import {t} from '../texts.js';

/** Every part of the gateway and how it is, the worst first; `troubled` shows only those that are not well. */
class HealthParts extends View {
  static topics = ['health', 'gateway', 'flow'];
  static properties = {troubled: {type: Boolean}};

  render() {
    const health = live.state.health;
    if (!health) {
      return html`<div class="skeleton" aria-label=${t.loading}><span></span><span></span><span></span></div>`;
    }
    const missing = live.state.gateway?.missing ?? [];
    const parts = health.items.filter((part) => !this.troubled || part.status !== 'ok');
    if (!parts.length && !missing.length) {
      return html`<p class="empty">${t.allWell}</p>`;
    }
    const well = health.items.length - parts.length;
    return html`<ul class="parts">
      ${missing.map((what) => html`<li>${stateWord('warn', what)}<span>${t.missing(what)}</span></li>`)}
      ${parts.map((part) => html`<li>${stateWord(part.status, part.subject, t.partWords[part.status])}
        <span>${part.reason ? toldText(part.reason) : t.partWords[part.status]}
          ${part.status === 'ok' ? nothing : html`<span class="quiet" title=${exact(part.since)}>${t.since(span(live.now() - Date.parse(part.since)))}</span>`}
          ${part.remedy ? html`<br><span class="quiet">${part.remedy}</span>` : nothing}</span></li>`)}
      ${well ? html`<li class="others"><a href="/system">${t.othersWell(count(well))}</a></li>` : nothing}</ul>`;
  }
}
customElements.define('health-parts', HealthParts);
