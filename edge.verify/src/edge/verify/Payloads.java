// SPDX-License-Identifier: Apache-2.0
package edge.verify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import edge.verify.Arrival.Lost;
import edge.verify.Arrival.Stream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * Reads what a gateway sends as JSON: one record, or an array of them, plain or compressed by gzip. Only the members that
 * identify a record are looked at.
 */
public final class Payloads {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int GZIP_1 = 0x1f;
    private static final int GZIP_2 = 0x8b;

    private Payloads() {
    }

    /**
     * What a payload says has arrived.
     *
     * @throws IOException if it is none of a gateway's; the message says what is wrong
     */
    public static List<Arrival> read(byte[] payload) throws IOException {
        InputStream in = new ByteArrayInputStream(payload);
        if (payload.length > 2 && (payload[0] & 0xff) == GZIP_1 && (payload[1] & 0xff) == GZIP_2) {
            in = new GZIPInputStream(in);
        }
        try (JsonParser json = FACTORY.createParser(in)) {
            List<Arrival> arrivals = new ArrayList<>();
            if (json.nextToken() == JsonToken.START_ARRAY) {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    arrivals.add(record(json));
                }
            } else {
                arrivals.add(record(json));
            }
            if (json.nextToken() != null) {
                throw new IOException("there is more behind the end of the record");
            }
            return arrivals;
        } catch (JsonProcessingException e) {
            throw new IOException("it is no JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Arrival record(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new IOException("a record is an object");
        }
        Map<String, String> members = new HashMap<>();
        Map<String, String> lost = Map.of();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals("lost") && json.currentToken() == JsonToken.START_OBJECT) {
                lost = texts(json);
            } else if (json.currentToken().isScalarValue()) {
                members.put(name, json.getText());
            } else {
                json.skipChildren();
            }
        }
        Stream stream = new Stream(need(members, "gateway"), need(members, "stream"), need(members, "epoch"));
        return new Arrival(stream, number(members, "sequence"), need(members, "lane"),
            part(members, "part"), part(members, "parts"),
            lost.isEmpty() ? Optional.empty() : Optional.of(lost(lost)));
    }

    private static int part(Map<String, String> members, String name) throws IOException {
        return members.containsKey(name) ? (int) Math.max(0, Math.min(number(members, name), Integer.MAX_VALUE)) : 1;
    }

    private static Lost lost(Map<String, String> members) throws IOException {
        return new Lost(need(members, "epoch"), number(members, "from"), number(members, "to"), need(members, "reason"),
            members.getOrDefault("uplink", ""), Boolean.parseBoolean(members.get("revoked")));
    }

    private static Map<String, String> texts(JsonParser json) throws IOException {
        Map<String, String> members = new HashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            if (json.nextToken().isScalarValue()) {
                members.put(name, json.getText());
            } else {
                json.skipChildren();
            }
        }
        return members;
    }

    private static String need(Map<String, String> members, String name) throws IOException {
        String text = members.get(name);
        if (text == null) {
            throw new IOException("it has no '" + name + "', so it is no record of a gateway");
        }
        return text;
    }

    private static long number(Map<String, String> members, String name) throws IOException {
        String text = need(members, name);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException("'" + name + "' is no whole number: " + text, e);
        }
    }
}
