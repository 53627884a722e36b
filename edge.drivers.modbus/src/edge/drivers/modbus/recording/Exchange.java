// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.recording;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * One request and its answer, each as unit id and PDU. In a recording it is a line of text: seconds since the beginning, request and
 * answer in hexadecimal. Lines that begin with {@code #} are remarks.
 */
record Exchange(long millis, byte[] request, byte[] answer) {
    static final String HEADER = "# edge modbus recording 1: seconds, request and answer, each unit id and PDU";

    private static final int MAX_BYTES = 254;

    String line() {
        return String.format(Locale.ROOT, "%d.%03d %s %s", millis / 1000, millis % 1000, HexFormat.of().formatHex(request),
            HexFormat.of().formatHex(answer));
    }

    /** @throws IOException if it cannot be read or is no recording; the message names the line */
    static List<Exchange> read(Path file) throws IOException {
        List<Exchange> all = new ArrayList<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.strip().split("\\s+");
            if (parts.length != 3 || !parts[0].matches("[0-9]{1,9}\\.[0-9]{3}") || !isFrame(parts[1]) || !isFrame(parts[2])) {
                throw new IOException(file + ", line " + number + ": is not seconds, request and answer in hexadecimal");
            }
            all.add(new Exchange(Long.parseLong(parts[0].replace(".", "")), HexFormat.of().parseHex(parts[1]),
                HexFormat.of().parseHex(parts[2])));
        }
        if (all.isEmpty()) {
            throw new IOException(file + " holds no exchange");
        }
        return all;
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is no recording: it is not text", e);
        }
    }

    private static boolean isFrame(String hex) {
        return hex.matches("([0-9a-fA-F]{2}){3," + MAX_BYTES + "}");
    }
}
