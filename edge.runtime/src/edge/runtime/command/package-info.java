// SPDX-License-Identifier: Apache-2.0
/** Writing to tags by MQTT. Threads: commands are read on the message bus's thread, answered on the driver's. */
package edge.runtime.command;
