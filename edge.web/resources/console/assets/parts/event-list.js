// SPDX-License-Identifier: Apache-2.0
import {html} from 'lit';
import {View} from '../view.js';
import {live} from '../live.js';
import {stateWord} from './state-word.js';
import {timeAgo} from './time-ago.js';
import {toldText} from './told-text.js';
import {t} from '../texts.js';

/** What changed lately. */
class EventList extends View {
  static topics = ['events', 'flow'];

  render() {
    const events = live.state.events;
    if (!events) {
      return html`<div class="skeleton" aria-label=${t.loading}><span></span><span></span><span></span><span></span></div>`;
    }
    return events.length ? html`<ul>${events.map((event) => html`<li>${timeAgo(event.time)}
      ${stateWord(event.level, html`<span class="visually-hidden">${t.partWords[event.level]}</span>`, t.partWords[event.level])}
      <span><span class="subject">${event.subject}</span> ${toldText(event.text)}</span></li>`)}</ul>`
      : html`<p class="empty">${t.noEvents}</p>`;
  }
}
customElements.define('event-list', EventList);
