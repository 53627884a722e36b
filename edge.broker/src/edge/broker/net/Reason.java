// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

/** Reason codes of MQTT 5 (section 2.4), as far as this broker says them. */
final class Reason {

    static final int SUCCESS = 0x00;
    static final int NO_SUBSCRIPTION_EXISTED = 0x11;
    /** From here on a reason means that something has failed. */
    static final int UNSPECIFIED = 0x80;
    static final int MALFORMED_PACKET = 0x81;
    static final int PROTOCOL_ERROR = 0x82;
    static final int IMPLEMENTATION_SPECIFIC = 0x83;
    static final int UNSUPPORTED_VERSION = 0x84;
    static final int CLIENT_ID_NOT_VALID = 0x85;
    static final int BAD_CREDENTIALS = 0x86;
    static final int NOT_AUTHORIZED = 0x87;
    static final int SERVER_UNAVAILABLE = 0x88;
    static final int SERVER_BUSY = 0x89;
    static final int SHUTTING_DOWN = 0x8B;
    static final int BAD_AUTHENTICATION_METHOD = 0x8C;
    static final int KEEP_ALIVE_TIMEOUT = 0x8D;
    static final int TAKEN_OVER = 0x8E;
    static final int PACKET_ID_NOT_FOUND = 0x92;
    static final int RECEIVE_MAXIMUM_EXCEEDED = 0x93;
    static final int TOPIC_ALIAS_INVALID = 0x94;
    static final int PACKET_TOO_LARGE = 0x95;
    static final int QUOTA_EXCEEDED = 0x97;
    static final int ADMINISTRATIVE_ACTION = 0x98;

    // What a CONNACK of MQTT 3.1.1 says (section 3.2.2.3).
    static final int V3_UNSUPPORTED_VERSION = 1;
    static final int V3_CLIENT_ID = 2;
    static final int V3_UNAVAILABLE = 3;
    static final int V3_BAD_CREDENTIALS = 4;
    static final int V3_NOT_AUTHORIZED = 5;
    /** What a SUBACK says of a filter that is refused. */
    static final int V3_FAILURE = 0x80;

    private Reason() {
    }

    /** What MQTT 3.1.1 has for a refusal to connect. */
    static int v3(int reason) {
        return switch (reason) {
            case CLIENT_ID_NOT_VALID -> V3_CLIENT_ID;
            case BAD_CREDENTIALS, BAD_AUTHENTICATION_METHOD -> V3_BAD_CREDENTIALS;
            case NOT_AUTHORIZED -> V3_NOT_AUTHORIZED;
            case UNSUPPORTED_VERSION -> V3_UNSUPPORTED_VERSION;
            default -> V3_UNAVAILABLE;
        };
    }
}
