// SPDX-License-Identifier: Apache-2.0
/**
 * What a request is, who may send it, which route it takes and what is answered. Knows no server: the tests call it without
 * one.
 */
package edge.web.http;
