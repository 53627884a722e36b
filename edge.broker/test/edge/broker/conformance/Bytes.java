// SPDX-License-Identifier: Apache-2.0
package edge.broker.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Packets as text, byte by byte: hexadecimal digits; {@code 'text'} for its characters; {@code s'text'} for a string of MQTT, with
 * its length before it; {@code [ … ]} for what follows a remaining length, with that length before it; {@code 'x'*1000} for a
 * thousand times the same.
 */
final class Bytes {

    private final String text;
    private int at;

    private Bytes(String text) {
        this.text = text;
    }

    static byte[] of(String text) {
        Bytes bytes = new Bytes(text);
        byte[] all = bytes.sequence();
        if (bytes.at < text.length()) {
            throw new IllegalArgumentException("unexpected " + text.charAt(bytes.at) + " in " + text);
        }
        return all;
    }

    private byte[] sequence() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (at < text.length() && text.charAt(at) != ']') {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '[') {
                at++;
                byte[] inner = sequence();
                at++;
                remainingLength(out, inner.length);
                out.writeBytes(inner);
            } else if (c == '\'' || c == 's') {
                at += c == 's' ? 1 : 0;
                byte[] quoted = quoted();
                if (c == 's') {
                    out.write(quoted.length >> 8);
                    out.write(quoted.length);
                }
                out.writeBytes(quoted);
            } else {
                out.write(Integer.parseInt(text.substring(at, at + 2), 16));
                at += 2;
            }
        }
        return out.toByteArray();
    }

    private byte[] quoted() {
        int end = text.indexOf('\'', at + 1);
        String quoted = text.substring(at + 1, end);
        at = end + 1;
        int times = 1;
        if (at < text.length() && text.charAt(at) == '*') {
            int first = ++at;
            while (at < text.length() && Character.isDigit(text.charAt(at))) {
                at++;
            }
            times = Integer.parseInt(text.substring(first, at));
        }
        return quoted.repeat(times).getBytes(StandardCharsets.UTF_8);
    }

    private static void remainingLength(ByteArrayOutputStream out, int length) {
        int left = length;
        do {
            out.write(left % 128 | (left >= 128 ? 0x80 : 0));
            left /= 128;
        } while (left > 0);
    }
}
