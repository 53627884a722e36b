// SPDX-License-Identifier: Apache-2.0
// Small line drawings; each stands beside a word.
import {svg} from 'lit';

const drawing = (path) => svg`<svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.4"
  stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${path}</svg>`;

export const icons = {
  overview: () => drawing(svg`<path d="M1.5 8h3l1.8-4.5 3 9L11.2 8h3.3"/>`),
  devices: () => drawing(svg`<path d="M4.5 4.5h7v7h-7zM6.5 1.5v3M9.5 1.5v3M6.5 11.5v3M9.5 11.5v3M1.5 6.5h3M1.5 9.5h3M11.5 6.5h3M11.5 9.5h3"/>`),
  broker: () => drawing(svg`<path d="M8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 1 0 0-3.6M4.4 11.6a5 5 0 0 1 0-7.2M11.6 4.4a5 5 0 0 1 0 7.2M2.4 13.6a8 8 0 0 1 0-11.2M13.6 2.4a8 8 0 0 1 0 11.2"/>`),
  uplinks: () => drawing(svg`<path d="M8 13V7M5.5 9.5 8 7l2.5 2.5M4.5 12A3 3 0 0 1 4 6.1a4 4 0 0 1 7.8-.6A3.2 3.2 0 0 1 12 12"/>`),
  bundles: () => drawing(svg`<path d="M2.5 5 8 2l5.5 3v6L8 14l-5.5-3zM2.5 5 8 8l5.5-3M8 8v6"/>`),
  configuration: () => drawing(svg`<path d="M2 4.5h7M13 4.5h1M2 11.5h1M7 11.5h7M11 2.8v3.4M5 9.8v3.4"/>`),
  log: () => drawing(svg`<path d="M2.5 3.5h11M2.5 6.5h8M2.5 9.5h11M2.5 12.5h6"/>`),
  security: () => drawing(svg`<path d="M8 1.8 13 3.6v4c0 3.2-2.1 5.4-5 6.6-2.9-1.2-5-3.4-5-6.6v-4zM8 6.5v3"/>`),
  system: () => drawing(svg`<path d="M2 3.5h12v4H2zM2 8.5h12v4H2zM4.5 5.5h.01M4.5 10.5h.01"/>`),
  search: () => drawing(svg`<path d="M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 1 0 0-9M10.3 10.3l3.2 3.2"/>`),
  more: () => drawing(svg`<path d="M3 8h.01M8 8h.01M13 8h.01" stroke-width="2.4"/>`),
};

/** The shape of a state: a disc, a triangle, a cross, a ring. Never told by colour alone. */
export function mark(state) {
  switch (state) {
    case 'ok':
      return svg`<svg viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="4" fill="currentColor"/></svg>`;
    case 'warn':
      return svg`<svg viewBox="0 0 10 10" aria-hidden="true"><path d="M5 .8 9.6 9.2H.4z" fill="currentColor"/></svg>`;
    case 'bad':
    case 'critical':
      return svg`<svg viewBox="0 0 10 10" aria-hidden="true"><path d="m1.5 1.5 7 7m0-7-7 7" stroke="currentColor" stroke-width="2.2" fill="none"/></svg>`;
    default:
      return svg`<svg viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="3.2" fill="none" stroke="currentColor" stroke-width="1.6"/></svg>`;
  }
}
