// SPDX-License-Identifier: Apache-2.0
import {html} from 'lit';
import {place} from '../place.js';
import '../parts/device-list.js';
import '../parts/device-view.js';

/** All devices, or one of them: /devices/NAME. */
export const page = () => place.segments.length > 1
  ? html`<device-view .name=${place.segments[1]}></device-view>` : html`<device-list></device-list>`;
