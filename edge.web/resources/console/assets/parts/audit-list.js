// SPDX-License-Identifier: Apache-2.0
import {html} from 'lit';
import {View} from '../view.js';
import {place} from '../place.js';
import {LoadedData} from './loaded-data.js';
import {timeAgo} from './time-ago.js';
import {t} from '../texts.js';
import './search-field.js';

/** Who did what, the newest first. */
class AuditList extends View {
  audit = new LoadedData(this, '/audit?limit=500', 10);

  render() {
    return html`<section class="panel"><header><h2>${t.audit}</h2><span class="spacer"></span>
        <search-field class="search" label=${t.filterAudit} @changed=${() => this.requestUpdate()}></search-field></header>
      ${this.audit.show(({items}) => {
        const wanted = place.query('q').toLowerCase();
        const shown = items.filter((entry) => Object.values(entry).join(' ').toLowerCase().includes(wanted));
        return shown.length ? html`<table class="flow"><thead><tr><th>${t.time}</th><th>${t.who}</th><th>${t.action}</th><th>${t.subject}</th>
          <th>${t.outcome}</th><th>${t.from}</th></tr></thead><tbody>${shown.map((entry) => html`<tr>
          <td class="quiet nowrap">${timeAgo(entry.time)}</td><td>${entry.caller}</td><td>${entry.action}</td><td>${entry.subject}</td>
          <td class=${entry.outcome === 'done' ? 'quiet' : 'bad'}>${entry.outcome}</td><td class="mono nowrap">${entry.origin}</td></tr>`)}</tbody></table>`
          : html`<p class="empty">${items.length ? t.nothingMatches(place.query('q')) : t.noAudit}</p>`;
      })}</section>`;
  }
}
customElements.define('audit-list', AuditList);
