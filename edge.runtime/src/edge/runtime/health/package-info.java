// SPDX-License-Identifier: Apache-2.0
/** Health checks gathered, events, the log in memory, and the checks of what lies below all rooms: framework, disk, heap, clock. */
package edge.runtime.health;
