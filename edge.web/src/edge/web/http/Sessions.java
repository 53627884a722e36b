// SPDX-License-Identifier: Apache-2.0
package edge.web.http;

import edge.api.access.Caller;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Who is signed in. Sessions live in memory only, under the hash of their token: neither a heap dump nor a log can be used
 * to sign in. A session ends when it was idle too long, is too old, its account changed, or its person signs out. Any
 * thread.
 */
public final class Sessions {

    /** Beyond this, the session that was idle longest ends: many sign-ins cannot fill the memory. */
    private static final int MOST = 200;
    private static final int TOKEN_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> byHash = new ConcurrentHashMap<>();
    private final Duration idle;
    private final Duration absolute;
    private final LongSupplier nanoTime;

    public Sessions(Duration idle, Duration absolute) {
        this(idle, absolute, System::nanoTime);
    }

    Sessions(Duration idle, Duration absolute, LongSupplier nanoTime) {
        this.idle = idle;
        this.absolute = absolute;
        this.nanoTime = nanoTime;
    }

    /** Begins a session and returns its token, which is known to nobody else. */
    public String begin(Caller caller) {
        sweep();
        while (byHash.size() >= MOST) {
            byHash.entrySet().stream()
                .min(Comparator.comparingLong(entry -> entry.getValue().activeNanos() - nanoTime.getAsLong()))
                .ifPresent(oldest -> end(oldest.getKey()));
        }
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        byHash.put(hash(token), new Session(caller, nanoTime.getAsLong()));
        return token;
    }

    /** The live session of a token. Being asked for counts as activity. */
    public Optional<Session> find(String token) {
        Session session = byHash.get(hash(token));
        if (session == null || !isAlive(session)) {
            return Optional.empty();
        }
        session.touch(nanoTime.getAsLong());
        return Optional.of(session);
    }

    /** Whether a session is still good; asking does not count as activity. */
    public boolean isAlive(Session session) {
        long now = nanoTime.getAsLong();
        return !session.hasEnded() && now - session.activeNanos() < idle.toNanos()
            && now - session.createdNanos() < absolute.toNanos();
    }

    /** How long a session may be idle. */
    public Duration idle() {
        return idle;
    }

    public void end(Session session) {
        session.end();
        byHash.values().remove(session);
    }

    /** Ends every session of a person, because the account was removed or changed. */
    public void endAll(String name) {
        byHash.values().stream().filter(session -> session.caller().name().equals(name)).toList().forEach(this::end);
    }

    /** Forgets what has ended. */
    public void sweep() {
        byHash.entrySet().removeIf(entry -> !isAlive(entry.getValue()));
    }

    private void end(String key) {
        Session session = byHash.remove(key);
        if (session != null) {
            session.end();
        }
    }

    private static String hash(String token) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                .digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
