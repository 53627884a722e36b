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

/** Decides who a client is. Everybody needs a machine account, unless anonymous clients were allowed on loopback. */
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

    private final Supplier<Optional<Accounts>> accounts;
    private final boolean anonymous;

    /** @param anonymous whether a client without a user name may come in */
    public Login(Supplier<Optional<Accounts>> accounts, boolean anonymous) {
        this.accounts = accounts;
        this.anonymous = anonymous;
    }

    Result check(MqttConnectMessage connect, String origin) {
        String user = connect.payload().userName();
        if (!connect.variableHeader().hasUserName() || user == null) {
            // A password without a user is somebody who wants to be checked (MQTT 5 allows it), not somebody anonymous.
            return anonymous && !connect.variableHeader().hasPassword()
                ? new Result.Accepted(new Caller(Caller.Kind.MACHINE, "anonymous", Role.VIEWER, origin))
                : new Result.Refused(Reason.BAD_CREDENTIALS);
        }
        Optional<Accounts> known = accounts.get();
        if (known.isEmpty()) {
            return new Result.Refused(Reason.UNAVAILABLE);
        }
        byte[] password = connect.payload().passwordInBytes();
        if (user.isEmpty() || password == null || password.length == 0) {
            return new Result.Refused(Reason.BAD_CREDENTIALS);
        }
        CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(password));
        char[] secret = Arrays.copyOfRange(decoded.array(), 0, decoded.limit());
        try {
            return known.get().machine(user, secret, origin).<Result>map(Result.Accepted::new)
                .orElseGet(() -> new Result.Refused(Reason.BAD_CREDENTIALS));
        } finally {
            Arrays.fill(secret, '\0');
            Arrays.fill(decoded.array(), '\0');
            Arrays.fill(password, (byte) 0);
        }
    }
}
