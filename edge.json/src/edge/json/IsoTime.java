// SPDX-License-Identifier: Apache-2.0
package edge.json;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;

/** Times as {@link Instant#toString()} writes them, several times as quickly: each record that leaves the gateway has one. */
final class IsoTime {

    private static final long LAST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    private static final int DAY = 86_400;
    private static final int SECONDS_LENGTH = 20;
    private static final int THOUSAND = 1000;

    private IsoTime() {
    }

    static String text(Instant time) {
        long seconds = time.getEpochSecond();
        if (seconds < 0 || seconds > LAST) {
            return time.toString();
        }
        LocalDate date = LocalDate.ofEpochDay(seconds / DAY);
        int ofDay = (int) (seconds % DAY);
        int nanos = time.getNano();
        int digits = digits(nanos);
        byte[] text = new byte[SECONDS_LENGTH + (digits == 0 ? 0 : digits + 1)];
        put(text, 0, 4, date.getYear());
        text[4] = '-';
        put(text, 5, 2, date.getMonthValue());
        text[7] = '-';
        put(text, 8, 2, date.getDayOfMonth());
        text[10] = 'T';
        put(text, 11, 2, ofDay / 3600);
        text[13] = ':';
        put(text, 14, 2, ofDay / 60 % 60);
        text[16] = ':';
        put(text, 17, 2, ofDay % 60);
        if (digits > 0) {
            text[19] = '.';
            int fraction = nanos;
            for (int i = digits; i < 9; i += 3) {
                fraction /= THOUSAND;
            }
            put(text, 20, digits, fraction);
        }
        text[text.length - 1] = 'Z';
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** How many digits a fraction has: none, or groups of three. */
    private static int digits(int nanos) {
        if (nanos == 0) {
            return 0;
        } else if (nanos % (THOUSAND * THOUSAND) == 0) {
            return 3;
        }
        return nanos % THOUSAND == 0 ? 6 : 9;
    }

    private static void put(byte[] text, int at, int digits, int number) {
        int left = number;
        for (int i = at + digits - 1; i >= at; i--) {
            text[i] = (byte) ('0' + left % 10);
            left /= 10;
        }
    }
}
