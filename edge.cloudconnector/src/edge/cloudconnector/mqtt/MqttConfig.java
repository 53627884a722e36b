// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The configuration of one uplink. */
@ObjectClassDefinition(name = "MQTT uplink",
    description = "A cloud that speaks MQTT 3.1.1. The name behind the ~ is the uplink's name.")
@interface MqttConfig {

    @AttributeDefinition(name = "Host", description = "Name or address of the cloud's MQTT broker, without a scheme.")
    String host();

    @AttributeDefinition(name = "Port", description = "TCP port; 0 means 8883 with TLS and 1883 without.",
        min = "0", max = "65535")
    int port() default 0;

    @AttributeDefinition(name = "TLS",
        description = "Encrypts the connection and checks the cloud's certificate and host name.")
    boolean tls() default true;

    @AttributeDefinition(name = "CA file", required = false,
        description = "PEM file with the certificates to trust, absolute or below the data directory; empty means those of"
            + " the Java runtime.")
    String caFile() default "";

    @AttributeDefinition(name = "CRL file", required = false,
        description = "PEM file with the revocation lists of the CAs in 'caFile', absolute or below the data directory; with"
            + " it, a certificate that is revoked, or of which no valid list tells, is refused.")
    String crlFile() default "";

    @AttributeDefinition(name = "Key store", required = false,
        description = "PKCS#12 file with the gateway's own certificate and key, absolute or below the data directory; empty"
            + " means no client certificate.")
    String keyStore() default "";

    @AttributeDefinition(name = "Key store password", type = AttributeType.PASSWORD, required = false,
        description = "Password of the key store.")
    String _keyStorePassword() default "";

    @AttributeDefinition(name = "Client id", required = false,
        description = "MQTT client identifier; empty means the gateway's id. Two uplinks to one broker need different ones.")
    String clientId() default "";

    @AttributeDefinition(name = "User", required = false, description = "User name; empty means a login without one.")
    String user() default "";

    @AttributeDefinition(name = "Password", type = AttributeType.PASSWORD, required = false,
        description = "Password of the user.")
    String _password() default "";

    @AttributeDefinition(name = "Clean session",
        description = "Begins each connection without what the broker remembers of the one before. Nothing depends on it"
            + " here; some brokers bill, list or route by sessions.")
    boolean cleanSession() default true;

    @AttributeDefinition(name = "Status topic", required = false,
        description = "Where, retained, it is told whether the gateway is connected: by itself when it connects and says"
            + " goodbye, by the broker with the last will when it is cut off. {org}, {site}, {gateway} and {gatewayId} are"
            + " filled in; empty means nowhere.")
    String statusTopic() default "";

    @AttributeDefinition(name = "Probe topic", required = false,
        description = "Where the uplink publishes and subscribes to prove that what it sends can be received: it counts as"
            + " connected only when its probe came back. {org}, {site}, {gateway} and {gatewayId} are filled in; empty means"
            + " no probe.")
    String probeTopic() default "";

    @AttributeDefinition(name = "Keep alive",
        description = "Seconds without traffic after which the connection is probed.", min = "1", max = "3600")
    int keepAlive() default 30;

    @AttributeDefinition(name = "Connect timeout",
        description = "Seconds for the name, the connection, TLS and the login together.", min = "1", max = "120")
    int connectTimeout() default 15;

    @AttributeDefinition(name = "Acknowledgement timeout",
        description = "Seconds without any acknowledgement of what is under way after which the connection counts as"
            + " broken.", min = "1", max = "600")
    int ackTimeout() default 30;

    @AttributeDefinition(name = "Window",
        description = "How many messages may be under way, sent and not acknowledged. At most that many arrive twice after"
            + " a break.", min = "1", max = "10000")
    int window() default 1000;

    @AttributeDefinition(name = "Topic",
        description = "Where to publish; {org}, {site}, {gateway}, {gatewayId}, {stream}, {device}, {tag}, {epoch},"
            + " {sequence}, {lane} and {topic} are filled in.")
    String topic() default "edge/{org}/{site}/{gateway}/{stream}";

    @AttributeDefinition(name = "Streams",
        description = "Which streams to send: patterns such as device/* or ingest/alarms, * for any characters.")
    String[] streams() default {"*"};

    @AttributeDefinition(name = "Encoder", description = "What makes the payload. json: one object a record. json-tag: one"
        + " object for each tag of a scan. raw: messages of third parties as they were published; then 'topic' has to carry"
        + " {stream}, {epoch}, {sequence} and {lane}.")
    String encoder() default "json";
}
