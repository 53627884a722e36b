// SPDX-License-Identifier: Apache-2.0
package edge.runtime.access;

import edge.runtime.base.AtomicFiles;
import edge.runtime.base.DataDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one-time code that proves that whoever sets the gateway up can read its disk or its log. 60 random bits. */
final class SetUpCode {
    private static final Logger LOG = LoggerFactory.getLogger(SetUpCode.class);
    /** Without the letters and digits that are mistaken for one another. */
    private static final String ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static final int GROUPS = 3;
    private static final int GROUP = 4;

    private final Path file;
    private final String code = random();

    SetUpCode(Path file) {
        this.file = file;
    }

    /** Tells the code: in the file, for the owner of the process only, and in the log. */
    void announce() {
        try {
            AtomicFiles.writePrivate(file, (code + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.error("The set-up code cannot be written to {}: {}. Make the data directory writable.", file,
                DataDirectory.reason(e));
        }
        LOG.info("This gateway has no administrator yet. Open its console to create one; from another machine that needs"
            + " the one-time code {}, which is also in {}", code, file);
    }

    boolean matches(String tried) {
        String plain = tried.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
        return MessageDigest.isEqual(plain.getBytes(StandardCharsets.UTF_8),
            code.replace("-", "").getBytes(StandardCharsets.UTF_8));
    }

    void forget() {
        try {
            AtomicFiles.delete(file);
        } catch (IOException e) {
            LOG.warn("The used set-up code cannot be deleted from {}: {}. It is of no use any more.", file,
                DataDirectory.reason(e));
        }
    }

    private static String random() {
        SecureRandom random = new SecureRandom();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS * GROUP; i++) {
            if (i > 0 && i % GROUP == 0) {
                text.append('-');
            }
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
