// SPDX-License-Identifier: Apache-2.0
package edge.api.message;

import edge.api.access.Caller;
import edge.api.gateway.Moment;

/** What travels over the message bus and into the journal. Immutable. */
public sealed interface Message permits ScanMessage, RawMessage {

    /** When the gateway got it. */
    Moment at();

    /** On whose behalf it is published; sinks never authorise again. */
    Caller caller();

    /** The local MQTT topic that it belongs to. */
    String topic();
}
