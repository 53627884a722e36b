// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {live} from '../live.js';
import {place} from '../place.js';
import {bytes, count, micros, rate} from '../format.js';
import {LoadedData} from '../parts/loaded-data.js';
import {stateWord} from '../parts/state-word.js';
import {t} from '../texts.js';
import '../parts/client-list.js';
import '../parts/search-field.js';

/** The local MQTT broker: where it listens, who is connected, what it took, what waits and what it refused. */
class PageBroker extends View {
  static topics = ['flow'];

  broker = new LoadedData(this, '/broker', 3);
  figures = new LoadedData(this, '/broker/figures', 3);

  connectedCallback() {
    super.connectedCallback();
    live.watch();
  }

  render() {
    return html`<div class="page-head"><h1>${t.pages.broker}</h1><span class="spacer"></span>
      <search-field class="search" label=${t.filterClients} @changed=${() => this.requestUpdate()}></search-field></div>
      <div class="stack">${this.broker.show((broker) => html`
        ${broker.listeners.filter((listener) => !listener.listening).map((listener) =>
          html`<p class="note bad" role="alert"><strong>${listener.address}</strong> ${listener.problem}</p>`)}
        <section class="panel"><header><h2>${t.listeners}</h2></header><table class="flow"><tbody>
          ${broker.listeners.map((listener) => html`<tr><td class="mono lead">${listener.address}</td>
            <td>${stateWord(listener.listening ? 'ok' : 'critical', listener.listening ? t.listening : t.notListening)}</td></tr>`)}
          </tbody></table></section>`)}
        ${this.figures.show((figures) => html`
          <section class="panel"><header><h2>${t.clientsTitle}</h2><span class="quiet">${count(figures.clients.length)}</span></header>
            <client-list .clients=${figures.clients} .wanted=${place.query('q')} @changed=${() => this.figures.load()}></client-list></section>
          <div class="two">${this.counters(figures)}${this.refusals(figures.refusals)}</div>`)}</div>`;
  }

  counters(figures) {
    return html`<section class="panel"><header><h2>${t.counters}</h2></header><div class="body"><dl class="facts">
      ${this.fact(t.sessions, figures.sessions)}
      ${this.fact(t.subscriptions, figures.subscriptions)}
      ${this.fact(t.retainedKept, figures.retained)}
      ${this.fact(t.queued, figures.queued)}
      ${this.fact(t.messagesIn, figures.messagesIn, live.state.flow?.broker?.inPerSecond)}
      ${this.fact(t.messagesOut, figures.messagesOut, live.state.flow?.broker?.outPerSecond)}
      <dt>${t.bytesInOut}</dt><dd>${bytes(figures.bytesIn)} / ${bytes(figures.bytesOut)}</dd>
      <dt>${t.throughBroker}</dt><dd>${figures.latencyP99Micros
        ? t.latency(micros(figures.latencyMedianMicros), micros(figures.latencyP99Micros)) : t.noneLately}</dd>
      ${this.fact(t.dropped, figures.dropped)}</dl></div></section>`;
  }

  refusals(refusals) {
    const reasons = Object.entries(refusals).sort((a, b) => b[1] - a[1]);
    return html`<section class="panel"><header><h2>${t.refusedByReason}</h2></header>${reasons.length
      ? html`<div class="body"><dl class="facts">${reasons.map(([reason, times]) => this.fact(t.refusals[reason] ?? reason, times))}</dl></div>`
      : html`<p class="empty">${t.nothingRefused}</p>`}</section>`;
  }

  fact(name, number, perSecond) {
    return html`<dt>${name}</dt><dd>${count(number)}
      ${perSecond === undefined ? nothing : html`<span class="quiet">${rate(perSecond)} ${t.perSecond}</span>`}</dd>`;
  }
}
customElements.define('page-broker', PageBroker);

export const page = () => html`<page-broker></page-broker>`;
