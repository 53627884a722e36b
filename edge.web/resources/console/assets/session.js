// SPDX-License-Identifier: Apache-2.0
// Who is signed in, and what they may do.
import {api} from './api.js';

const ROLES = ['viewer', 'operator', 'engineer', 'administrator'];
const TELL_ACTIVITY = 60000;

let me;
let active = false;

export const session = {
  get me() {
    return me;
  },

  set me(next) {
    me = next;
  },

  may(role) {
    return me !== undefined && ROLES.indexOf(me.role) >= ROLES.indexOf(role);
  },
};

export {ROLES};

// A person who reads and scrolls is active, although the page needs nothing from the gateway for it.
for (const event of ['pointerdown', 'keydown', 'wheel', 'touchmove']) {
  addEventListener(event, () => {
    active = true;
  }, {passive: true});
}
setInterval(() => {
  if (me && active) {
    active = false;
    api.get('/session').catch(() => {});
  }
}, TELL_ACTIVITY);
