// SPDX-License-Identifier: Apache-2.0
import './theme.js';
import './parts/edge-console.js';
