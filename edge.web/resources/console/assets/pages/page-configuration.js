// SPDX-License-Identifier: Apache-2.0
import {html} from 'lit';
import {place} from '../place.js';
import '../parts/configuration-list.js';
import '../parts/configuration-editor.js';

/** All configurations, or one of them: /configuration/PID. */
export const page = () => place.segments.length > 1
  ? html`<configuration-editor .pid=${place.segments[1]}></configuration-editor>`
  : html`<configuration-list></configuration-list>`;
