// SPDX-License-Identifier: Apache-2.0
/**
 * The HTTPS port: its certificate, its guards, and what answers on it.
 *
 * <p>It is Jetty's server alone, private to this bundle, and not the HTTP whiteboard: all requests go to one handler with one
 * table of routes, each of which says who may use it, so that nothing another bundle registers can be reached from outside;
 * and the listener needs what the whiteboard's configuration does not offer: any host name (a gateway is reached by the
 * address it happens to have), limits per address, and bodies that are read without holding a thread.
 *
 * <p>Threads: Jetty's pool {@code edge-web-*} runs handlers, which must not wait; {@code edge-web-timer} opens the port and
 * drives the live stream. A slow client holds a connection, never a thread.
 */
package edge.web.server;
