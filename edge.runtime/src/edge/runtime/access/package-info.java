// SPDX-License-Identifier: Apache-2.0
/** Accounts, first-run set-up and the audit log. */
package edge.runtime.access;
