// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {View} from '../view.js';
import {api, segment} from '../api.js';
import {session} from '../session.js';
import {bytes, count} from '../format.js';
import {timeAgo} from './time-ago.js';
import {t} from '../texts.js';
import './in-page.js';

/** Who is connected to the broker, what each has sent and got, what waits for it; and parting from one. */
class ClientList extends View {
  static properties = {clients: {attribute: false}, wanted: {attribute: false}, asking: {state: true}, busy: {state: true},
    problem: {state: true}};

  render() {
    if (!this.clients.length) {
      return html`<div class="empty"><strong>${t.noClients}</strong><span>${t.noClientsHow}</span></div>`;
    }
    const shown = this.clients.filter((client) =>
      `${client.id} ${client.user} ${client.address}`.toLowerCase().includes(this.wanted.toLowerCase()));
    if (!shown.length) {
      return html`<p class="empty">${t.nothingMatches(this.wanted)}</p>`;
    }
    return html`${this.problem ? html`<p class="note bad" role="alert">${this.problem}</p>` : nothing}
      <table class="flow"><thead><tr><th>${t.clientId}</th><th>${t.connectedSince}</th>
        <th class="number">${t.hasSent}</th><th class="number">${t.hasGot}</th><th class="number" title=${t.queued}>${t.waiting}</th>
        <th class="number">${t.droppedShort}</th><th><span class="visually-hidden">${t.actions}</span></th></tr></thead>
      <tbody>${repeat(shown, (client) => client.id, (client) => this.row(client))}</tbody></table>`;
  }

  row(client) {
    return html`<tr><td class="lead">${client.id}<br><span class="quiet small">${t.clientOf(client.user)}
          <span class="mono">${client.address}</span> ${client.listener}, MQTT ${client.version}</span></td>
        <td class="quiet" data-label=${t.connectedSince}>${timeAgo(client.since)}</td>
        <td class="number" data-label=${t.hasSent} title=${bytes(client.bytesIn)}>${count(client.messagesIn)}</td>
        <td class="number" data-label=${t.hasGot} title=${bytes(client.bytesOut)}>${count(client.messagesOut)}</td>
        <td class="number" data-label=${t.waiting}>${count(client.queued)}</td>
        <td class="number ${client.dropped ? 'bad' : ''}" data-label=${t.droppedShort}>${count(client.dropped)}</td>
        <td class="number">${session.may('operator') ? html`<button class="small" ?disabled=${this.busy}
          @click=${() => this.asking = client.id}>${t.disconnect}</button>` : nothing}</td></tr>
      ${this.asking === client.id ? html`<tr><td class="full" colspan="7"><in-page class="note warn" role="alertdialog" aria-label=${t.disconnect}
        @dismiss=${() => this.asking = undefined}>
        ${t.disconnecting(client.id)}<span class="row">
        <button class="small primary" ?disabled=${this.busy} @click=${() => this.disconnect(client.id)}>${t.disconnectNow}</button>
        <button class="small" @click=${() => this.asking = undefined}>${t.cancel}</button></span></in-page></td></tr>` : nothing}`;
  }

  async disconnect(id) {
    this.busy = true;
    this.problem = '';
    try {
      await api.post(`/broker/clients/${segment(id)}/disconnect`);
      this.asking = undefined;
      this.dispatchEvent(new Event('changed'));
    } catch (error) {
      this.problem = error.message;
    } finally {
      this.busy = false;
    }
  }
}
customElements.define('client-list', ClientList);
