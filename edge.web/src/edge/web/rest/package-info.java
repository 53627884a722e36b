// SPDX-License-Identifier: Apache-2.0
/**
 * The routes of {@code /api/v1}. {@code resources/console/openapi.json} describes them; a test keeps the two together.
 */
package edge.web.rest;
