// SPDX-License-Identifier: Apache-2.0
package edge.runtime.access;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * How passwords and machine secrets are kept.
 *
 * <p>A password becomes {@code pbkdf2-sha256:ITERATIONS:SALT:HASH} (PBKDF2, RFC 8018, with HMAC-SHA-256 over the password's
 * UTF-8 bytes; salt and hash in base64). A machine secret has 256 random bits, so guessing it is hopeless whatever a guess
 * costs: its plain SHA-256 is enough and lets a thousand clients reconnect at once.
 */
final class Passwords {
    static final int ITERATIONS = 210_000;
    static final int MIN_LENGTH = 12;
    static final int MAX_LENGTH = 1_024;
    private static final int MIN_ITERATIONS = 10_000;
    private static final int MAX_ITERATIONS = 5_000_000;
    private static final int MIN_DISTINCT = 5;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final String SCHEME = "pbkdf2-sha256";
    private static final Pattern VERIFIER =
        Pattern.compile(SCHEME + ":([0-9]{1,8}):([A-Za-z0-9+/=]{8,128}):([A-Za-z0-9+/=]{44})");
    private static final SecureRandom RANDOM = new SecureRandom();

    private Passwords() {
    }

    /** @throws IllegalArgumentException if the password will not do, saying why */
    static void requireGood(String name, char[] password) {
        if (password.length < MIN_LENGTH) {
            throw new IllegalArgumentException("the password is too short: it needs at least " + MIN_LENGTH + " characters");
        }
        if (password.length > MAX_LENGTH) {
            throw new IllegalArgumentException("the password is too long: at most " + MAX_LENGTH + " characters");
        }
        if (CharBuffer.wrap(password).chars().distinct().count() < MIN_DISTINCT) {
            throw new IllegalArgumentException("the password repeats too few characters: use at least " + MIN_DISTINCT
                + " different ones");
        }
        if (repeats(name, password)) {
            throw new IllegalArgumentException("the password must not be made of the account's name");
        }
    }

    /** Whether the password is the name, once or several times over. */
    private static boolean repeats(String name, char[] password) {
        if (name.isEmpty()) {
            return false;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        for (int i = 0; i < password.length; i++) {
            if (Character.toLowerCase(password[i]) != lower.charAt(i % lower.length())) {
                return false;
            }
        }
        return true;
    }

    static String hash(char[] password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return hash(password, salt, ITERATIONS);
    }

    /** A verifier of no password at all, which costs as much to try as any. */
    static String nobody() {
        byte[] random = new byte[SALT_BYTES + HASH_BYTES];
        RANDOM.nextBytes(random);
        Base64.Encoder base64 = Base64.getEncoder();
        return SCHEME + ":" + ITERATIONS + ":" + base64.encodeToString(Arrays.copyOf(random, SALT_BYTES)) + ":"
            + base64.encodeToString(Arrays.copyOfRange(random, SALT_BYTES, random.length));
    }

    static boolean isOfTodaysCost(String verifier) {
        return verifier.startsWith(SCHEME + ":" + ITERATIONS + ":");
    }

    private static String hash(char[] password, byte[] salt, int iterations) {
        Base64.Encoder base64 = Base64.getEncoder();
        return SCHEME + ":" + iterations + ":" + base64.encodeToString(salt) + ":"
            + base64.encodeToString(derive(password, salt, iterations));
    }

    /** Whether a text is a verifier that {@link #matches} understands, at a cost that is neither a joke nor an attack. */
    static boolean isVerifier(String text) {
        Matcher matcher = VERIFIER.matcher(text);
        if (!matcher.matches()) {
            return false;
        }
        int iterations = Integer.parseInt(matcher.group(1));
        try {
            return iterations >= MIN_ITERATIONS && iterations <= MAX_ITERATIONS
                && Base64.getDecoder().decode(matcher.group(2)).length >= 8
                && Base64.getDecoder().decode(matcher.group(3)).length == HASH_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static boolean matches(char[] password, String verifier) {
        Matcher matcher = VERIFIER.matcher(verifier);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a " + SCHEME + " verifier");
        }
        byte[] expected = Base64.getDecoder().decode(matcher.group(3));
        byte[] actual = derive(password, Base64.getDecoder().decode(matcher.group(2)), Integer.parseInt(matcher.group(1)));
        return MessageDigest.isEqual(expected, actual);
    }

    private static byte[] derive(char[] password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password, salt, iterations, HASH_BYTES * 8);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }

    /** A fresh machine secret: 256 random bits, 43 characters that need no quoting anywhere. */
    static String newSecret() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** SHA-256 of the secret's UTF-8 bytes, in hexadecimal. */
    static String secretHash(char[] secret) {
        return HexFormat.of().formatHex(sha256(secret));
    }

    static boolean secretMatches(char[] secret, String expectedHash) {
        return MessageDigest.isEqual(sha256(secret), HexFormat.of().parseHex(expectedHash));
    }

    private static byte[] sha256(char[] secret) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(secret));
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes.duplicate());
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        } finally {
            Arrays.fill(bytes.array(), (byte) 0);
        }
    }
}
