// SPDX-License-Identifier: Apache-2.0
import {html} from 'lit';
import {View} from '../view.js';
import {live} from '../live.js';
import {session} from '../session.js';
import {t} from '../texts.js';
import '../parts/account-list.js';
import '../parts/audit-list.js';

/** Who may use the gateway, and who did what. */
class PageSecurity extends View {
  connectedCallback() {
    super.connectedCallback();
    live.watch();
  }

  render() {
    return html`<div class="page-head"><h1>${t.pages.security}</h1></div>${session.may('administrator')
      ? html`<div class="stack"><account-list></account-list><audit-list></audit-list></div>`
      : html`<p class="note">${t.onlyAdministrators}</p>`}`;
  }
}
customElements.define('page-security', PageSecurity);

export const page = () => html`<page-security></page-security>`;
