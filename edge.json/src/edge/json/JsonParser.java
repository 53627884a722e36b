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
 * Strict reading of JSON (RFC 8259): duplicate members, trailing text, numbers of more than 100 characters, more than 32 levels
 * and more than 500,000 values are refused. Needs about 100 bytes for each value and a small multiple of the text.
 */
public final class JsonParser {

    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER_LENGTH = 100;
    private static final int MAX_VALUES = 500_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxNumberLength(MAX_NUMBER_LENGTH)
            .build())
        .build();

    private final com.fasterxml.jackson.core.JsonParser in;
    private int values;

    private JsonParser(com.fasterxml.jackson.core.JsonParser in) {
        this.in = in;
    }

    /** Parses one JSON value. */
    public static Json parse(String text) throws JsonException {
        try (com.fasterxml.jackson.core.JsonParser in = FACTORY.createParser(text)) {
            if (in.nextToken() == null) {
                throw new JsonException(1, 1, "", "the text is empty; it must be a JSON object");
            }
            JsonLocation at = in.currentTokenLocation();
            Json root = new JsonParser(in).read(new Json.Place(at.getLineNr(), at.getColumnNr(), ""));
            if (in.nextToken() != null) {
                at = in.currentTokenLocation();
                throw new JsonException(at.getLineNr(), at.getColumnNr(), "", "there is more text behind the end of the JSON value");
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

    private Json read(Json.Place place) throws IOException, JsonException {
        if (++values > MAX_VALUES) {
            throw place.problem("there are more than " + MAX_VALUES + " values in this text");
        }
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
                    JsonLocation at = in.currentTokenLocation();
                    items.add(read(Json.Place.ofItem(place, items.size(), at.getLineNr(), at.getColumnNr())));
                }
                yield new Json.Array(place, Collections.unmodifiableList(items));
            }
            case START_OBJECT -> {
                Map<String, Json> members = new LinkedHashMap<>();
                while (in.nextToken() != JsonToken.END_OBJECT) {
                    String name = in.currentName();
                    in.nextToken();
                    JsonLocation at = in.currentTokenLocation();
                    members.put(name, read(Json.Place.ofMember(place, name, at.getLineNr(), at.getColumnNr())));
                }
                yield new Json.Obj(place, Collections.unmodifiableMap(members));
            }
            default -> throw new IllegalStateException("unexpected token " + token);
        };
    }

    private static String oneLine(String message) {
        int end = message.indexOf('\n');
        return (end < 0 ? message : message.substring(0, end)).trim();
    }
}
