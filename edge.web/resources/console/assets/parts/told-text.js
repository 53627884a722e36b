// SPDX-License-Identifier: Apache-2.0
import {html} from 'lit';
import {exact, moment} from '../format.js';

const INSTANT = /(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z)/;

/** A sentence of the gateway with its times as the viewer's clock shows them, the exact ones on hover. */
export function toldText(text) {
  return html`<span>${text.split(INSTANT).map((part) => INSTANT.test(part)
    ? html`<time datetime=${part} title=${exact(part)}>${moment(part)}</time>` : part)}</span>`;
}

/** The same where only text can stand. */
export function toldPlainly(text) {
  return text.split(INSTANT).map((part) => INSTANT.test(part) ? moment(part) : part).join('');
}
