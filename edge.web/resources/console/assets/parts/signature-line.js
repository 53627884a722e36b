// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {exact} from '../format.js';
import {stateWord} from './state-word.js';
import {t} from '../texts.js';

const STANDINGS = {trusted: 'ok', unsigned: 'calm', 'unknown-signer': 'warn', expired: 'warn', revoked: 'critical', broken: 'critical'};

/** Who signed something, and what that is worth to this gateway. */
export function signatureLine({standing, signer, sentence, signedAt}) {
  return html`${stateWord(STANDINGS[standing], t.standings[standing])} ${signer ?? ''}
    ${signedAt ? html`<span class="quiet">${exact(signedAt)}</span>` : nothing}
    ${standing === 'trusted' || standing === 'unsigned' ? nothing : html`<span class="sub">${sentence}</span>`}`;
}
