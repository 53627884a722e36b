// SPDX-License-Identifier: Apache-2.0
import {html} from 'lit';
import {View} from '../view.js';
import {live} from '../live.js';
import {t} from '../texts.js';
import '../parts/machine-picture.js';
import '../parts/event-list.js';
import '../parts/health-parts.js';

/** Is it well, and what changed lately. */
class PageOverview extends View {
  connectedCallback() {
    super.connectedCallback();
    live.watch();
  }

  render() {
    return html`<div class="stack"><h1 class="visually-hidden">${t.pages.overview}</h1>
      <machine-picture></machine-picture>
      <div class="two"><section class="panel"><header><h2>${t.lately}</h2></header><event-list></event-list></section>
        <section class="panel"><header><h2>${t.parts}</h2></header><health-parts troubled></health-parts></section></div></div>`;
  }
}
customElements.define('page-overview', PageOverview);

export const page = () => html`<page-overview></page-overview>`;
