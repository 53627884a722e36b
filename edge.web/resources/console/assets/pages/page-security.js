// SPDX-License-Identifier: Apache-2.0
import {html} from 'lit';
import {View} from '../view.js';
import {live} from '../live.js';
import {session} from '../session.js';
import {t} from '../texts.js';
import '../parts/account-list.js';
import '../parts/audit-list.js';
import '../parts/trust-list.js';

/** Who may use the gateway, and who did what. */
class PageSecurity extends View {
  connectedCallback() {
    super.connectedCallback();
    live.watch();
  }

  render() {
    return html`<div class="page-head"><h1>${t.pages.security}</h1></div><div class="stack">${session.may('administrator')
      ? html`<account-list></account-list><trust-list></trust-list><audit-list></audit-list>`
      : html`<p class="note">${t.onlyAdministrators}</p><trust-list></trust-list>`}</div>`;
  }
}
customElements.define('page-security', PageSecurity);

export const page = () => html`<page-security></page-security>`;
