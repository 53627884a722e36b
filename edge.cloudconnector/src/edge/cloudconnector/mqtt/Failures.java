// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import edge.api.uplink.UplinkException;
import edge.api.uplink.UplinkException.Kind;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateRevokedException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.eclipse.paho.client.mqttv3.MqttException;

/** What went wrong with a connection, in one sentence, and what to do. */
final class Failures {

    private final MqttSettings settings;

    Failures(MqttSettings settings) {
        this.settings = settings;
    }

    UplinkException of(Throwable failure) {
        return certificate(failure)
            .or(() -> tls(failure))
            .or(() -> network(failure))
            .or(() -> mqtt(failure))
            .orElseGet(() -> unreachable("The connection to " + settings.address() + " failed: " + failure,
                "It is tried again", failure));
    }

    UplinkException connectTimeout() {
        return unreachable(settings.address() + " did not complete the login within "
            + settings.connectTimeout().toSeconds() + " s",
            "Check that 'port' is the broker's MQTT port and that 'tls' is as the broker wants it", null);
    }

    UplinkException ackTimeout(int waiting) {
        return unreachable(settings.address() + " has acknowledged nothing for " + settings.ackTimeout().toSeconds()
            + " s, with " + waiting + " messages under way",
            "Check the network and the broker; what is unanswered is sent again", null);
    }

    UplinkException closed() {
        return unreachable("The connection to " + settings.address() + " was closed", "", null);
    }

    UplinkException probeLost() {
        return unreachable(settings.address() + " accepts messages and does not pass them on: a probe did not come back within "
            + settings.ackTimeout().toSeconds() + " s",
            "Check at the cloud whether the user may publish and subscribe to 'probeTopic', and whether the broker works",
            null);
    }

    UplinkException probeRefused() {
        return refused(settings.address() + " refuses the subscription to 'probeTopic'",
            "Allow it at the cloud, or leave 'probeTopic' empty", null);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    private Optional<UplinkException> certificate(Throwable failure) {
        if (find(failure, CertificateExpiredException.class).isPresent()) {
            return Optional.of(refused("The certificate of " + settings.address() + " has expired, by this gateway's clock: "
                + now(), "Have the cloud renew it; if the clock is wrong, set it", failure));
        } else if (find(failure, CertificateNotYetValidException.class).isPresent()) {
            return Optional.of(unreachable("This gateway's clock is wrong, or the certificate of " + settings.address()
                + " is: it is not valid yet at " + now(), "Set the clock: see that the gateway reaches a time server",
                failure));
        } else if (find(failure, CertificateRevokedException.class).isPresent()) {
            return Optional.of(refused("The certificate of " + settings.address() + " is revoked",
                "Do not trust this address; have the cloud's operator look at it", failure));
        }
        Optional<UplinkException> unknown = find(failure, CertPathValidatorException.class)
            .filter(found -> found.getReason() == BasicReason.UNDETERMINED_REVOCATION_STATUS)
            .map(found -> refused("Nobody tells whether the certificate of " + settings.address() + " is revoked: "
                + message(found), "Put the CA's newest revocation list into " + settings.crlFile().map(Path::toString)
                .orElse("'crlFile'"), failure));
        if (unknown.isPresent()) {
            return unknown;
        } else if (find(failure, CertPathBuilderException.class).isPresent()
            || find(failure, CertPathValidatorException.class).isPresent()) {
            return Optional.of(refused("The certificate of " + settings.address() + " is not trusted",
                settings.caFile().isEmpty() ? "Name the PEM file of the CA that signed it in 'caFile'"
                    : "Put the certificate of the CA that signed it into " + settings.caFile().get(), failure));
        }
        return find(failure, CertificateException.class).map(found -> refused(
            message(found).startsWith("No ") ? "The certificate of " + settings.address() + " is for another host"
                : "The certificate of " + settings.address() + " is refused: " + message(found),
            "Write the name that the certificate carries into 'host'", failure));
    }

    private Optional<UplinkException> tls(Throwable failure) {
        return find(failure, SSLException.class).map(found -> {
            if (message(found).contains("Unsupported or unrecognized SSL message")) {
                return refused(settings.address() + " does not speak TLS on this port",
                    "Use the broker's TLS port (usually 8883), or set 'tls' to false", failure);
            } else if (message(found).contains("alert")) {
                return refused(settings.address() + " refuses the TLS handshake: " + message(found),
                    "Check 'keyStore': the cloud may want a client certificate that it trusts", failure);
            }
            return unreachable("TLS with " + settings.address() + " failed: " + message(found),
                "Check that the port is the broker's TLS port", failure);
        });
    }

    private Optional<UplinkException> network(Throwable failure) {
        if (find(failure, UnknownHostException.class).isPresent()) {
            return Optional.of(unreachable("The host " + settings.host() + " is unknown",
                "Check 'host' and the gateway's name server", failure));
        } else if (find(failure, NoRouteToHostException.class).isPresent()) {
            return Optional.of(unreachable("There is no route to " + settings.address(),
                "Check the gateway's network", failure));
        } else if (find(failure, ConnectException.class).isPresent()) {
            return Optional.of(unreachable(settings.address() + " refuses the connection",
                "Check 'port', and that the broker is running", failure));
        } else if (find(failure, SocketTimeoutException.class).isPresent()) {
            return Optional.of(unreachable(settings.address() + " does not answer within "
                + settings.connectTimeout().toSeconds() + " s", "Check the network and any firewall", failure));
        }
        return Optional.empty();
    }

    private Optional<UplinkException> mqtt(Throwable failure) {
        return find(failure, MqttException.class).map(found -> switch (found.getReasonCode()) {
            case MqttException.REASON_CODE_FAILED_AUTHENTICATION, MqttException.REASON_CODE_NOT_AUTHORIZED ->
                refused(settings.address() + " refuses the login "
                    + (settings.user().isEmpty() ? "without a user" : "of user '" + settings.user() + "'")
                    + " (MQTT return code " + found.getReasonCode() + ")",
                    "Check 'user' and '.password', and the account at the cloud", failure);
            case MqttException.REASON_CODE_INVALID_CLIENT_ID ->
                refused(settings.address() + " refuses the client id '" + settings.clientId() + "'",
                    "Write one that the broker takes into 'clientId'", failure);
            case MqttException.REASON_CODE_INVALID_PROTOCOL_VERSION ->
                refused(settings.address() + " does not speak MQTT 3.1.1", "Use a broker or a port that does", failure);
            case MqttException.REASON_CODE_BROKER_UNAVAILABLE ->
                unreachable(settings.address() + " says that its service is unavailable (MQTT return code 3)",
                    "Ask who runs the cloud", failure);
            case MqttException.REASON_CODE_CLIENT_TIMEOUT, MqttException.REASON_CODE_WRITE_TIMEOUT ->
                unreachable(settings.address() + " did not answer the probe within "
                    + settings.keepAlive().toSeconds() + " s", "Check the network and the broker", failure);
            default -> lost(found, failure);
        });
    }

    private UplinkException lost(MqttException found, Throwable failure) {
        String cause = found.getCause() == null || found.getCause() instanceof EOFException ? ""
            : ": " + message(found.getCause());
        return unreachable("The connection to " + settings.address() + " was lost" + cause,
            "If it happens again and again, look into the broker's log: it may refuse the client id, a message or TLS",
            failure);
    }

    private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private static UplinkException refused(String reason, String remedy, Throwable cause) {
        return new UplinkException(Kind.REFUSED, reason, remedy, cause);
    }

    private static UplinkException unreachable(String reason, String remedy, Throwable cause) {
        return new UplinkException(Kind.UNREACHABLE, reason, remedy, cause);
    }
}
