// SPDX-License-Identifier: Apache-2.0
package edge.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Strict reading of JSON (RFC 8259): duplicate members, trailing text, numbers of more than 100 characters and more than
 * 32 levels are refused. Never needs more memory than a small multiple of the text.
 */
public final class JsonParser {

    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER_LENGTH = 100;

    private static final JsonFactory FACTORY = JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxNumberLength(MAX_NUMBER_LENGTH)
            .build())
        .build();

    private JsonParser() {
    }

    /** Parses one JSON value. */
    public static Json parse(String text) throws JsonException {
        try (com.fasterxml.jackson.core.JsonParser in = FACTORY.createParser(text)) {
            if (in.nextToken() == null) {
                throw new JsonException(1, 1, "", "the text is empty; it must be a JSON object");
            }
            Json root = read(in, "");
            if (in.nextToken() != null) {
                throw place(in, "").problem("there is more text behind the end of the JSON value");
            }
            return root;
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new JsonException(at == null ? 1 : Math.max(1, at.getLineNr()),
                at == null ? 1 : Math.max(1, at.getColumnNr()), "", oneLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }

    private static Json read(com.fasterxml.jackson.core.JsonParser in, String path) throws IOException {
        Json.Place place = place(in, path);
        JsonToken token = in.currentToken();
        return switch (token) {
            case VALUE_NULL -> new Json.Null(place);
            case VALUE_TRUE -> new Json.Bool(place, true);
            case VALUE_FALSE -> new Json.Bool(place, false);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Num(place, new BigDecimal(in.getText()));
            case VALUE_STRING -> new Json.Text(place, in.getText());
            case START_ARRAY -> {
                List<Json> items = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    items.add(read(in, path + "[" + items.size() + "]"));
                }
                yield new Json.Array(place, Collections.unmodifiableList(items));
            }
            case START_OBJECT -> {
                Map<String, Json> members = new LinkedHashMap<>();
                while (in.nextToken() != JsonToken.END_OBJECT) {
                    String name = in.currentName();
                    in.nextToken();
                    members.put(name, read(in, path.isEmpty() ? name : path + "." + name));
                }
                yield new Json.Obj(place, Collections.unmodifiableMap(members));
            }
            default -> throw new IllegalStateException("unexpected token " + token);
        };
    }

    private static Json.Place place(com.fasterxml.jackson.core.JsonParser in, String path) {
        JsonLocation at = in.currentTokenLocation();
        return new Json.Place(at.getLineNr(), at.getColumnNr(), path);
    }

    private static String oneLine(String message) {
        int end = message.indexOf('\n');
        return (end < 0 ? message : message.substring(0, end)).trim();
    }
}
