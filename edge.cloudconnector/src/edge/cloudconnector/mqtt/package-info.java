// SPDX-License-Identifier: Apache-2.0
/**
 * Uplinks that speak MQTT 3.1.1 through Eclipse Paho, plain or over TLS; one for each configuration
 * {@code edge.cloudconnector.mqtt~NAME}.
 *
 * <p>Paho is only the wire here. It stores nothing, reconnects nothing and never decides how much is under way: a
 * connection is made new for each opening, and thrown away with its threads when it ends.
 */
package edge.cloudconnector.mqtt;
