// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {View} from '../view.js';
import {live} from '../live.js';
import {place} from '../place.js';
import {count, rate} from '../format.js';
import {LoadedData} from '../parts/loaded-data.js';
import {stateWord} from '../parts/state-word.js';
import {timeAgo} from '../parts/time-ago.js';
import {t} from '../texts.js';
import '../parts/search-field.js';

/** The local MQTT broker: where it listens, who is connected, what it took and refused. */
class PageBroker extends View {
  static topics = ['flow'];

  broker = new LoadedData(this, '/broker', 3);

  connectedCallback() {
    super.connectedCallback();
    live.watch();
  }

  render() {
    return html`<div class="page-head"><h1>${t.pages.broker}</h1><span class="spacer"></span>
      <search-field class="search" label=${t.filterClients} @changed=${() => this.requestUpdate()}></search-field></div>
      ${this.broker.show((broker) => html`<div class="stack">
        ${broker.listeners.filter((listener) => !listener.listening).map((listener) =>
          html`<p class="note bad" role="alert"><strong>${listener.address}</strong> ${listener.problem}</p>`)}
        <div class="two"><section class="panel"><header><h2>${t.clientsTitle}</h2><span class="quiet">${count(broker.clients.length)}</span></header>
          ${this.clients(broker)}</section>
        <div class="stack"><section class="panel"><header><h2>${t.listeners}</h2></header><table class="flow"><tbody>
          ${broker.listeners.map((listener) => html`<tr><td class="mono lead">${listener.address}</td>
            <td>${stateWord(listener.listening ? 'ok' : 'critical', listener.listening ? t.listening : t.notListening)}</td></tr>`)}</tbody></table></section>
          <section class="panel"><header><h2>${t.counters}</h2></header><div class="body"><dl class="facts">
            ${this.fact(t.sessions, broker.sessions)}
            ${this.fact(t.messagesIn, broker.messagesIn, live.state.flow?.broker?.inPerSecond)}
            ${this.fact(t.messagesOut, broker.messagesOut, live.state.flow?.broker?.outPerSecond)}
            ${this.fact(t.connectionsRefused, broker.connectionsRefused)}
            ${this.fact(t.publishesRefused, broker.publishesRefused)}
            ${this.fact(t.dropped, broker.dropped)}</dl></div></section></div></div></div>`)}`;
  }

  clients(broker) {
    const wanted = place.query('q').toLowerCase();
    const shown = broker.clients.filter((client) =>
      `${client.id} ${client.user} ${client.address}`.toLowerCase().includes(wanted));
    if (!broker.clients.length) {
      return html`<div class="empty"><strong>${t.noClients}</strong><span>${t.noClientsHow}</span></div>`;
    }
    return shown.length ? html`<table class="flow"><thead><tr><th>${t.clientId}</th><th>${t.user}</th><th>${t.address}</th>
        <th>${t.connectedSince}</th></tr></thead><tbody>${repeat(shown, (client) => client.id, (client) => html`<tr>
        <td class="lead">${client.id}</td><td>${client.user}</td><td class="mono">${client.address}</td>
        <td class="quiet">${timeAgo(client.since)}</td></tr>`)}</tbody></table>`
      : html`<p class="empty">${t.nothingMatches(place.query('q'))}</p>`;
  }

  fact(name, number, perSecond) {
    return html`<dt>${name}</dt><dd>${count(number)}
      ${perSecond === undefined ? nothing : html`<span class="quiet">${rate(perSecond)} ${t.perSecond}</span>`}</dd>`;
  }
}
customElements.define('page-broker', PageBroker);

export const page = () => html`<page-broker></page-broker>`;
