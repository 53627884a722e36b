// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {live} from '../live.js';
import {place} from '../place.js';
import {icons} from '../icons.js';
import {t} from '../texts.js';

const ORDER = ['overview', 'devices', 'broker', 'uplinks', 'bundles', 'configuration', 'log', 'security', 'system'];
const IN_BAR = ORDER.slice(0, 4);

/** The pages, in the order of the data: a rail beside a wide page, a bar below a narrow one. */
class AppNavigation extends View {
  static topics = ['devices', 'uplinks', 'bundles'];
  static properties = {open: {state: true}};

  connectedCallback() {
    super.connectedCallback();
    this.end = place.subscribe(() => {
      this.open = false;
      this.requestUpdate();
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.end();
  }

  render() {
    const current = place.segments[0] ?? 'overview';
    const link = (name) => html`<a href=${name === 'overview' ? '/' : '/' + name}
      aria-current=${name === current ? 'page' : 'false'}>${icons[name]()}<span>${t.pages[name]}</span>${this.count(name)}</a>`;
    return html`<nav aria-label=${t.navigation}>
      <ul class="rail ${this.open ? 'open' : ''}" id="all-pages">${ORDER.map((name) => html`<li>${link(name)}</li>`)}
        <li class="find"><a href="#search" @click=${this.search}>${icons.search()}<span>${t.search}</span></a></li></ul>
      <div class="bar">${IN_BAR.map(link)}
        <button class="more" aria-expanded=${this.open ? 'true' : 'false'} aria-controls="all-pages"
          @click=${() => this.open = !this.open}>${icons.more()}<span>${t.more}</span></button></div></nav>`;
  }

  search(event) {
    event.preventDefault();
    this.open = false;
    document.dispatchEvent(new CustomEvent('search'));
  }

  /** How many things on a page want to be looked at. */
  count(name) {
    let n = 0;
    if (name === 'devices') {
      n = [...live.state.devices?.values() ?? []].filter((device) => device.link.phase === 'disconnected').length;
    } else if (name === 'uplinks') {
      n = (live.state.uplinks ?? []).filter((uplink) => uplink.phase === 'backing-off').length;
    } else if (name === 'bundles') {
      n = (live.state.bundles ?? []).filter((bundle) => bundle.problems.length).length;
    }
    return n ? html`<span class="count bad">${n}</span>` : nothing;
  }
}
customElements.define('app-navigation', AppNavigation);
