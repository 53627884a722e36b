// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import edge.runtime.base.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts secrets under a key of this device: AES-256-GCM, {@code $secret:1:} and base64 of nonce, ciphertext and tag. The
 * key is made when it is first needed. A secret is bound to its PID and attribute: it cannot be moved to where it would be
 * sent to somebody else. One thread.
 */
final class Secrets {
    private static final String PREFIX = "$secret:";
    private static final String VERSION = PREFIX + "1:";
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY = 32;

    private final Path keyFile;
    private final SecureRandom random = new SecureRandom();

    Secrets(Path keyFile) {
        this.keyFile = keyFile;
    }

    /** A secret cannot be encrypted or decrypted. The message tells why and what to do, and nothing about the secret. */
    static final class SecretException extends Exception {
        private static final long serialVersionUID = 1L;

        SecretException(String message) {
            super(message);
        }
    }

    static boolean isEncrypted(String value) {
        return value.startsWith(PREFIX);
    }

    String encrypt(String basePid, String attribute, String secret) throws SecretException {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key(true), nonce, basePid, attribute);
            byte[] sealed = cipher.doFinal(secret.getBytes(StandardCharsets.UTF_8));
            byte[] both = Arrays.copyOf(nonce, NONCE + sealed.length);
            System.arraycopy(sealed, 0, both, NONCE, sealed.length);
            return VERSION + Base64.getEncoder().encodeToString(both);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot do AES-256-GCM", e);
        }
    }

    String decrypt(String basePid, String attribute, String value) throws SecretException {
        try {
            if (!value.startsWith(VERSION)) {
                throw new IllegalArgumentException("unknown version");
            }
            byte[] both = Base64.getDecoder().decode(value.substring(VERSION.length()));
            if (both.length < NONCE + TAG_BITS / 8) {
                // The JDK throws something of its own for a text that is shorter than its tag.
                throw new IllegalArgumentException("too short");
            }
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key(false), Arrays.copyOf(both, NONCE), basePid, attribute);
            return new String(cipher.doFinal(both, NONCE, both.length - NONCE), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new SecretException("was encrypted on another gateway, for another attribute, or is damaged: enter the"
                + " secret again in clear, it will be encrypted");
        }
    }

    private static Cipher cipher(int mode, byte[] key, byte[] nonce, String basePid, String attribute)
        throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD((basePid + "\n" + attribute).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private byte[] key(boolean make) throws SecretException {
        try {
            if (make && !Files.exists(keyFile)) {
                byte[] fresh = new byte[KEY];
                random.nextBytes(fresh);
                AtomicFiles.writePrivate(keyFile, (HexFormat.of().formatHex(fresh) + "\n").getBytes(StandardCharsets.US_ASCII));
            }
            byte[] key = HexFormat.of().parseHex(Files.readString(keyFile, StandardCharsets.US_ASCII).trim());
            if (key.length == KEY) {
                return key;
            }
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no key, so nothing was encrypted here", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new SecretException("cannot be handled: this device's key " + keyFile + " cannot be read or written ("
                + e.getClass().getSimpleName() + ")");
        }
        throw new SecretException("cannot be handled: this device's key " + keyFile + " is damaged; restore it");
    }
}
