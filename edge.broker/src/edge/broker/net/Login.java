// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.api.access.Accounts;
import edge.api.access.Caller;
import edge.api.access.Role;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decides who a client is: by its certificate, if it has shown one; else by a machine account's name and secret. A client
 * without either comes in only where anonymous clients were allowed, which is on loopback.
 */
public final class Login {

    /** Answer to a CONNECT: who it is, or why not. */
    sealed interface Result {
        record Accepted(Caller caller) implements Result {
        }

        record Refused(Reason reason) implements Result {
        }
    }

    enum Reason {
        BAD_CREDENTIALS,
        /** Nobody can be checked now. */
        UNAVAILABLE
    }

    private static final Result BAD = new Result.Refused(Reason.BAD_CREDENTIALS);

    private final Supplier<Optional<Accounts>> accounts;

    public Login(Supplier<Optional<Accounts>> accounts) {
        this.accounts = accounts;
    }

    /**
     * @param anonymous whether a client without a user name may come in
     * @param certified the name in the certificate that the client has shown
     */
    Result check(MqttConnectMessage connect, String origin, boolean anonymous, Optional<String> certified) {
        String user = connect.payload().userName();
        boolean named = connect.variableHeader().hasUserName() && user != null;
        if (certified.isPresent() && !connect.variableHeader().hasPassword()) {
            // A user name beside the certificate must be that of the certificate.
            return named && !user.equals(certified.get()) ? BAD : new Result.Accepted(certified(certified.get(), origin));
        }
        if (!named) {
            // A password without a user is somebody who wants to be checked (MQTT 5 allows it), not somebody anonymous.
            return anonymous && !connect.variableHeader().hasPassword()
                ? new Result.Accepted(new Caller(Caller.Kind.MACHINE, "anonymous", Role.VIEWER, origin)) : BAD;
        }
        Optional<Accounts> known = accounts.get();
        if (known.isEmpty()) {
            return new Result.Refused(Reason.UNAVAILABLE);
        }
        byte[] password = connect.payload().passwordInBytes();
        if (user.isEmpty() || password == null || password.length == 0) {
            return BAD;
        }
        CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(password));
        char[] secret = Arrays.copyOfRange(decoded.array(), 0, decoded.limit());
        try {
            return known.get().machine(user, secret, origin).<Result>map(Result.Accepted::new).orElse(BAD);
        } finally {
            Arrays.fill(secret, '\0');
            Arrays.fill(decoded.array(), '\0');
            Arrays.fill(password, (byte) 0);
        }
    }

    /** A certificate says who it is; the machine account of that name says what it may do. Without one it may only look. */
    private Caller certified(String name, String origin) {
        Role role = accounts.get().flatMap(known -> known.list().stream()
                .filter(account -> account.kind() == Caller.Kind.MACHINE && account.name().equals(name)).findFirst())
            .map(Accounts.Account::role).orElse(Role.VIEWER);
        return new Caller(Caller.Kind.MACHINE, name, role, origin);
    }
}
