// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {live} from '../live.js';
import {session} from '../session.js';
import {clock, exact, span} from '../format.js';
import {stateWord} from './state-word.js';
import {toldPlainly} from './told-text.js';
import {t} from '../texts.js';
import './user-menu.js';

/** Which gateway, how it is and why, its clock, whether this page is live, and who is signed in. Never scrolls away. */
class AppHeader extends View {
  static topics = ['gateway', 'health', 'flow', 'connection'];

  connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => this.requestUpdate(), 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  render() {
    const labels = live.state.gateway?.labels;
    return html`<a class="identity" href="/" title=${labels ? `${labels.org} / ${labels.site} / ${labels.gateway}` : ''}>
        ${labels ? html`<span class="quiet where">${labels.org} / ${labels.site} /</span><span>${labels.gateway}</span>` : t.product}</a>
      ${this.health()}
      <div class="side"><button class="small find" title=${t.searchHint} @click=${() => document.dispatchEvent(new CustomEvent('search'))}>${t.search} <kbd>/</kbd></button>${this.clock()}${this.connection()}<user-menu .me=${session.me}></user-menu></div>`;
  }

  health() {
    const health = live.state.health;
    const known = live.state.connection.phase === 'live';
    const missing = live.state.gateway?.missing ?? [];
    if (!health || !known) {
      return html`<span class="health">${stateWord('calm', t.healthWords.unknown)}</span>`;
    }
    const troubled = health.items.filter((part) => part.status !== 'ok');
    const status = missing.length && health.status === 'ok' ? 'warn' : health.status;
    const reason = troubled.length
      ? `${troubled[0].subject}: ${toldPlainly(troubled[0].reason)}${troubled.length > 1 ? ` (${t.moreParts(troubled.length - 1)})` : ''}`
      : missing.length ? t.missing(missing[0]) : t.allWell;
    return html`<a class="health" href="/system" title=${reason}>${stateWord(status, t.healthWords[status])}
      <span class="reason">${reason}</span></a>`;
  }

  clock() {
    const flow = live.state.flow;
    if (!flow) {
      return nothing;
    }
    const now = live.now();
    return html`<span class="clock" title="${exact(now)}, ${t.clockWords[flow.clock]}">${clock(now)}
      ${flow.clock === 'synchronised' ? nothing : html`<span class="warn">${t.clockWords[flow.clock]}</span>`}</span>`;
  }

  connection() {
    const {phase, since} = live.state.connection;
    const state = phase === 'live' ? 'ok' : phase === 'connecting' ? 'calm' : 'warn';
    const word = phase === 'reconnecting' ? t.connection.reconnecting(span(Date.now() - since)) : t.connection[phase];
    return html`<span class="link" role="status">${stateWord(state, word)}</span>`;
  }
}
customElements.define('app-header', AppHeader);
